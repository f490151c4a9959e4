public import Keys
public import Primitives

/// Yes or no to what one review showed, as somebody signs it.
///
/// It names the session, the run and the receipt before it, so that it answers one review and no other.
public struct Decision: Equatable, Sendable {
    public let session: SHA256Digest
    public let run: RunReference
    public let subject: Review.Subject
    /// ``Review/digest``.
    public let reviewed: SHA256Digest
    public let agrees: Bool

    /// Answers a review.
    public init(
        session: SHA256Digest, run: RunReference, to subject: Review.Subject, reviewed: SHA256Digest, agrees: Bool
    ) {
        self.session = session
        self.run = run
        self.subject = subject
        self.reviewed = reviewed
        self.agrees = agrees
    }

    public static let payloadType = PayloadType(
        name: "application/vnd.2cvm.answer+json", maximumByteCount: 2048)

    /// Every answer is sealed in a content of this size, with zeros behind it: yes and no look alike.
    public static let contentByteCount = 4096

    /// Signs the answer.
    public func signed(by key: SigningKey) -> Envelope {
        Envelope(signing: payload, as: Self.payloadType, by: key)
    }

    /// RFC 8785 form.
    public var payload: [UInt8] {
        let members = [
            JSONMember("version", 1), JSONMember("session", .string(session.description)),
            JSONMember("subject", .string(subject.rawValue)), JSONMember("reviewed", .string(reviewed.prefixed)),
            JSONMember("agrees", .bool(agrees)),
        ]
        return JSONValue.object(members + run.members).canonicalBytes
    }

    /// Decodes an answer that `key` signed; `nil` for anything else.
    public init?(verifying envelope: Envelope, from key: SigningPublicKey) {
        guard let payload = try? envelope.verified(by: [key]), payload.type == Self.payloadType,
            let answer = Decision(decoding: payload.bytes)
        else { return nil }
        self = answer
    }

    /// Decodes ``payload``; `nil` for anything else.
    public init?(decoding payload: [UInt8]) {
        guard let value = try? JSONValue(parsing: payload, maximumByteCount: Self.payloadType.maximumByteCount),
            value.canonicalBytes == payload, let answer = try? Decision(JSONReader(value))
        else { return nil }
        self = answer
    }

    private init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        session = try object.hex("session")
        run = try RunReference(&object)
        subject = try object.choice("subject", of: Review.Subject.self)
        reviewed = try object.required("reviewed").digest()
        agrees = try object.bool("agrees")
        try object.finish()
    }
}
