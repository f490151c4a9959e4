internal import Primitives

/// A refusal as the agent words it (RFC 9457). Its text is the agent's, and so perhaps the host's: show it escaped.
public struct AgentProblem: Equatable, Sendable {
    /// Stable, such as `session.slot.filled`.
    public let code: String
    public let title: String
    public let hint: String?
    /// The HTTP status.
    public let status: Int

    /// Whether the same request may be granted later: as much as can be done is being done, or the run goes on.
    public var isTemporary: Bool { status == 503 || code == "outputs.pending" }

    static let mediaType = "application/problem+json"
    static let maximumByteCount = 16 * 1024

    /// Decodes `application/problem+json`, or returns `nil` for anything else.
    init?(decoding bytes: [UInt8], status: Int) {
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
