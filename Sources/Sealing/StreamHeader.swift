public import Keys
public import Primitives

/// What a sender says, and signs, about the content that follows.
public struct StreamHeader: Equatable, Sendable {
    /// The session that the stream is for.
    public let session: SHA256Digest
    public let purpose: Purpose
    /// The slot that the content fills, a recipient's name for outputs, or empty where the purpose has none.
    public let slot: String
    /// Bytes of content.
    public let length: Int
    /// What a commitment to the content is made with. Zero where the content is pinned by its plain digest.
    public let salt: FixedBytes<32>
    /// The run that the content is for; `nil` where it is for all.
    public let run: RunReference?

    /// The longest slot: names have 40 characters.
    public static let maximumSlotByteCount = 64

    /// - Precondition: `slot` has at most ``maximumSlotByteCount`` bytes.
    public init(
        session: SHA256Digest, purpose: Purpose, slot: String, length: Int, salt: FixedBytes<32>,
        run: RunReference? = nil
    ) {
        precondition(slot.utf8.count <= Self.maximumSlotByteCount, "slots are names of a manifest")
        self.session = session
        self.purpose = purpose
        self.slot = slot
        self.length = length
        self.salt = salt
        self.run = run
    }
}

extension StreamHeader {
    /// The payload type of the envelope around a header.
    static let payloadType = PayloadType(
        name: "application/vnd.2cvm.stream-header+json", maximumByteCount: 1024)

    /// The members that the binding code covers; with the code, the payload that is signed.
    private var members: [JSONMember] {
        [
            JSONMember("version", .integer(1)),
            JSONMember("session", .string(session.description)),
            JSONMember("purpose", .string(purpose.rawValue)),
            JSONMember("slot", .string(slot)),
            JSONMember("length", .integer(length)),
            JSONMember("salt", .string(salt.description)),
        ] + (run?.members ?? [])
    }

    /// RFC 8785 form without the binding code: what the code is computed over.
    var unboundBytes: [UInt8] { JSONValue.object(members).canonicalBytes }

    /// RFC 8785 form with the binding code: the payload that the sender signs.
    func payload(boundBy code: FixedBytes<32>) -> [UInt8] {
        JSONValue.object(members + [JSONMember("binding", .string(code.description))]).canonicalBytes
    }

    /// Decodes a payload. The code is returned apart, for the stream to compare.
    static func decode(_ payload: [UInt8]) throws(SealingError) -> (header: StreamHeader, code: FixedBytes<32>) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: payload, maximumByteCount: StreamFormat.headerByteCount)
        } catch {
            throw .malformedHeader(nil)
        }
        guard value.canonicalBytes == payload else { throw .malformedHeader(nil) }
        do {
            return try decode(JSONReader(value))
        } catch {
            throw .malformedHeader(error)
        }
    }

    private static func decode(
        _ reader: JSONReader
    ) throws(JSONShapeError) -> (header: StreamHeader, code: FixedBytes<32>) {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        let header = StreamHeader(
            session: try object.hex("session"),
            purpose: try object.choice("purpose", of: Purpose.self),
            slot: try object.string("slot", maximumByteCount: maximumSlotByteCount),
            length: try object.integer("length", in: 0...StreamFormat.maximumContentByteCount),
            salt: try object.hex("salt"), run: try RunReference.optional(&object))
        let code: FixedBytes<32> = try object.hex("binding")
        try object.finish()
        return (header, code)
    }
}
