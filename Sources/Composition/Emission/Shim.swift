internal import Commitments
internal import Primitives

/// A small component of our own that stands between one participant's component and the host.
///
/// Its data may hold a placeholder, exactly once, which composing overwrites.
struct Shim: Sendable {
    private let bytes: [UInt8]
    private let placeholder: Range<Int>
    let binary: ComponentBinary

    /// - Throws: ``CompositionError/resource(_:)`` where the bytes are no component or do not hold
    ///   the placeholder exactly once.
    init(_ bytes: [UInt8], file: String, placeholder: [UInt8] = []) throws(CompositionError) {
        do {
            binary = try ComponentBinary(decoding: bytes)
        } catch {
            throw .resource(file)
        }
        let places = placeholder.isEmpty ? [0] : bytes.places(of: placeholder)
        guard places.count == 1 else { throw .resource(file) }
        self.bytes = bytes
        self.placeholder = places[0]..<places[0] + placeholder.count
    }

    /// The shim for one component.
    ///
    /// - Parameters:
    ///   - content: What stands in the placeholder, padded with NUL.
    ///   - memoryByteCount: The cap of its own memory, apart from its component's.
    /// - Throws: ``CompositionError/resource(_:)`` where it cannot start with that much.
    func filled(with content: [UInt8], memoryByteCount: Int) throws(CompositionError) -> (CappedBinary, MemoryPlan) {
        precondition(content.count <= placeholder.count, "names and arguments are bounded, so they fit")
        guard let plan = MemoryPlan(binary, byteCount: memoryByteCount) else { throw .resource("a shim's memory") }
        var filled = bytes
        let padding = [UInt8](repeating: 0, count: placeholder.count - content.count)
        filled.replaceSubrange(placeholder, with: content + padding)
        return (CappedBinary(filled, parts: binary.parts, edits: plan.edits), plan)
    }

    /// The full name of the export that can stand where `wanted` is imported.
    func export(serving wanted: ExternName) -> String? {
        binary.exports.first { $0.kind == .instance && $0.name.serves(wanted) }?.name.description
    }
}

/// The parts of our own that every composition is made with.
package struct House: Sendable {
    package let hostWorld: HostWorld
    let attenuator: Shim
    let determinist: Shim
    /// The exit that every component gets but the one that runs: it traps.
    let refusedExit: Shim

    /// Reads the four parts.
    ///
    /// - Throws: ``CompositionError/resource(_:)``
    package init(
        hostWorld: [UInt8], attenuator: [UInt8], determinist: [UInt8], refusedExit: [UInt8]
    ) throws(CompositionError) {
        self.hostWorld = try HostWorld(sections: hostWorld)
        self.attenuator = try Shim(attenuator, file: "attenuator.wasm", placeholder: Self.settingsPlaceholder)
        self.determinist = try Shim(determinist, file: "determinist.wasm", placeholder: Self.seedPlaceholder)
        self.refusedExit = try Shim(refusedExit, file: "refused-exit.wasm")
    }

    /// The parts that this module carries as resources.
    ///
    /// - Throws: ``CompositionError/resource(_:)``
    package static func shipped() throws(CompositionError) -> House {
        try House(
            hostWorld: PackageResources.host_world_prefix, attenuator: PackageResources.attenuator_wasm,
            determinist: PackageResources.determinist_wasm, refusedExit: PackageResources.refused_exit_wasm)
    }

    private static let settingsPlaceholder =
        Array("@@SETTINGS@@".utf8) + [UInt8](repeating: 0, count: ShimSettings.attenuatorSettingsByteCount - 12)
    /// 32 bytes.
    private static let seedPlaceholder = Array("@@SEED@@@@SEED@@@@SEED@@@@SEED@@".utf8)
}

/// What a shim is told of its component, and how much memory it has.
enum ShimSettings {
    /// What reads and writes of files need besides the file itself.
    static let spareByteCount = 2 << 20

    /// `struct settings` in Shims/attenuator.h: prefix, count, arguments.
    static let attenuatorSettingsByteCount = prefixByteCount + 4 + Component.maximumArgumentsByteCount + 4
    /// 41 of the longest prefix, and NUL.
    private static let prefixByteCount = 48
    private static let separator: [UInt8] = [0]

    /// What the attenuator is told: what the component's folders are called before the rest of their name, how many
    /// files it may make below `/output`, and its arguments.
    static func attenuator(of component: Component, under manifest: Manifest) -> [UInt8] {
        let prefix = Array("\(component.name):".utf8)
        let most = JobLayout.mostMade(by: component.name, in: manifest)
        return prefix + [UInt8](repeating: 0, count: prefixByteCount - prefix.count)
            + [UInt8(truncatingIfNeeded: most), UInt8(truncatingIfNeeded: most >> 8), 0, 0]
            + component.arguments.flatMap { Array($0.utf8) + separator }
    }

    /// SHA-256("2cvm repeatable randomness v1" ‖ 0x00 ‖ manifest digest (32) ‖ the component's name).
    /// Every participant can compute it.
    static func seed(of component: Name, under manifest: Manifest) -> [UInt8] {
        let label = Array("2cvm repeatable randomness v1".utf8) + [0]
        return SHA256Digest(sha256: label + manifest.digest.bytes + Array(component.description.utf8)).bytes
    }

    /// The largest file that the component reads or writes passes through its attenuator whole: so
    /// much, and ``spareByteCount`` more, at most what a 32-bit memory can have. What it writes to a temporary
    /// file lies in its own memory first.
    static func attenuatorByteCount(for component: Component, under manifest: Manifest) -> Int {
        let mounted = manifest.mounts.filter { $0.component == component.name }.map(\.data)
        let released = manifest.releases.filter { $0.component == component.name }.map(\.output)
        let data = manifest.data.filter { mounted.contains($0.name) }
        let sizes =
            data.map(\.maximumBytes) + data.compactMap(\.tableFormat?.count)
            + manifest.outputs.filter { released.contains($0.name) }.map(\.maximumBytes)
        let temporary = min(component.temporaryMiB ?? 0, component.memoryMiB) << 20
        let largest = max(sizes.max() ?? 0, temporary)
        return min(largest, 4 << 30 - spareByteCount) + spareByteCount
    }
}

extension [UInt8] {
    /// Where `pattern` begins, each time.
    fileprivate func places(of pattern: [UInt8]) -> [Int] {
        guard count >= pattern.count else { return [] }
        return (0...count - pattern.count).filter { start in
            self[start] == pattern[0] && self[start..<start + pattern.count].elementsEqual(pattern)
        }
    }
}
