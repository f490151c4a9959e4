internal import Primitives

/// A refusal as the agent words it: `application/problem+json` (RFC 9457), fixed words for each code. What came from
/// elsewhere is the agent's text, and so perhaps the host's: show it escaped.
public struct AgentProblem: Error, Equatable, Sendable {
    /// Stable, such as `session.slot.filled`.
    public let code: String
    public let title: String
    public let hint: String?
    /// The HTTP status.
    public let status: Int

    /// Whether the same request may be granted later: as much as can be done is being done, or the run goes on.
    public var isTemporary: Bool { status == 503 || code == AgentError.outputsPending.code }

    /// Whether no manifest has come yet.
    public var isOfUnlockedSession: Bool { code == AgentError.notLocked.code }

    /// Whether somebody locked the session before.
    public var isOfLockedSession: Bool { code == AgentError.alreadyLocked.code }

    /// Whether the slot was filled before.
    public var isOfFilledSlot: Bool { code == AgentError.slotFilled.code }

    /// Whether the session takes nothing at this moment, or nothing more.
    public var isOfClosedAdmission: Bool { code == AgentError.notAdmitting.code || status == 410 }

    /// Whether nothing waits for a confirmation, so that none is missing.
    public var isOfNothingAwaited: Bool { code == AgentError.notNeeded.code }

    /// Whether the answer was given before.
    public var isOfGivenAnswer: Bool { code == AgentError.answered.code }

    /// Whether there is nothing to decide on yet.
    public var isOfPendingReview: Bool { code == AgentError.reviewPending.code }

    private static let typePrefix = "urn:2cvm:problem:"
    package static let maximumByteCount = 16 * 1024

    init(_ error: some ExplainedError, status: Int) {
        code = error.code
        self.status = status
        title = error.message.prefix(1).uppercased() + error.message.dropFirst() + "."
        hint = error.hint
    }

    /// JSON on one line.
    package var encoded: [UInt8] {
        var members = [
            JSONMember("type", .string(Self.typePrefix + code)), JSONMember("title", .string(title)),
            JSONMember("status", .integer(status)), JSONMember("code", .string(code)),
        ]
        if let hint { members.append(JSONMember("hint", .string(hint))) }
        return JSONValue.object(members).canonicalBytes + [0x0A]
    }

    /// Decodes ``encoded``, or returns `nil` for anything else.
    package init?(decoding bytes: [UInt8], status: Int) {
        guard let value = try? JSONValue(parsing: bytes, maximumByteCount: Self.maximumByteCount, maximumDepth: 4),
            var object = try? JSONReader(value).object(),
            (try? object.string("type", maximumByteCount: 300)) != nil,
            let title = try? object.string("title", maximumByteCount: 1000),
            (try? object.integer("status", in: status...status)) != nil,
            let code = try? object.string("code", maximumByteCount: 100),
            !code.isEmpty, code.utf8.allSatisfy(Self.belongsToCode)
        else { return nil }
        var hint: String?
        if let reader = object.optional("hint") {
            guard let text = try? reader.string(maximumByteCount: 1000) else { return nil }
            hint = text
        }
        // Fixed words, each one line. More lines could pass for a program's own.
        guard (try? object.finish()) != nil, !(title + (hint ?? "")).unicodeScalars.contains("\n") else { return nil }
        self.code = code
        self.title = title
        self.hint = hint
        self.status = status
    }

    private static func belongsToCode(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
