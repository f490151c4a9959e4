public import Commitments
internal import Primitives

/// A component whose bytes are the agreed ones and ask for no more than the manifest grants.
///
/// Only ``admit(_:as:under:)`` makes one. That the engine finds it valid is not yet known.
public struct AdmittedComponent: Sendable {
    /// Its entry in the manifest.
    public let component: Component
    public let binary: ComponentBinary
    let manifestDigest: SHA256Digest
    /// Where this machine holds it as a runtime.
    let runtime: RuntimeForm?
    let plan: MemoryPlan
    /// The bytes with every memory's and table's maximum as planned.
    let capped: CappedBinary
}

/// Compares a component's bytes with its entry in the manifest.
///
/// The digest comes first: nothing of other bytes is read. Imports must be exactly those that the
/// entry lists, by interface and whatever the version, and the component's links, types alone apart, which nobody has
/// to provide; exports that links and the run name must be there; no type of a link may reach a resource of the host.
/// Whether the two ends of a link have the same type is the engine's question.
///
/// - Throws: ``AdmissionError``, whose hint says which line of the manifest would grant what is missing.
public func admit(
    _ binary: [UInt8], as component: Component, under manifest: Manifest
) throws(AdmissionError) -> AdmittedComponent {
    let name = component.name
    guard manifest.components.contains(component) else { throw .notInManifest(name) }
    guard binary.count <= component.maximumBytes else {
        throw .tooLarge(name, found: binary.count, maximum: component.maximumBytes)
    }
    let digest = SHA256Digest(sha256: binary)
    guard digest == component.digest else { throw .digestDiffers(name, expected: component.digest, found: digest) }

    let read: ComponentBinary
    do {
        read = try ComponentBinary(decoding: binary, allowsExceptions: component.mayThrow)
    } catch {
        throw .unreadable(name, error)
    }
    return try admit(read, of: binary, as: component, under: manifest, runtime: nil)
}

/// Compares what was read of the agreed bytes with the rest of the entry.
func admit(
    _ read: ComponentBinary, of binary: [UInt8], as component: Component, under manifest: Manifest,
    runtime: RuntimeForm?
) throws(AdmissionError) -> AdmittedComponent {
    let name = component.name
    let links = manifest.links
    try requireImports(of: read, as: component, links: links.filter { $0.importer == name })
    for link in links where link.exporter == name {
        try requireExport(link.export, of: read, as: name, for: link)
    }
    if manifest.run.component == name {
        try requireExport(manifest.run.export, of: read, as: name, for: nil)
    }

    guard let plan = MemoryPlan(read, byteCount: component.memoryMiB << 20) else {
        let least = MemoryPlan.leastByteCount(of: read)
        throw .memoryTooSmall(name, neededBytes: least, grantedMiB: component.memoryMiB)
    }
    return AdmittedComponent(
        component: component, binary: read, manifestDigest: manifest.digest, runtime: runtime, plan: plan,
        capped: CappedBinary(binary, parts: read.parts, edits: plan.edits))
}

private func requireImports(
    of binary: ComponentBinary, as component: Component, links: [Link]
) throws(AdmissionError) {
    let name = component.name
    let listed = Set(component.imports.map(\.description))
    let linked = Set(links.map(\.importName))
    for entry in binary.imports {
        guard entry.kind == .instance || entry.needsNobody else {
            throw .importNotInstance(name, entry.name, entry.kind)
        }
        guard !HostInterface.isHTTP(entry) else { throw .http(name, entry.name) }
        if linked.contains(entry.name.base) && entry.reachesHostResource {
            throw .linkReachesHost(name, entry.name.base)
        }
    }
    // What needs nobody may be linked all the same, to a component that exports the types.
    let instances = binary.imports.filter { $0.kind == .instance }
    let imported = Set(instances.map(\.name.base))
    let needed = Set(instances.filter { !$0.needsNobody }.map(\.name.base))
    let missing = needed.subtracting(listed).subtracting(linked)
    guard missing.isEmpty else {
        throw .importsUnlisted(name, ManifestLines(granting: missing.sorted(), to: component, in: binary))
    }
    for link in links {
        let count = instances.count { $0.name.base == link.importName }
        guard count > 0 else { throw .linkNotImported(name, link.importName) }
        guard count == 1 else { throw .ambiguous(name, link.importName) }
    }
    let unused = listed.subtracting(imported.subtracting(linked))
    guard unused.isEmpty else { throw .importsUnused(name, unused.sorted()) }
}

private func requireExport(
    _ export: InterfaceName, of binary: ComponentBinary, as name: Name, for link: Link?
) throws(AdmissionError) {
    let found = binary.exports.filter { $0.kind == .instance && $0.name.base == export.description }
    guard !found.isEmpty else {
        let others = binary.exports.filter { $0.kind == .instance }.map(\.name.base)
        throw .exportMissing(name, export, link: link?.importName, found: others)
    }
    // Which version a link means is the importer's to say, and composing finds it.
    guard found.count == 1 || link != nil else { throw .ambiguous(name, export.description) }
    guard link == nil || !found.contains(where: \.reachesHostResource) else {
        throw .linkReachesHost(name, export.description)
    }
}
