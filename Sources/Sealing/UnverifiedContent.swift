public import Keys

/// Content that was opened before its sender was known, because the content itself says who may have sent it.
///
///     let content = try ClaimedStream(prologue, for: .lock, in: session, openedWith: key)
///         .opened(rest, unverifiedUpTo: 2 << 20)
///     let manifest = try decodeAndVerify(content.untrustedBytes)
///     let bytes = try content.verified(by: keyOfAParticipant(manifest, content.claimedSender))
///
/// Anyone can seal to a session. Until ``verified(by:)`` these are some stranger's bytes: good for being decoded, within
/// bounds, and for nothing else.
public struct UnverifiedContent: Sendable {
    /// What the header says. Not yet anybody's word.
    public let claim: StreamHeader
    /// Whose signature the header claims to bear.
    public let claimedSender: SigningPublicKey
    /// The whole content, as whoever sealed it wrote it.
    public let untrustedBytes: [UInt8]

    private let stream: ClaimedStream

    init(_ stream: ClaimedStream, untrustedBytes: [UInt8]) {
        claim = stream.claim
        claimedSender = stream.claimedSender
        self.untrustedBytes = untrustedBytes
        self.stream = stream
    }

    /// The content, once its header is `sender`'s word.
    ///
    /// - Throws: ``SealingError/signatureRefused`` unless `sender`, and nobody else, signed the header.
    public func verified(by sender: SigningPublicKey) throws(SealingError) -> [UInt8] {
        _ = try stream.verified(by: sender)
        return untrustedBytes
    }
}

extension ClaimedStream {
    /// Opens the whole content of a stream whose sender only the content can tell.
    ///
    /// - Parameters:
    ///   - rest: everything after the prologue.
    ///   - maximumByteCount: more content than this is refused before any of it is opened.
    public func opened(
        _ rest: ArraySlice<UInt8>, unverifiedUpTo maximumByteCount: Int
    ) throws(SealingError) -> UnverifiedContent {
        guard claim.length <= maximumByteCount else {
            throw .contentOverBound(maximum: maximumByteCount, found: claim.length)
        }
        var cipher = cipher
        var layout = ChunkLayout(contentByteCount: claim.length)
        var rest = rest
        var content: [UInt8] = []
        content.reserveCapacity(claim.length)
        while let count = layout.nextContentByteCount {
            let chunk = rest.prefix(count + StreamFormat.tagByteCount)
            let place = try layout.take(chunk.count - StreamFormat.tagByteCount)
            content += try cipher.open(chunk, as: place.kind, at: place.number)
            rest = rest.dropFirst(chunk.count)
        }
        guard rest.isEmpty else {
            throw .tooManyChunks(expected: StreamFormat.chunkCount(ofContent: claim.length))
        }
        return UnverifiedContent(self, untrustedBytes: content)
    }
}
