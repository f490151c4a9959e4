public import Commitments
public import Primitives

/// A runtime that this machine holds, and the component that it is: what a manifest pins.
public struct HeldRuntime: Sendable {
    /// SHA-256 over the component that the twin is of.
    public let component: SHA256Digest
    public let componentByteCount: Int
    public let twin: RuntimeTwin

    /// Whoever calls has held the twin and its module against the component.
    package init(component: SHA256Digest, componentByteCount: Int, twin: RuntimeTwin) {
        self.component = component
        self.componentByteCount = componentByteCount
        self.twin = twin
    }
}

/// What of a runtime is composed.
enum RuntimeForm: Sendable {
    /// Its twin, for which the machine has the module's machine code.
    case twin(RuntimeTwin)
    /// The component itself, which is compiled as any other, and finds its files.
    case whole(RuntimeNotice)

    var notice: RuntimeNotice {
        switch self {
        case .twin(let twin): twin.notice
        case .whole(let notice): notice
        }
    }
}

/// Admits a runtime that the machine holds in the place of its component, which nobody has to bring.
///
/// Everything else is as for a component that was brought.
///
/// - Parameter whole: the component's own bytes, where its machine code is of no use here.
/// - Throws: ``AdmissionError``
public func admit(
    _ runtime: HeldRuntime, whole: [UInt8]? = nil, as component: Component, under manifest: Manifest
) throws(AdmissionError) -> AdmittedComponent {
    let name = component.name
    guard manifest.components.contains(component) else { throw .notInManifest(name) }
    guard runtime.componentByteCount <= component.maximumBytes else {
        throw .tooLarge(name, found: runtime.componentByteCount, maximum: component.maximumBytes)
    }
    let digest = whole.map { SHA256Digest(sha256: $0) } ?? runtime.component
    guard digest == component.digest else { throw .digestDiffers(name, expected: component.digest, found: digest) }
    let notice = runtime.twin.notice
    guard notice.features.allSatisfy(component.features.contains) else {
        throw .unreadable(name, .refused(.exceptions, offset: 0))
    }
    let mounted = manifest.mounts.filter { $0.component == name }.map(\.path)
    if let path = mounted.first(where: { $0.segments[0] == RuntimeNotice.folder }) {
        throw .mountAmongLibraries(name, path)
    }
    guard let whole else {
        let twin = runtime.twin
        return try admit(twin.binary, of: twin.bytes, as: component, under: manifest, runtime: .twin(twin))
    }
    let read: ComponentBinary
    do {
        read = try ComponentBinary(decoding: whole, allowsExceptions: component.mayThrow)
    } catch {
        throw .unreadable(name, error)
    }
    return try admit(read, of: whole, as: component, under: manifest, runtime: .whole(notice))
}
