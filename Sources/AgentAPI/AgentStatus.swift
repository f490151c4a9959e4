public import Keys
public import Lifecycle
public import Primitives

/// Where a session stands, as its agent says to anyone who asks: counts and digests, no names. Nothing vouches for it:
/// evidence does.
public struct AgentStatus: Equatable, Sendable {
    /// What a session can be at. It awaits its manifest until it is locked, executes until every stream is sealed, and
    /// has finished whichever way its run ended.
    public enum Stage: String, CaseIterable, Sendable {
        case awaitingManifest, admitting, reviewing, executing, holding, waiting, finished, ended
    }

    public let stage: Stage
    public let bound: BoundDigest
    /// The session's id of this moment: what streams are sealed to.
    public let sessionID: SHA256Digest
    public let filledSlots: Int
    /// 0 before the lock, and when the session has ended.
    public let totalSlots: Int
    /// Which of how many runs; `nil` before the lock, and when the session has ended.
    public let run: RunCounts?
    /// What evidence of another session must answer to be taken here; drawn at boot.
    public let peerNonce: FixedBytes<32>
    /// The other sessions of the plan that this one has to do with; `nil` without a plan, before the lock, and when the
    /// session has ended.
    public let peers: PeerCounts?
    /// Whether the agent says that no processor stands behind it.
    public let isSimulated: Bool
    /// How long it still waits for submissions, or keeps outputs. Other stages have no such time.
    public package(set) var secondsLeft: Int?
    /// Why it ended, when it has.
    public let end: Session.EndReason?

    /// Slots that nobody has filled yet.
    public var openSlots: Int { totalSlots - filledSlots }

    package static let maximumByteCount = 4096
    /// Far more than a manifest can ask for.
    private static let maximumSeconds = 1 << 40

    /// What an agent says of its session, but for the time that is left.
    package init(_ session: Session, peerNonce: FixedBytes<32>, isSimulated: Bool) {
        var slots = (open: 0, filled: 0)
        var answers = (given: 0, awaited: 0)
        switch session.stage {
        case .awaitingManifest, .locking: stage = .awaitingManifest
        case .admitting(let admission):
            stage = .admitting
            slots = (admission.open.count, admission.filled.count)
        case .reviewing(let review), .holding(let review):
            stage = review.subject == .question ? .reviewing : .holding
            slots.filled = review.admitted.slots.count
            answers = (review.answers.count, review.approvers.count)
        case .executing(let admitted):
            stage = .executing
            slots.filled = admitted.slots.count
        case .concluding(let conclusion):
            stage = conclusion.admitted.course.holdsResults ? .holding : .executing
            slots.filled = conclusion.admitted.slots.count
        case .waiting(let course):
            stage = .waiting
            slots = (course.questionCount, course.slotCount - course.questionCount)
        case .finished(let course):
            stage = .finished
            slots.filled = course.slotCount
        case .ended: stage = .ended
        }
        run = session.course.map { course in
            let isOver = if case .finished = session.stage { true } else { false }
            return RunCounts(
                number: isOver ? course.run - 1 : course.run, maximum: course.runCount,
                kept: course.kept.count, givenAnswers: answers.given, awaitedAnswers: answers.awaited)
        }
        peers = session.course.flatMap(PeerCounts.init)
        self.peerNonce = peerNonce
        end = if case .ended(let reason) = session.stage { reason } else { nil }
        bound = session.bound
        sessionID = session.sessionID
        totalSlots = slots.open + slots.filled
        filledSlots = slots.filled
        self.isSimulated = isSimulated
        secondsLeft = nil
    }

