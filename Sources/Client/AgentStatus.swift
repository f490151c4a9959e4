public import Lifecycle
public import Primitives

/// Where a session stands, as its agent says to anyone who asks. Nothing vouches for it: evidence does.
public struct AgentStatus: Equatable, Sendable {
    /// What a session can be at.
    public enum Stage: String, CaseIterable, Sendable {
        case awaitingManifest, admitting, executing, finished, ended
    }

    public let stage: Stage
    /// Zeros while there is none.
    public let manifestDigest: SHA256Digest
    public let session: SHA256Digest
    public let filledSlots: Int
    public let totalSlots: Int
    /// Whether the agent says that no processor stands behind it.
    public let isSimulated: Bool
    /// How long it still waits for submissions, or keeps outputs. Other stages have no such time.
    public let secondsLeft: Int?
    /// Why it ended, when it has.
    public let end: Session.EndReason?

    /// Slots that nobody has filled yet.
    public var openSlots: Int { totalSlots - filledSlots }

    static let maximumByteCount = 4096
    /// Far more than a manifest can ask for.
    private static let maximumSeconds = 1 << 40

    /// Decodes the answer to `GET /v1/status`.
    ///
    /// - Throws: ``ClientError/answer(_:)``.
    public init(decoding bytes: [UInt8]) throws(ClientError) {
        do {
            let value = try JSONValue(parsing: bytes, maximumByteCount: Self.maximumByteCount, maximumDepth: 4)
            var object = try JSONReader(value).object()
            _ = try object.integer("version", in: 1...1)
            stage = try object.choice("stage", of: Stage.self)
            manifestDigest = try object.hex("manifestDigest")
            session = try object.hex("session")
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
            throw .answer(.form)
        }
    }

    /// As `GET /v1/status` has it.
    public var json: JSONValue {
        var members = [
            JSONMember("version", 1), JSONMember("stage", .string(stage.rawValue)),
            JSONMember("manifestDigest", .string(manifestDigest.description)),
            JSONMember("session", .string(session.description)),
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
