internal import AgentAPI
internal import Commitments
internal import Lifecycle
internal import Primitives

/// Reads what another session sent: its beginning, the output, and the zeros behind it.
///
/// The sender was appraised and fills up with zeros. What is not zero is refused all the same, so that no byte is left
/// that nobody accounts for.
struct PartReader: Sendable {
    private let contentByteCount: Int
    private let session: SHA256Digest
    private var head: (content: PeerContent, hasher: ContentHasher)?
    /// Of the beginning, until all of it is there.
    private var start: [UInt8] = []
    private var outputByteCount = 0
    private var byteCount = 0

    /// - Parameters:
    ///   - contentByteCount: of the whole content.
    ///   - session: the sender's id.
    init(contentByteCount: Int, from session: SHA256Digest) {
        self.contentByteCount = contentByteCount
        self.session = session
    }

    /// Takes the next piece.
    ///
    /// - Returns: what of it is the output.
    mutating func take(_ piece: [UInt8]) throws(AgentError) -> [UInt8] {
        byteCount += piece.count
        var rest = piece[...]
        if head == nil {
            let taken = rest.prefix(PeerContent.headByteCount - start.count)
            start += taken
            rest = rest.dropFirst(taken.count)
            guard start.count == PeerContent.headByteCount else { return [] }
            guard let content = PeerContent(decoding: start[...], contentByteCount: contentByteCount) else {
                throw .malformedHeader
            }
            head = (content, ContentHasher(salt: content.salt, byteCount: content.byteCount))
        }
        guard let content = head?.content else { return [] }
        let output = Array(rest.prefix(content.byteCount - outputByteCount))
        outputByteCount += output.count
        head?.hasher.update(output)
        guard rest.dropFirst(output.count).allSatisfy({ $0 == 0 }) else { throw .malformedHeader }
        return output
    }

    /// What came, or `nil` where it is not all there.
    func finalize() -> ContentWriter.Written? {
        guard let head, byteCount == contentByteCount, let digest = head.hasher.finalize() else { return nil }
        return ContentWriter.Written(
            digest: digest, byteCount: head.content.byteCount,
            part: PeerPart(session: session, isReleased: head.content.isReleased), salt: head.content.salt)
    }
}
