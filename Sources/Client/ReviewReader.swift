public import Commitments
public import Evidence
public import Keys
public import Lifecycle
public import Primitives
public import Sealing

/// What somebody decides on, opened and compared with its commitments.
public struct ReviewedContents: Sendable {
    public let index: ReviewIndex
    /// In the order of the index's `shown`.
    public let contents: [[UInt8]]
    private let session: SHA256Digest

    /// Yes or no to all of it.
    public func answer(agreeing: Bool) -> Decision {
        Decision(session: session, run: index.run, to: index.subject, reviewed: index.digest, agrees: agreeing)
    }

    fileprivate init(_ index: ReviewIndex, _ contents: [[UInt8]], of session: SHA256Digest) {
        self.index = index
        self.contents = contents
        self.session = session
    }
}

/// Opens the stream for somebody who decides.
public enum ReviewReader {
    /// The stream's size, which the manifest alone fixes.
    public static func streamByteCount(
        for participant: Name, on subject: Review.Subject, under manifest: Manifest
    ) -> Int {
        StreamFormat.streamByteCount(
            ofContent: ReviewIndex.contentByteCount(for: participant, on: subject, under: manifest))
    }

    /// Opens a stream, and compares each content that it shows with the commitment that is decided on.
    ///
    /// - Parameters:
    ///   - stream: the whole of it.
    ///   - subject: what is decided on.
    ///   - run: whose review it must be.
    ///   - session: affirmed, and bound to this manifest.
    ///   - manifest: what the session runs.
    ///   - participant: who decides.
    ///   - key: their private key.
    public static func open(
        _ stream: [UInt8], on subject: Review.Subject, ofRun run: Int, of session: AffirmedSession,
        under manifest: Manifest, to participant: Participant, openedWith key: SealingKey
    ) throws(ReviewError) -> ReviewedContents {
        let (header, content) = try opened(stream, of: session, openedWith: key)
        guard header.slot == participant.name.description, header.salt.isZero, header.run?.number == run,
            header.length == ReviewIndex.contentByteCount(for: participant.name, on: subject, under: manifest)
        else { throw .header }
        let index: ReviewIndex
        do {
            index = try ReviewIndex(decoding: content[...], for: participant.name, on: subject, under: manifest)
        } catch {
            throw .index(error)
        }
        guard index.run == header.run else { throw .header }
        let committed = index.slots + index.outputs
        var contents: [[UInt8]] = []
        for (entry, range) in zip(index.shown, index.ranges) {
            let bytes = Array(content[range])
            var hasher = ContentHasher(salt: entry.salt, byteCount: bytes.count)
            hasher.update(bytes)
            guard let digest = hasher.finalize(), committed.contains(CommittedEntry(name: entry.name, digest: digest))
            else { throw .contentDiffers(entry.name) }
            contents.append(bytes)
        }
        let end = index.ranges.last?.upperBound ?? index.encoded.count
        guard content[end...].allSatisfy({ $0 == 0 }) else { throw .padding }
        return ReviewedContents(index, contents, of: session.id)
    }

    private static func opened(
        _ stream: [UInt8], of session: AffirmedSession, openedWith key: SealingKey
    ) throws(ReviewError) -> (header: StreamHeader, content: [UInt8]) {
        let prologue = StreamFormat.prologueByteCount
        guard stream.count >= prologue else { throw .header }
        let result: (header: StreamHeader, content: [UInt8], isWhole: Bool)
        do {
            var opened = try ClaimedStream(Array(stream[..<prologue]), for: .review, in: session.id, openedWith: key)
                .verified(by: session.keys.signing)
            var content: [UInt8] = []
            var rest = stream[prologue...]
            while let count = opened.nextChunkByteCount {
                content += try opened.open(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            result = (opened.header, content, rest.isEmpty)
        } catch {
            throw .sealing(error)
        }
        guard result.isWhole else { throw .padding }
        return (result.header, result.content)
    }
}

/// Why what came is not what the session shows to somebody who decides.
public enum ReviewError: Error, Equatable, Sendable {
    case sealing(SealingError)
    case header
    case index(ReviewIndexError)
    case contentDiffers(Name)
    case padding
}

extension ReviewError: ExplainedError {
    public var code: String {
        switch self {
        case .sealing(let error): error.code
        case .header: "review.header"
        case .index(let error): error.code
        case .contentDiffers: "review.content"
        case .padding: "review.padding"
        }
    }

    public var message: String {
        switch self {
        case .sealing(let error): error.message
        case .header: "the stream is not the session's to this participant"
        case .index(let error): error.message
        case .contentDiffers(let name): "\(name) is not what is decided on"
        case .padding: "bytes stand where the stream must be empty"
        }
    }
}
