public import Commitments
public import Primitives

/// What a composition can come to, known from its manifest alone: before any component is there.
public struct CompositionBounds: Equatable, Sendable {
    /// Bytes of the composed binary, at most.
    public let byteCount: Int
    /// What all memories and tables can come to, at most, as ``ComposedBinary/memoryByteCount`` counts it.
    public let memoryByteCount: Int

    /// The host world, and what is written around components.
    private static let fixedByteCount = 64 << 10
    /// A component's shims, its instantiation, and the few bytes that each of its new maxima takes more than the old.
    private static let shimByteCount = 128 << 10

    /// Adds up the manifest's bounds.
    ///
    /// - Parameter runtimes: what the machine holds, by the component's digest: of these the twin is composed.
    public init(_ manifest: Manifest, holding runtimes: [SHA256Digest: HeldRuntime] = [:]) {
        var byteCount = Self.fixedByteCount
        var memoryByteCount = 0
        var largest = 0
        for component in manifest.components {
            byteCount += runtimes[component.digest]?.twin.bytes.count ?? component.maximumBytes
            byteCount += Self.shimByteCount
            let attenuator = ShimSettings.attenuatorByteCount(for: component, under: manifest)
            memoryByteCount += component.memoryMiB << 20 + attenuator + ShimSettings.spareByteCount
            largest = max(largest, component.memoryMiB << 20, attenuator, ShimSettings.spareByteCount)
        }
        // The engine's heap for what is thrown, which is one for all.
        if manifest.components.contains(where: \.mayThrow) { memoryByteCount += largest }
        self.byteCount = byteCount
        self.memoryByteCount = memoryByteCount
    }
}
