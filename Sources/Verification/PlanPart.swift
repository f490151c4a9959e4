public import Commitments
internal import Evidence
public import Keys
public import Lifecycle
public import Primitives

/// One machine's part in a plan, as its receipt and what lies beside it say.
public struct PlanPart: Sendable {
    /// Verified, with the evidence of the machine that signed it.
    public let receipt: Receipt
    /// Where it lies, for people.
    public let place: String
    /// Whether no processor stands behind it.
    public let isSimulated: Bool
    /// What the machine says that it sent to others: not verified before the audit. `nil` where nobody kept it.
    let deliveries: [Envelope]?
    /// SHA-256 of each output that is at hand, and is what its commitment says.
    let contents: [Name: SHA256Digest]
    let slots: [Name: CommittedEntry]
    let outputs: [Name: SHA256Digest]

    /// Joins a receipt that was verified, and what lies beside it.
    ///
    /// - Parameters:
    ///   - kept: What was verified.
    ///   - place: Where it lies.
    ///   - deliveries: The session's own, as they came; `nil` where nobody kept them.
    public init(_ kept: KeptReceipt, in place: String, deliveries: [Envelope]?) {
        self.init(
            kept.verified.receipt, in: place, isSimulated: kept.verified.evidence.endorsements.anchor == .simulated,
            deliveries: deliveries, contents: kept.contents)
    }

    /// Takes a receipt for a verified one.
    package init(
        _ receipt: Receipt, in place: String, isSimulated: Bool, deliveries: [Envelope]?,
        contents: [Name: SHA256Digest]
    ) {
        self.receipt = receipt
        self.place = place
        self.isSimulated = isSimulated
        self.deliveries = deliveries
        self.contents = contents
        slots = Dictionary(receipt.slots.map { ($0.name, $0) }) { first, _ in first }
        outputs = Dictionary(receipt.outputs.map { ($0.name, $0.digest) }) { first, _ in first }
    }

    /// Which session of the plan it is.
    public var name: Name? { receipt.plan?.session }
    /// Of this machine's session.
    public var sessionID: SHA256Digest { receipt.sessionID }
}

extension PlanPart {
    /// Two copies of one machine's part, with what either has beside it.
    func joined(with other: PlanPart) -> PlanPart {
        // A longer list was asked for later: a machine counts on. Both begin with the same deliveries, or differ.
        var told = deliveries ?? []
        for envelope in other.deliveries ?? [] where !told.contains(envelope) { told.append(envelope) }
        return PlanPart(
            receipt, in: place, isSimulated: isSimulated,
            deliveries: deliveries == nil && other.deliveries == nil ? nil : told,
            contents: contents.merging(other.contents) { first, _ in first })
    }
}

extension PlanMembership {
    /// What a receipt claims to be of, before its signature is looked at: which manifest to hold it against.
    public init?(claimedBy receipt: Envelope) {
        guard
            let value = try? JSONValue(
                parsing: receipt.payload, maximumByteCount: Receipt.payloadType.maximumByteCount),
            var object = try? JSONReader(value).object(), let plan = try? object.required("plan").digest(),
            let session = try? object.required("name").name()
        else { return nil }
        self.init(digest: plan, session: session)
    }
}
