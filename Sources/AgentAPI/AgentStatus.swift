public import Keys
public import Lifecycle
public import Primitives

/// Where a session stands, as its agent says to anyone who asks: counts and digests, no names. Nothing vouches for it:
/// evidence does.
public struct AgentStatus: Equatable, Sendable {
    /// What a session can be at. It awaits its manifest until it is locked, executes until every stream is sealed, and
    /// has finished whichever way its run ended.
    public enum Stage: String, CaseIterable, Sendable {
        case awaitingManifest, admitting, executing, finished, ended
    }

    public let stage: Stage
    public let bound: BoundDigest
    /// The session's id of this moment: what streams are sealed to.
    public let sessionID: SHA256Digest
    public let filledSlots: Int
    /// 0 before the lock, and when the session has ended.
    public let totalSlots: Int
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
    package init(_ session: Session, isSimulated: Bool) {
        var filled = 0
        var open = 0
        switch session.stage {
        case .awaitingManifest, .locking: stage = .awaitingManifest
        case .admitting(let admission):
            stage = .admitting
            (open, filled) = (admission.open.count, admission.filled.count)
        case .executing(let admitted):
            stage = .executing
            filled = admitted.slots.count
        case .concluding(let conclusion):
            stage = .executing
            filled = conclusion.admitted.slots.count
        case .finished(let conclusion):
            stage = .finished
            filled = conclusion.admitted.slots.count
        case .ended: stage = .ended
        }
        end = if case .ended(let reason) = session.stage { reason } else { nil }
        bound = session.bound
        sessionID = session.sessionID
        totalSlots = open + filled
        filledSlots = filled
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
            totalSlots = try slots.integer("total", in: 0...512)
            filledSlots = try slots.integer("filled", in: 0...totalSlots)
            let open = totalSlots - filledSlots
            _ = try slots.integer("open", in: open...open)
            try slots.finish()
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
            JSONMember("simulated", .bool(isSimulated)),
        ]
        if let secondsLeft { members.append(JSONMember("secondsLeft", .integer(secondsLeft))) }
        if let end { members.append(JSONMember("end", .string(end.rawValue))) }
        return .object(members)
    }
}
