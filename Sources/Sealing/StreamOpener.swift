public import Keys
public import Primitives

/// A stream whose header opened and whose sender is only claimed.
///
///     let claimed = try ClaimedStream(prologue, for: .submission, in: session, openedWith: key)
///     var stream = try claimed.verified(by: providerOfSlot(claimed.claim.slot))
///     while let count = stream.nextChunkByteCount { write(try stream.open(read(count))) }
///
/// After the last chunk the transport must be at its end; bytes beyond it belong to no stream.
public struct ClaimedStream: Sendable {
    /// What the header says. Not yet anybody's word.
    public let claim: StreamHeader

    let envelope: Envelope
    let cipher: ChunkOpener

    /// Opens a prologue.
    ///
    /// - Parameters:
    ///   - prologue: exactly ``StreamFormat/prologueByteCount`` bytes.
    ///   - purpose: the only purpose that is taken here.
    ///   - session: the session's id at this moment.
    ///   - key: what the prologue was sealed to.
    public init(
        _ prologue: [UInt8], for purpose: Purpose, in session: SHA256Digest, openedWith key: SealingKey
    ) throws(SealingError) {
        guard prologue.starts(with: StreamFormat.prefix), prologue.count == StreamFormat.prologueByteCount else {
            throw .notASealedStream
        }
        let keyStart = StreamFormat.prefix.count
        let headerStart = keyStart + StreamFormat.encapsulatedKeyByteCount
        var cipher = try ChunkOpener(
            with: key, for: purpose, in: session, encapsulatedKey: Array(prologue[keyStart..<headerStart]))
        let chunk = try cipher.open(prologue[headerStart...], as: .header, at: 0)
        let encoded = try HeaderChunk.decode(chunk)
        do {
            envelope = try Envelope(decoding: encoded, as: StreamHeader.payloadType)
        } catch {
            throw .malformedHeader(nil)
        }
        let (claim, code) = try StreamHeader.decode(envelope.payload)
        guard claim.session == session, claim.purpose == purpose else { throw .otherSession }
        // A signature lifted from another stream carries that stream's code.
        guard code == (try cipher.bindingCode(over: claim.unboundBytes)) else { throw .signatureRefused }
        self.claim = claim
        self.cipher = cipher
    }

    /// Whose signature the header claims to bear, for looking up who that is. Not yet anybody's word.
    public var claimedSender: SigningPublicKey { envelope.signatures[0].keyID }

    /// Takes the claim as `sender`'s word.
    ///
    /// - Throws: ``SealingError/signatureRefused`` unless `sender`, and nobody else, signed the header.
    public func verified(by sender: SigningPublicKey) throws(SealingError) -> OpenedStream {
        do {
            _ = try envelope.verified(by: [sender])
        } catch {
            throw .signatureRefused
        }
        return OpenedStream(header: claim, cipher: cipher)
    }
}

/// A stream whose sender is known. Each chunk is authentic when it opens; the whole is when ``isComplete``.
public struct OpenedStream: Sendable {
    public let header: StreamHeader

    private var cipher: ChunkOpener
    private var layout: ChunkLayout

    init(header: StreamHeader, cipher: ChunkOpener) {
        self.header = header
        self.cipher = cipher
        layout = ChunkLayout(contentByteCount: header.length)
    }

    /// How many bytes of the stream the next chunk takes, or `nil` after the last.
    public var nextChunkByteCount: Int? { layout.nextContentByteCount.map { $0 + StreamFormat.tagByteCount } }

    /// Bytes of the stream from the next chunk to its end.
    public var remainingByteCount: Int { layout.remainingByteCount }

    /// Whether the last chunk was opened, and with it the whole content.
    public var isComplete: Bool { nextChunkByteCount == nil }

    /// Opens the next chunk.
    ///
    /// - Parameter chunk: exactly ``nextChunkByteCount`` bytes.
    public mutating func open(_ chunk: ArraySlice<UInt8>) throws(SealingError) -> [UInt8] {
        let place = try layout.take(chunk.count - StreamFormat.tagByteCount)
        return try cipher.open(chunk, as: place.kind, at: place.number)
    }

    /// Opens the next chunk.
    ///
    /// - Parameter chunk: exactly ``nextChunkByteCount`` bytes.
    public mutating func open(_ chunk: [UInt8]) throws(SealingError) -> [UInt8] {
        try open(chunk[...])
    }
}
