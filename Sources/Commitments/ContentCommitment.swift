public import Primitives

/// The commitment to data or an output:
/// SHA-256(`"2cvm content v1"` ‖ 0x00 ‖ salt (32) ‖ length (8, big-endian) ‖ content).
///
/// The salt hides small content that could be guessed from a plain hash; the length comes first, so
/// it must be known before the content is read.
public struct ContentHasher: Sendable {
    private var hasher = SHA256Hasher()
    private let expectedByteCount: Int
    private var byteCount = 0

    /// Starts over `byteCount` bytes of content.
    ///
    /// - Precondition: `byteCount` is not negative.
    public init(salt: FixedBytes<32>, byteCount: Int) {
        precondition(byteCount >= 0, "content has no negative length")
        expectedByteCount = byteCount
        hasher.update(Array("2cvm content v1".utf8) + [0])
        hasher.update(salt.bytes)
        hasher.update((0..<8).map { UInt8(truncatingIfNeeded: byteCount >> (56 - 8 * $0)) })
    }

    /// Takes the next piece.
    public mutating func update(_ piece: [UInt8]) {
        byteCount += piece.count
        hasher.update(piece)
    }

    /// The commitment, or `nil` when the pieces were not as long as was said: then it is no commitment
    /// to them.
    public func finalize() -> SHA256Digest? {
        byteCount == expectedByteCount ? hasher.finalize() : nil
    }
}