    /// Decodes what the agent answered, or returns `nil` for anything else.
    ///
    /// - Parameter bytes: JSON, at most 4 KiB.
    public init?(decoding bytes: [UInt8]) {
        do {
            let value = try JSONValue(parsing: bytes, maximumByteCount: Self.maximumByteCount, maximumDepth: 4)
            var object = try JSONReader(value).object()
            _ = try object.integer("version", in: 1...1)
            stage = try object.choice("stage", of: Stage.self)
            bound = BoundDigest(try object.hex("manifestDigest"))
            sessionID = try object.hex("session")
            var slots = try object.object("slots")
            totalSlots = try slots.integer("total", in: 0...1280)
            filledSlots = try slots.integer("filled", in: 0...totalSlots)
            let open = totalSlots - filledSlots
            _ = try slots.integer("open", in: open...open)
            try slots.finish()
            run = try object.optional("run").map(RunCounts.init)
            peerNonce = try object.hex("peerNonce")
            peers = try object.optional("peers").map(PeerCounts.init)
            isSimulated = try object.bool("simulated")
            secondsLeft = try object.optional("secondsLeft")?.integer(in: 0...Self.maximumSeconds)
            end = stage == .ended ? try object.choice("end", of: Session.EndReason.self) : nil
            try object.finish()
        } catch {
            return nil
        }
    }

    /// As `GET /v1/status` has it.
    public var json: JSONValue {
        var members = [
            JSONMember("version", 1), JSONMember("stage", .string(stage.rawValue)),
            JSONMember("manifestDigest", .string(bound.description)),
            JSONMember("session", .string(sessionID.description)),
            JSONMember(
                "slots",
                ["total": .integer(totalSlots), "filled": .integer(filledSlots), "open": .integer(openSlots)]),
            JSONMember("peerNonce", .string(peerNonce.description)), JSONMember("simulated", .bool(isSimulated)),
        ]
        if let peers { members.append(JSONMember("peers", peers.json)) }
        if let run { members.append(JSONMember("run", run.json)) }
        if let secondsLeft { members.append(JSONMember("secondsLeft", .integer(secondsLeft))) }
        if let end { members.append(JSONMember("end", .string(end.rawValue))) }
        return .object(members)
    }
}

/// Where a session stands among its runs: counts alone.
public struct RunCounts: Equatable, Sendable {
    /// The run that is under way or comes next; the last one when no other follows.
    public let number: Int
    /// How many runs the manifest allows.
    public let maximum: Int
    /// How many runs' outputs are kept.
    public let kept: Int
    /// Of those who decide at this moment.
    public let givenAnswers: Int
    public let awaitedAnswers: Int

    init(number: Int, maximum: Int, kept: Int, givenAnswers: Int, awaitedAnswers: Int) {
        self.number = number
        self.maximum = maximum
        self.kept = kept
        self.givenAnswers = givenAnswers
        self.awaitedAnswers = awaitedAnswers
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        maximum = try object.integer("of", in: 1...RunReference.maximumNumber)
        number = try object.integer("number", in: 1...maximum)
        kept = try object.integer("kept", in: 0...maximum)
        var answers = try object.object("answers")
        awaitedAnswers = try answers.integer("awaited", in: 0...64)
        givenAnswers = try answers.integer("given", in: 0...awaitedAnswers)
        try answers.finish()
        try object.finish()
    }

    fileprivate var json: JSONValue {
        [
            "number": .integer(number), "of": .integer(maximum), "kept": .integer(kept),
            "answers": ["awaited": .integer(awaitedAnswers), "given": .integer(givenAnswers)],
        ]
    }
}

/// How many other sessions of the plan a session has to do with: counts alone.
public struct PeerCounts: Equatable, Sendable {
    /// Sessions that send to this one or take from it.
    public let total: Int
    /// Those of which at least one machine was affirmed.
    public let affirmed: Int

    fileprivate init?(_ course: Course) {
        guard course.peerCount > 0 else { return nil }
        total = course.peerCount
        affirmed = course.affirmedPeerCount
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        total = try object.integer("total", in: 1...1000)
        affirmed = try object.integer("affirmed", in: 0...total)
        try object.finish()
    }

    fileprivate var json: JSONValue { ["total": .integer(total), "affirmed": .integer(affirmed)] }
}
