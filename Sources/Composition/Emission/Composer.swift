public import Commitments
internal import Primitives
internal import WorkerJob

/// Makes one binary of all components of a manifest.
///
/// Every import is given, in this order: what a link names, the component's own attenuating shim,
/// its deterministic shim, the host. The host gives only what ``HostInterface/isShared(_:with:)``
/// lists. Exporters stand before importers, and each component is instantiated once.
///
/// - Throws: ``CompositionError``
public func compose(
    _ manifest: Manifest, of components: [AdmittedComponent]
) throws(CompositionError) -> ComposedBinary {
    try compose(manifest, of: components, in: try House.shipped())
}

/// The same with a house that need not be the shipped one.
package func compose(
    _ manifest: Manifest, of components: [AdmittedComponent], in house: House
) throws(CompositionError) -> ComposedBinary {
    var composer = try Composer(manifest, of: components, in: house)
    for component in try composer.exportersFirst() { try composer.add(component) }
    return try composer.finish()
}

private struct Composer {
    let manifest: Manifest
    let house: House
    let components: [Name: AdmittedComponent]
    var writer: CompositionWriter
    var budget = StoreBudget()
    var instances: [Name: Int] = [:]
    var refusedExit: Int?
    /// The one runtime that there may be, and its module, once it is imported.
    var runtime: (notice: RuntimeNotice, module: Int?)?
    /// Exported instances by the export's full name, each aliased once.
    var aliases: [Name: [String: Int]] = [:]

    init(_ manifest: Manifest, of components: [AdmittedComponent], in house: House) throws(CompositionError) {
        var byName: [Name: AdmittedComponent] = [:]
        for component in components {
            let name = component.component.name
            guard component.manifestDigest == manifest.digest, byName[name] == nil else { throw .unexpected(name) }
            byName[name] = component
        }
        for component in manifest.components where byName[component.name] == nil { throw .missing(component.name) }
        self.manifest = manifest
        self.house = house
        self.components = byName
        writer = CompositionWriter(house.hostWorld)
        writer.reserve(components.reduce(0) { $0 + $1.capped.byteCount } + components.count * 65_536)
    }

    /// The manifest's components, each after those that it imports from.
    func exportersFirst() throws(CompositionError) -> [AdmittedComponent] {
        var exporters: [Name: [Name]] = [:]
        for link in manifest.links { exporters[link.importer, default: []].append(link.exporter) }
        var order: [AdmittedComponent] = []
        var placed: Set<Name> = []
        var waiting = manifest.components.map(\.name)
        while !waiting.isEmpty {
            let ready = waiting.filter { (exporters[$0] ?? []).allSatisfy(placed.contains) }
            guard !ready.isEmpty else { throw .cycle(waiting[0]) }
            placed.formUnion(ready)
            order += ready.compactMap { components[$0] }
            waiting.removeAll(where: placed.contains)
        }
        return order
    }

    mutating func add(_ admitted: AdmittedComponent) throws(CompositionError) {
        let name = admitted.component.name
        var shims = Shims()
        var types = TypeCopies(of: admitted)
        var arguments: [(name: String, item: CompositionWriter.Item)] = []
        for entry in admitted.binary.imports {
            if let instance = try linked(entry, of: name) {
                types.note(instance, for: entry)
                arguments.append((entry.name.description, .instance(instance)))
            } else if entry.needsNobody {
                let item = try types.item(for: entry, in: &writer)
                if case .instance(let instance) = item { types.note(instance, for: entry) }
                arguments.append((entry.name.description, item))
            } else {
                let instance = try source(of: entry.name, for: admitted, &shims)
                types.note(instance, for: entry)
                arguments.append((entry.name.description, .instance(instance)))
            }
        }
        if let form = admitted.runtime, let module = try module(of: form, for: name) {
            arguments.append((RuntimeTwin.importName, .module(module)))
        }
        let index = writer.embed(admitted.capped, as: .component(name))
        instances[name] = writer.instantiate(index, with: arguments, as: .instantiation(name))
        budget.add(
            admitted.binary, admitted.plan, byteCount: admitted.component.memoryMiB << 20, of: admitted.component)
    }

    /// The index of a runtime's module, which is imported once; `nil` where the component contains it.
    private mutating func module(of form: RuntimeForm, for name: Name) throws(CompositionError) -> Int? {
        guard (runtime?.notice ?? form.notice) == form.notice else { throw .runtimesDiffer(name) }
        if case .twin(let twin) = form, runtime?.module == nil {
            let index = writer.importModule(
                twin.moduleType, as: ComposedRuntime.importName, for: .instantiation(name))
            runtime = (twin.notice, index)
        } else if runtime == nil {
            runtime = (form.notice, nil)
        }
        guard case .twin = form else { return nil }
        return runtime?.module
    }

    /// The index of the instance that a link gives an import, or `nil` without a link.
    private mutating func linked(
        _ entry: ComponentBinary.Import, of importer: Name
    ) throws(CompositionError) -> Int? {
        guard entry.kind == .instance else { return nil }
        for (channel, content) in manifest.channels.enumerated() {
            guard case .link(let link) = content else { continue }
            guard link.importer == importer, link.importName == entry.name.base else { continue }
            let version = LinkedVersion(of: entry, importedBy: importer, from: link.exporter)
            return try exported(link.export, by: link.exporter, as: .link(channel: channel), version)
        }
        return nil
    }

