public import Commitments
public import Keys
public import Primitives

/// What lies where in the content of the stream for somebody who decides.
///
///     index's size (4, big-endian) ‖ index (RFC 8785) ‖ contents … ‖ zeros
///
/// The content's size depends on the manifest alone, so that a host that counts bytes does not learn whether there is
/// anything to decide.
public struct ReviewIndex: Equatable, Sendable {
    public let subject: Review.Subject
    public let run: RunReference
    /// Whether there is nothing to decide: the run has failed, and an answer is given only so that nobody sees it.
    public let isEmpty: Bool
    /// Everything that went in, in the manifest's order.
    public let slots: [CommittedEntry]
    /// Everything that would leave, in the manifest's order; none before the run, and of a run that failed.
    public let outputs: [CommittedEntry]
    /// The latest runs, the newest last.
    public let past: [PastRun]
    /// What follows the index, questions and outputs: in the order of data, then of outputs.
    public let shown: [IndexEntry]

    /// Tells of a review, and of what is shown beside it.
    public init(_ review: Review, showing shown: [IndexEntry]) {
        subject = review.subject
        run = review.admitted.course.reference
        slots = review.admitted.slots.map(\.entry)
        if case .completed(let commitments)? = review.outcome {
            outputs = commitments.map(\.entry)
        } else {
            outputs = []
        }
        isEmpty = if case .failed? = review.outcome { true } else { false }
        past = review.admitted.course.past
        self.shown = shown
    }

    /// What an answer names.
    public var digest: SHA256Digest { Review.digest(of: slots, outputs) }

    /// What is shown to somebody who decides: the data and outputs that they decide on.
    public static func names(
        shownTo participant: Name, on subject: Review.Subject, under manifest: Manifest
    ) -> (data: [DataEntry], outputs: [Output]) {
        let data = manifest.data.filter { $0.approval?.approvers.contains(participant) == true }
        guard subject == .result else { return (data, []) }
        return (data, manifest.outputs.filter { $0.approval?.approvers.contains(participant) == true })
    }

    /// The size of every content for a participant, whatever happened.
    public static func contentByteCount(
        for participant: Name, on subject: Review.Subject, under manifest: Manifest
    ) -> Int {
        let shown = names(shownTo: participant, on: subject, under: manifest)
        let bytes = shown.data.map(\.maximumBytes) + shown.outputs.map(\.maximumBytes)
        return IndexFrame.headByteCount + maximumByteCount(of: manifest) + bytes.reduce(0, +)
    }

    /// With the longest names: 160 bytes an entry.
    private static func maximumByteCount(of manifest: Manifest) -> Int {
        let entries = manifest.components.count + 2 * manifest.data.count + 2 * manifest.outputs.count
        return 1024 + 192 * entries + Course.maximumPastCount * (64 + 160 * manifest.questions.count)
    }

    /// What names a participant's stream to a host.
    public static func token(
        of participant: Name, on subject: Review.Subject, under manifest: Manifest, run: Int
    ) -> SHA256Digest {
        StreamToken(.review(subject), of: run, under: manifest).digest(for: participant)
    }

    /// The first bytes of a content: the index's size, then the index.
    public var encoded: [UInt8] {
        let members: [JSONMember] = [
            JSONMember("version", 1), JSONMember("subject", .string(subject.rawValue)),
            JSONMember("empty", .bool(isEmpty)), JSONMember("slots", .array(slots.map(\.json))),
            JSONMember("outputs", .array(outputs.map(\.json))),
            JSONMember(
                "past",
                .array(
                    past.map { run in
                        [
                            "run": .integer(run.run), "released": .bool(run.isReleased),
                            "questions": .array(run.questions.map(\.json)),
                        ]
                    })),
            JSONMember("shown", .array(shown.map(\.json))),
        ]
        return IndexFrame.framed(JSONValue.object(members + run.members).canonicalBytes)
    }
}

