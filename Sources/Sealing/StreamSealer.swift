public import Keys

/// Seals one content to one recipient, chunk by chunk, in constant memory.
///
///     var sealer = try StreamSealer(to: key, header: header, signedBy: signer)
///     send(sealer.prologue)
///     while let count = sealer.nextContentByteCount { send(try sealer.seal(read(count))) }
public struct StreamSealer: Sendable {
    /// Prefix, encapsulated key and header: the first ``StreamFormat/prologueByteCount`` bytes of the stream.
    public let prologue: [UInt8]

    private var cipher: ChunkSealer
    private var layout: ChunkLayout

    /// Begins a stream.
    ///
    /// - Parameters:
    ///   - recipient: a session's or a participant's sealing key. Whether it may be trusted is the caller's question.
    ///   - header: what the content is; its length is binding.
    ///   - sender: signs the header for this one stream.
    public init(
        to recipient: SealingPublicKey, header: StreamHeader, signedBy sender: SigningKey
    ) throws(SealingError) {
        guard header.length <= StreamFormat.maximumContentByteCount else {
            throw .contentTooLarge(found: header.length)
        }
        cipher = try ChunkSealer(to: recipient, for: header.purpose, in: header.session)
        let payload = header.payload(boundBy: try cipher.bindingCode(over: header.unboundBytes))
        let envelope = Envelope(signing: payload, as: StreamHeader.payloadType, by: sender)
        let chunk = HeaderChunk.encode(envelope.encoded)
        let start = StreamFormat.prefix + cipher.encapsulatedKey
        prologue = start + (try cipher.seal(chunk, as: .header))
        layout = ChunkLayout(contentByteCount: header.length)
    }

    /// How many bytes of content the next chunk takes, or `nil` after the last.
    public var nextContentByteCount: Int? { layout.nextContentByteCount }

    /// Seals the next chunk.
    ///
    /// - Parameter content: exactly ``nextContentByteCount`` bytes.
    /// - Throws: ``SealingError/wrongChunkSize(chunk:expected:found:)`` when the source is shorter or longer than
    ///   it was when the header was made.
    public mutating func seal(_ content: [UInt8]) throws(SealingError) -> [UInt8] {
        let place = try layout.take(content.count)
        return try cipher.seal(content, as: place.kind)
    }
}

/// Which sizes the chunks of a content have, in order. Both ends compute it from the header's length.
struct ChunkLayout: Sendable {
    private let chunkCount: Int
    private let contentByteCount: Int
    private var index = 0

    init(contentByteCount: Int) {
        self.contentByteCount = contentByteCount
        chunkCount = StreamFormat.chunkCount(ofContent: contentByteCount)
    }

    var nextContentByteCount: Int? {
        guard index < chunkCount else { return nil }
        let start = index * StreamFormat.chunkByteCount
        return min(StreamFormat.chunkByteCount, contentByteCount - start)
    }

    /// What is left of the stream, tags included.
    var remainingByteCount: Int {
        let start = index * StreamFormat.chunkByteCount
        return max(0, contentByteCount - start) + (chunkCount - index) * StreamFormat.tagByteCount
    }

    /// Steps over one chunk. `number` counts from 1: the header is 0.
    mutating func take(
        _ byteCount: Int
    ) throws(SealingError) -> (kind: StreamFormat.ChunkKind, number: Int) {
        guard let expected = nextContentByteCount else { throw .tooManyChunks(expected: chunkCount) }
        guard byteCount == expected else {
            throw .wrongChunkSize(chunk: index + 1, expected: expected, found: byteCount)
        }
        index += 1
        return (index == chunkCount ? .last : .content, index)
    }
}

extension StreamSealer {
    /// A whole stream around content that is in memory.
    ///
    /// - Parameters:
    ///   - content: as long as the header says.
    ///   - recipient: whose key opens it.
    ///   - header: what the content is.
    ///   - sender: whose word the header is.
    public static func stream(
        of content: [UInt8], to recipient: SealingPublicKey, header: StreamHeader, signedBy sender: SigningKey
    ) throws(SealingError) -> [UInt8] {
        var sealer = try StreamSealer(to: recipient, header: header, signedBy: sender)
        var stream = sealer.prologue
        var offset = 0
        while let count = sealer.nextContentByteCount {
            stream += try sealer.seal(Array(content[offset...].prefix(count)))
            offset += count
        }
        return stream
    }
}

/// The header's envelope in its fixed place: length (2, big-endian) ‖ envelope ‖ zeros.
enum HeaderChunk {
    static func encode(_ envelope: [UInt8]) -> [UInt8] {
        let room = StreamFormat.headerByteCount - 2
        precondition(envelope.count <= room, "the longest header, signed and in base64, takes 1,500 bytes")
        let length = [UInt8(envelope.count >> 8), UInt8(envelope.count & 0xFF)]
        return length + envelope + [UInt8](repeating: 0, count: room - envelope.count)
    }

    static func decode(_ chunk: [UInt8]) throws(SealingError) -> [UInt8] {
        guard chunk.count == StreamFormat.headerByteCount else {
            throw .wrongChunkSize(chunk: 0, expected: StreamFormat.headerByteCount, found: chunk.count)
        }
        let end = 2 + (Int(chunk[0]) << 8 | Int(chunk[1]))
        guard end <= chunk.count, chunk[end...].allSatisfy({ $0 == 0 }) else { throw .malformedHeader(nil) }
        return Array(chunk[2..<end])
    }
}