    /// The index of the instance that an import is given which no link names.
    private mutating func source(
        of wanted: ExternName, for admitted: AdmittedComponent, _ shims: inout Shims
    ) throws(CompositionError) -> Int {
        let component = admitted.component
        if let export = house.attenuator.export(serving: wanted) {
            let shim: Int
            if let made = shims.attenuator {
                shim = made
            } else {
                shim = try instantiate(
                    house.attenuator, for: component.name,
                    with: ShimSettings.attenuator(of: component, under: manifest),
                    byteCount: ShimSettings.attenuatorByteCount(for: component, under: manifest))
                shims.attenuator = shim
            }
            return shims.alias(export, of: shim, for: component.name, in: &writer)
        }
        if HostInterface.isShared(wanted.base, with: component) {
            guard let index = house.hostWorld.imports.firstIndex(where: { $0.serves(wanted) }) else {
                throw .unserved(component.name, wanted)
            }
            return index
        }
        guard let export = house.determinist.export(serving: wanted) else { throw .unserved(component.name, wanted) }
        let shim: Int
        if let made = shims.determinist {
            shim = made
        } else {
            shim = try instantiate(
                house.determinist, for: component.name,
                with: ShimSettings.seed(of: component.name, under: manifest), byteCount: ShimSettings.spareByteCount)
            shims.determinist = shim
        }
        return shims.alias(export, of: shim, for: component.name, in: &writer)
    }

    private mutating func instantiate(
        _ shim: Shim, for name: Name, with content: [UInt8], byteCount: Int
    ) throws(CompositionError) -> Int {
        var arguments: [(name: String, item: CompositionWriter.Item)] = []
        for entry in shim.binary.imports {
            guard let index = house.hostWorld.imports.firstIndex(where: { $0.serves(entry.name) }) else {
                throw .unserved(name, entry.name)
            }
            // A component that could end the run would end the others' work, and seem to succeed in their place.
            let isRefused = entry.name.base == HostInterface.exit && name != manifest.run.component
            arguments.append((entry.name.description, .instance(isRefused ? try refusedExitInstance() : index)))
        }
        let (filled, plan) = try shim.filled(with: content, memoryByteCount: byteCount)
        let index = writer.embed(filled, as: .shim(name))
        budget.add(shim.binary, plan, byteCount: byteCount, of: nil)
        return writer.instantiate(index, with: arguments, as: .shim(name))
    }

    /// The one instance that serves all of them.
    private mutating func refusedExitInstance() throws(CompositionError) -> Int {
        if let refusedExit { return refusedExit }
        let (binary, plan) = try house.refusedExit.filled(with: [], memoryByteCount: 0)
        let index = writer.instantiate(writer.embed(binary, as: .refusedExit), with: [], as: .refusedExit)
        budget.add(house.refusedExit.binary, plan, byteCount: 0, of: nil)
        refusedExit = index
        return index
    }

    private mutating func exported(
        _ export: InterfaceName, by exporter: Name, as subject: Attribution.Subject, _ version: LinkedVersion? = nil
    ) throws(CompositionError) -> Int {
        let found = (components[exporter]?.binary.exports ?? []).filter {
            $0.kind == .instance && $0.name.base == export.description
        }.map(\.name)
        guard let instance = instances[exporter],
            let chosen = try version?.choose(among: found) ?? found.first
        else { throw .exportMissing(exporter, export) }
        let name = chosen.description
        if let index = aliases[exporter]?[name] { return index }
        let index = writer.alias(name, of: instance, as: subject)
        aliases[exporter, default: [:]][name] = index
        return index
    }

    /// The core modules of all that is embedded but the components that may throw.
    private func plainModules() -> [Range<Int>] {
        let throwing = Set(manifest.components.filter(\.mayThrow).map(\.name))
        return writer.offsets.flatMap { embedded -> [Range<Int>] in
            if case .component(let name) = embedded.subject, throwing.contains(name) { return [] }
            return CoreModuleRanges(in: writer.bytes, of: embedded.range).ranges
        }
    }

    mutating func finish() throws(CompositionError) -> ComposedBinary {
        let run = try exported(manifest.run.export, by: manifest.run.component, as: .entry)
        writer.export(run, as: Job.entryName)
        let maximum = ReaderLimits.maximumInstanceIndexCount
        guard writer.instanceCount <= maximum else {
            throw .tooManyInstances(found: writer.instanceCount, maximum: maximum)
        }
        let most = ReaderLimits.maximumModuleAndComponentCount
        guard budget.moduleAndComponentCount <= most else {
            throw .tooManyModules(found: budget.moduleAndComponentCount, maximum: most)
        }
        return ComposedBinary(
            manifest: manifest, bytes: writer.bytes, digest: SHA256Digest(sha256: writer.bytes),
            hostImports: house.hostWorld.names,
            entry: Job.entryName, storeLimits: budget.limits, memoryByteCount: budget.memoryByteCount,
            plainModules: budget.hasExceptions ? plainModules() : nil,
            runtime: runtime.map { runtime in
                let names = manifest.components.map(\.name).filter { components[$0]?.runtime != nil }
                return ComposedRuntime(
                    notice: runtime.notice, components: names, importsModule: runtime.module != nil)
            },
            attribution: writer.attribution, offsets: writer.offsets, memoryOwners: budget.memoryOwners)
    }
}

/// The shims of one component, made when an import first asks for them: their instances' indices.
private struct Shims {
    var attenuator: Int?
    var determinist: Int?
    private var aliases: [String: Int] = [:]

    /// An export of a shim, aliased once. The two have no export in common.
    mutating func alias(
        _ export: String, of shim: Int, for name: Name, in writer: inout CompositionWriter
    ) -> Int {
        if let index = aliases[export] { return index }
        let index = writer.alias(export, of: shim, as: .shim(name))
        aliases[export] = index
        return index
    }
}
