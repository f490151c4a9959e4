public import Commitments
public import Primitives

/// The beginning of what one session sends to another, before the output itself.
///
///     released (1) ‖ size (8, big-endian) ‖ salt (32) ‖ output ‖ zeros
///
/// The whole has the size that the sender's manifest fixes for the output. Whoever counts bytes on the way learns
/// neither how long the output is nor whether there is one: where the run released nothing, the content says so.
public struct PeerContent: Equatable, Sendable {
    /// Whether the sender's run released its results.
    public let isReleased: Bool
    /// Of the output; 0 where nothing was released.
    public let byteCount: Int
    /// What the commitment in both sessions' receipts is made with.
    public let salt: FixedBytes<32>

    /// Bytes of the beginning.
    public static let headByteCount = 41

    /// Joins the three.
    ///
    /// - Precondition: an output that was not released has no bytes.
    public init(isReleased: Bool, byteCount: Int, salt: FixedBytes<32>) {
        precondition(isReleased || byteCount == 0, "what was not released has no bytes")
        self.isReleased = isReleased
        self.byteCount = byteCount
        self.salt = salt
    }

    /// The size of every content around an output of at most so many bytes.
    public static func byteCount(ofOutput maximumBytes: Int) -> Int { headByteCount + maximumBytes }

    /// The beginning's bytes.
    public var encoded: [UInt8] {
        let size = (0..<8).map { UInt8(truncatingIfNeeded: byteCount >> (56 - 8 * $0)) }
        return [isReleased ? 1 : 0] + size + salt.bytes
    }

    /// Decodes a beginning, or returns `nil` for anything else.
    ///
    /// - Parameters:
    ///   - start: exactly ``headByteCount`` bytes.
    ///   - contentByteCount: of the whole content, which the output must fit into.
    public init?(decoding start: ArraySlice<UInt8>, contentByteCount: Int) {
        let bytes = Array(start)
        guard bytes.count == Self.headByteCount, bytes[0] <= 1,
            let salt = FixedBytes<32>(Array(bytes[9...]))
        else { return nil }
        // Compared before it becomes an integer with a sign.
        let size = bytes[1..<9].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard contentByteCount >= Self.headByteCount, size <= UInt64(contentByteCount - Self.headByteCount),
            bytes[0] == 1 || size == 0
        else { return nil }
        self.init(isReleased: bytes[0] == 1, byteCount: Int(size), salt: salt)
    }
}

/// What names a flow, and each stream of it, to those who move bytes and are not to know any name.
public struct FlowToken: Equatable, Sendable {
    /// SHA-256("2cvm flow v1" ‖ 0x00 ‖ plan digest ‖ from ‖ 0x00 ‖ output ‖ 0x00 ‖ to ‖ 0x00 ‖ data)
    public let edge: SHA256Digest

    /// The token of a plan's flow.
    public init(_ flow: Flow, plan: SHA256Digest) {
        let names = [flow.from, flow.output, flow.to, flow.data].map { Array($0.description.utf8) }
        edge = SHA256Digest(
            sha256: Array("2cvm flow v1".utf8) + [0x00] + plan.bytes + names.joined(separator: [0x00]))
    }

    /// Where a sender's agent has the stream to one session:
    /// SHA-256("2cvm flow stream v1" ‖ 0x00 ‖ edge ‖ receiver's session id)
    public func stream(to receiver: SHA256Digest) -> SHA256Digest {
        Self.stream(of: edge, to: receiver)
    }

    /// The same for those who know the edge alone.
    public static func stream(of edge: SHA256Digest, to receiver: SHA256Digest) -> SHA256Digest {
        SHA256Digest(sha256: Array("2cvm flow stream v1".utf8) + [0x00] + edge.bytes + receiver.bytes)
    }
}
