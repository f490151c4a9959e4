public import Commitments
public import Evidence
internal import Lifecycle
public import Primitives

/// What was kept of a run, verified offline: the receipt, and what makes it worth something.
public struct KeptReceipt: Sendable {
    /// With the evidence that travelled with it.
    public let verified: VerifiedReceipt
    /// Whose evidence was appraised again.
    public let record: AppraisalRecord
    /// Whose word the record is.
    public let signer: Participant
    /// The outputs that were at hand, each of which is what its commitment says.
    public var compared: [Name] { verified.receipt.outputs.map(\.name).filter { contents[$0] != nil } }
    /// SHA-256 of each of them.
    public let contents: [Name: SHA256Digest]
    /// As of when it was judged.
    public let time: Timestamp

    /// Joins what a verification found.
    package init(
        _ verified: VerifiedReceipt, record: AppraisalRecord, signer: Participant, contents: [Name: SHA256Digest],
        at time: Timestamp
    ) {
        self.verified = verified
        self.record = record
        self.signer = signer
        self.contents = contents
        self.time = time
    }
}