extension ReviewIndex {
    /// Decodes the index at the start of a content, and says where each content lies.
    ///
    /// Whether the contents are what the index says is not yet known.
    /// - Parameters:
    ///   - content: the whole of it, of ``contentByteCount(for:on:under:)`` bytes.
    ///   - participant: who decides.
    ///   - subject: what is decided on.
    ///   - manifest: what was agreed.
    public init(
        decoding content: ArraySlice<UInt8>, for participant: Name, on subject: Review.Subject,
        under manifest: Manifest
    ) throws(ReviewIndexError) {
        let most = Self.maximumByteCount(of: manifest)
        guard content.count >= IndexFrame.headByteCount + most else { throw .size }
        let count = IndexFrame.count(in: content)
        guard count <= most else { throw .size }
        let bytes = Array(content.dropFirst(IndexFrame.headByteCount).prefix(count))
        let value: JSONValue
        (self, value) = try JSONDocument.read(
            bytes, maximumByteCount: bytes.count, maximumDepth: 6, orThrow: ReviewIndexError.document
        ) { reader throws(JSONShapeError) in
            (try ReviewIndex(reader, of: manifest), reader.value)
        }
        guard value.canonicalBytes == bytes else { throw .notCanonical }
        guard self.subject == subject else { throw .otherSubject }
        let names = Self.names(shownTo: participant, on: subject, under: manifest)
        let expected = names.data.map(\.name) + (isEmpty ? [] : names.outputs.map(\.name))
        guard shown.map(\.name) == expected else { throw .shownDiffers }
        let bounds = names.data.map(\.maximumBytes) + names.outputs.map(\.maximumBytes)
        guard zip(shown, bounds).allSatisfy({ $0.byteCount <= $1 }) else { throw .shownDiffers }
    }

    private init(_ reader: JSONReader, of manifest: Manifest) throws(JSONShapeError) {
        let slots = manifest.components.count + manifest.data.count
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        subject = try object.choice("subject", of: Review.Subject.self)
        run = try RunReference(&object)
        isEmpty = try object.bool("empty")
        self.slots = try object.array("slots", maximumCount: slots).map(CommittedEntry.init)
        outputs = try object.array("outputs", maximumCount: manifest.outputs.count).map(CommittedEntry.init)
        var past: [PastRun] = []
        for reader in try object.array("past", maximumCount: Course.maximumPastCount) {
            var entry = try reader.object()
            past.append(
                PastRun(
                    run: try entry.integer("run", in: 1...RunReference.maximumNumber),
                    questions: try entry.array("questions", maximumCount: manifest.questions.count)
                        .map(CommittedEntry.init),
                    isReleased: try entry.bool("released")))
            try entry.finish()
        }
        self.past = past
        var shown: [IndexEntry] = []
        for reader in try object.array("shown", maximumCount: manifest.data.count + manifest.outputs.count) {
            shown.append(try IndexEntry(reader, maximumBytes: JSONValue.maximumInteger))
        }
        self.shown = shown
        try object.finish()
    }

    /// Where each content lies, in the order of ``shown``. What follows the last one is zeros.
    public var ranges: [Range<Int>] {
        shown.ranges(from: encoded.count)
    }
}

/// Why something is no review of this manifest.
public enum ReviewIndexError: Error, Equatable, Sendable {
    case size
    case document(DocumentError)
    case notCanonical
    case otherSubject
    /// What is shown is not what this participant decides on.
    case shownDiffers
}

extension ReviewIndexError: ExplainedError {
    public var code: String {
        switch self {
        case .size: "review.size"
        case .document(let error): "review.\(error.code)"
        case .notCanonical: "review.form"
        case .otherSubject: "review.subject"
        case .shownDiffers: "review.shown"
        }
    }

    public var message: String {
        switch self {
        case .size: "the review is not of the size that the manifest gives it"
        case .document(let error): "the review: \(error.message)"
        case .notCanonical: "the review is not in its canonical form"
        case .otherSubject: "the review is of something else than was asked for"
        case .shownDiffers: "the review does not show what the manifest lets this participant decide on"
        }
    }
}
