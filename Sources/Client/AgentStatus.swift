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

    static let maximumByteCount = 4096

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
            try slots.finish()
            isSimulated = try object.bool("simulated")
            try object.finish()
        } catch {
            throw .answer(.form)
        }
    }

    /// As `GET /v1/status` has it.
    public var json: JSONValue {
        [
            "version": 1, "stage": .string(stage.rawValue), "manifestDigest": .string(manifestDigest.description),
            "session": .string(session.description),
            "slots": ["total": .integer(totalSlots), "filled": .integer(filledSlots)], "simulated": .bool(isSimulated),
        ]
    }
}
