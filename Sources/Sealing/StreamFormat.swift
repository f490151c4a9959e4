/// The sealed stream, byte by byte.
///
///     prefix (15) ‖ enc (1,120) ‖ header chunk (4,096 + 16) ‖ content chunks (131,072 + 16 each, the last up to that)
public enum StreamFormat {
    /// ASCII, so that the first line of a stored stream says what it is.
    public static let prefix = Array("2cvm sealed v1\n".utf8)

    /// X-Wing's encapsulated key: an ML-KEM-768 ciphertext and an X25519 key.
    public static let encapsulatedKeyByteCount = 1120

    /// The header before encryption, padding included: names and lengths must not show in its size.
    public static let headerByteCount = 4096

    /// The content of every chunk but the last.
    public static let chunkByteCount = 128 * 1024

    /// AES-256-GCM's tag.
    public static let tagByteCount = 16

    /// Everything before the first content chunk.
    public static let prologueByteCount =
        prefix.count + encapsulatedKeyByteCount + headerByteCount + tagByteCount

    /// What no second stream has: it is drawn for each one, and the header opens under no other.
    public static func encapsulatedKey(ofPrologue prologue: [UInt8]) -> ArraySlice<UInt8> {
        prologue.dropFirst(prefix.count).prefix(encapsulatedKeyByteCount)
    }

    /// The largest content that a stream can announce: 1 TiB, far below where AES-GCM's bounds lie.
    public static let maximumContentByteCount = 1 << 40

    /// How many chunks hold a content of `byteCount` bytes: at least one, so that an end is always marked.
    public static func chunkCount(ofContent byteCount: Int) -> Int {
        max(1, (byteCount + chunkByteCount - 1) / chunkByteCount)
    }

    /// The size of the whole stream around a content of `byteCount` bytes.
    public static func streamByteCount(ofContent byteCount: Int) -> Int {
        prologueByteCount + byteCount + chunkCount(ofContent: byteCount) * tagByteCount
    }

    /// Associated data: what a chunk is. HPKE's sequence number says which one it is.
    enum ChunkKind: UInt8 {
        case header = 0
        case content = 1
        case last = 2
    }
}

/// What a stream is for. It enters HPKE's `info`, so a stream opens for its own purpose only.
public enum Purpose: String, CaseIterable, Sendable {
    /// A signed manifest, from any of its participants to a session that is not locked.
    case lock
    /// A component or data, from its provider to a locked session.
    case submission
    /// The end of a session, from any participant.
    case withdrawal
    /// Yes or no to a question or a result, from somebody who decides.
    case answer
    /// That a run's outputs have come, from a recipient.
    case acknowledgement
    /// A question or a result, from the session to somebody who decides.
    case review
    /// The receipt, its evidence and a recipient's outputs, from the session.
    case outputs
}
