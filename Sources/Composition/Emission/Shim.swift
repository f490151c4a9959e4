internal import Commitments
internal import Primitives

/// A small component of our own that stands between one participant's component and the host.
///
/// Its data holds a placeholder, exactly once, which composing overwrites.
struct Shim: Sendable {
    private let bytes: [UInt8]
    private let placeholder: Range<Int>
    let binary: ComponentBinary

    /// - Throws: ``CompositionError/resource(_:)`` where the bytes are no component or do not hold
    ///   the placeholder exactly once.
    init(_ bytes: [UInt8], file: String, placeholder: [UInt8]) throws(CompositionError) {
        do {
            binary = try ComponentBinary(decoding: bytes)
        } catch {
            throw .resource(file)
        }
        let places = bytes.places(of: placeholder)
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
        precondition(content.count <= placeholder.count, "names are bounded, so prefixes fit")
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

    /// Reads the three parts.
    ///
    /// - Throws: ``CompositionError/resource(_:)``
    package init(hostWorld: [UInt8], attenuator: [UInt8], determinist: [UInt8]) throws(CompositionError) {
        self.hostWorld = try HostWorld(sections: hostWorld)
        self.attenuator = try Shim(attenuator, file: "attenuator.wasm", placeholder: Self.prefixPlaceholder)
        self.determinist = try Shim(determinist, file: "determinist.wasm", placeholder: Self.seedPlaceholder)
    }

    /// The parts that this module carries as resources.
    ///
    /// - Throws: ``CompositionError/resource(_:)``
    package static func shipped() throws(CompositionError) -> House {
        try House(
            hostWorld: PackageResources.host_world_prefix, attenuator: PackageResources.attenuator_wasm,
            determinist: PackageResources.determinist_wasm)
    }

    /// 48 bytes: 41 of the longest prefix, and NUL.
    private static let prefixPlaceholder = Array("@@PREFIX@@".utf8) + [UInt8](repeating: 0, count: 38)
    /// 32 bytes.
    private static let seedPlaceholder = Array("@@SEED@@@@SEED@@@@SEED@@@@SEED@@".utf8)
}

/// What a shim is told of its component, and how much memory it has.
enum ShimSettings {
    /// What reads and writes of files need besides the file itself.
    static let spareByteCount = 2 << 20

    /// What the preopened folders of a component are called before the rest of their name.
    static func prefix(of component: Name) -> [UInt8] {
        Array("\(component):".utf8)
    }

    /// SHA-256("2cvm repeatable randomness v1" ‖ 0x00 ‖ manifest digest (32) ‖ the component's name).
    /// Every participant can compute it.
    static func seed(of component: Name, under manifest: Manifest) -> [UInt8] {
        let label = Array("2cvm repeatable randomness v1".utf8) + [0]
        return SHA256Digest(sha256: label + manifest.digest.bytes + Array(component.description.utf8)).bytes
    }

    /// The largest file that the component reads or writes passes through its attenuator whole: so
    /// much, and ``spareByteCount`` more, at most what a 32-bit memory can have.
    static func attenuatorByteCount(for component: Name, under manifest: Manifest) -> Int {
        let mounted = manifest.mounts.filter { $0.component == component }.map(\.data)
        let released = manifest.releases.filter { $0.component == component }.map(\.output)
        let sizes =
            manifest.data.filter { mounted.contains($0.name) }.map(\.maximumBytes)
            + manifest.outputs.filter { released.contains($0.name) }.map(\.maximumBytes)
        let largest = sizes.max() ?? 0
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
