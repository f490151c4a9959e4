public import Keys
internal import Primitives

/// A session's deliveries so far, as its agent gives them to anyone who asks: nothing in it is verified yet.
public struct DeliveryList: Equatable, Sendable {
    /// In the order of their counts, as the sender says.
    public let envelopes: [Envelope]

    /// 16,384 envelopes.
    public static let maximumByteCount = 48 << 20

    /// Joins them.
    public init(_ envelopes: [Envelope]) {
        self.envelopes = envelopes
    }

    /// Decodes `{"version": 1, "deliveries": [envelope, …]}`.
    ///
    /// - Throws: ``DeliveryError/document(_:)``; signatures are the caller's to verify.
    public init(decoding bytes: [UInt8]) throws(DeliveryError) {
        envelopes = try JSONDocument.read(
            bytes, maximumByteCount: Self.maximumByteCount, maximumDepth: 5, orThrow: DeliveryError.document
        ) { reader throws(JSONShapeError) in
            var object = try reader.object()
            _ = try object.integer("version", in: 1...1)
            var envelopes: [Envelope] = []
            for entry in try object.array("deliveries", maximumCount: Delivery.maximumCount) {
                let envelope = try Envelope(entry, as: Delivery.payloadType)
                guard envelope.signatures.count == 1 else {
                    throw .wrongForm(entry.path, expected: "an envelope with one signature")
                }
                envelopes.append(envelope)
            }
            try object.finish()
            return envelopes
        }
    }

    /// As `GET /v1/deliveries` has it.
    public var encoded: [UInt8] {
        let value: JSONValue = ["version": 1, "deliveries": .array(envelopes.map(\.json))]
        return value.canonicalBytes + [UInt8(ascii: "\n")]
    }
}
