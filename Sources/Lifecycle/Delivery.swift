public import Commitments
public import Keys
public import Primitives

/// A session's signed statement that it sealed an output to another session of its plan.
///
/// It says which flow of the plan the stream belongs to, what it commits to, and to which machine it was sealed. So an
/// auditor who has no receipt of that machine learns that there was one. It is worth what its session's key is worth.
public struct Delivery: Equatable, Sendable {
    /// The machine that the stream was sealed to.
    public struct Receiver: Equatable, Sendable {
        /// Its session's id.
        public let session: SHA256Digest
        /// SHA-256 of the attestation report that the sender affirmed.
        public let reportDigest: SHA256Digest

        /// Joins the two.
        public init(session: SHA256Digest, reportDigest: SHA256Digest) {
            self.session = session
            self.reportDigest = reportDigest
        }
    }

    /// The digest of the plan that has the flow.
    public let plan: SHA256Digest
    public let flow: Flow
    /// To the output, under the salt that travels with it; to nothing where the run released nothing.
    public let commitment: SHA256Digest
    /// What was sealed, padded to a size that the plan fixes.
    public let byteCount: Int
    /// The place among this session's deliveries, from 1 on.
    public let count: Int
    /// The sender's session id.
    public let session: SHA256Digest
    public let receiver: Receiver

    /// A session has at most 256 outputs, each of them for many receivers with up to 16 attempts.
    public static let maximumCount = 16_384
    private static let maximumContentByteCount = 1 << 40

    /// States a delivery.
    ///
    /// - Precondition: `count` is from 1 to ``maximumCount``, and `byteCount` not negative.
    public init(
        of flow: Flow, in plan: SHA256Digest, commitment: SHA256Digest, byteCount: Int, count: Int,
        from session: SHA256Digest, to receiver: Receiver
    ) {
        precondition((1...Self.maximumCount).contains(count), "deliveries are counted from 1")
        precondition((0...Self.maximumContentByteCount).contains(byteCount), "a size is bounded")
        self.plan = plan
        self.flow = flow
        self.commitment = commitment
        self.byteCount = byteCount
        self.count = count
        self.session = session
        self.receiver = receiver
    }
}

extension Delivery {
    /// Four names, six digests and two numbers.
    public static let payloadType = PayloadType(
        name: "application/vnd.2cvm.delivery+json", maximumByteCount: 2048)

    /// Signs the delivery with the sender's session key.
    public func signed(by key: SigningKey) -> Envelope {
        Envelope(signing: payload, as: Self.payloadType, by: key)
    }

    /// RFC 8785 form.
    public var payload: [UInt8] {
        let value: JSONValue = [
            "version": 1, "plan": .string(plan.prefixed), "from": .string(flow.from.description),
            "output": .string(flow.output.description), "to": .string(flow.to.description),
            "data": .string(flow.data.description), "commitment": .string(commitment.prefixed),
            "bytes": .integer(byteCount), "count": .integer(count), "session": .string(session.description),
            "receiver": [
                "session": .string(receiver.session.description), "report": .string(receiver.reportDigest.prefixed),
            ],
        ]
        return value.canonicalBytes
    }

    /// What an envelope claims, before its signature is looked at: which session's key is to be asked for.
    ///
    /// - Throws: ``DeliveryError``.
    public init(claimedBy envelope: Envelope) throws(DeliveryError) {
        try self.init(payload: envelope.payload)
    }

    /// Decodes a delivery that a session's key signed.
    ///
    /// - Throws: ``DeliveryError``.
    public init(verifying envelope: Envelope, from key: SigningPublicKey) throws(DeliveryError) {
        let payload: VerifiedPayload
        do {
            payload = try envelope.verified(by: [key])
        } catch {
            throw .signature(error)
        }
        try self.init(payload: payload.bytes)
    }

    private init(payload: [UInt8]) throws(DeliveryError) {
        guard
            let value = try? JSONValue(
                parsing: payload, maximumByteCount: Self.payloadType.maximumByteCount, maximumDepth: 3),
            value.canonicalBytes == payload
        else { throw .notCanonical }
        do {
            try self.init(JSONReader(value))
        } catch {
            throw .shape(error)
        }
    }

    private init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        plan = try object.required("plan").digest()
        flow = Flow(
            from: try object.required("from").name(), output: try object.required("output").name(),
            to: try object.required("to").name(), data: try object.required("data").name())
        commitment = try object.required("commitment").digest()
        byteCount = try object.integer("bytes", in: 0...Self.maximumContentByteCount)
        count = try object.integer("count", in: 1...Self.maximumCount)
        session = try object.hex("session")
        var receiver = try object.object("receiver")
        self.receiver = Receiver(
            session: try receiver.hex("session"), reportDigest: try receiver.required("report").digest())
        try receiver.finish()
        try object.finish()
    }
}

/// Why an envelope is not a delivery of the session that was asked for.
public enum DeliveryError: Error, Equatable, Sendable {
    case signature(EnvelopeError)
    case shape(JSONShapeError)
    /// Not JSON, or not in the one form that is signed.
    case notCanonical
    /// What holds several is none.
    case document(DocumentError)
}

extension DeliveryError: PositionedError {
    public var position: TextPosition? {
        if case .document(let error) = self { error.position } else { nil }
    }

    public var code: String {
        switch self {
        case .signature: "delivery.signature"
        case .shape: "delivery.shape"
        case .notCanonical: "delivery.form"
        case .document(let error): "delivery.\(error.code)"
        }
    }

    public var message: String {
        switch self {
        case .signature(let error): "the delivery is not signed by its session: \(error.message)"
        case .shape(let error): "the delivery is not of the form: \(error.message)"
        case .notCanonical: "the delivery is not canonical JSON"
        case .document(let error): error.message
        }
    }
}
