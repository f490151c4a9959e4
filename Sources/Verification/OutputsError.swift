public import Commitments
public import Evidence
public import Lifecycle
public import Primitives
public import Sealing

/// Why what a session sent to a recipient, or what was kept of it, is not believed.
public enum OutputsError: Error, Equatable, Sendable {
    case sealing(SealingError)
    /// The stream's header is another recipient's, or says what no session says.
    case header
    case index(OutputsIndexError)
    case receipt(ReceiptError)
    /// The receipt is not a receipt of this manifest: a slot or an output differs.
    case receiptDiffers(String)
    case evidence(EvidenceFileError)
    /// The evidence that travels with the receipt is another session's or answers a nonce.
    case otherEvidence
    /// The evidence that travels with the receipt does not meet what the manifest demands.
    case contraindicated([Finding])
    /// The receipt names another report than the one that travels with it.
    case otherReport
    /// An output is not what the receipt commits to.
    case outputDiffers(Name)
    /// The outputs are not those of the receipt.
    case outputsDiffer
    case notice
    /// The receipt is another run's.
    case otherRun
    /// Something stands where nothing belongs.
    case padding
    case incomplete
    /// The appraisal record is not of the form, or not signed by a participant.
    case record(String)
}

extension OutputsError: ExplainedError {
    private var cause: (any ExplainedError)? {
        switch self {
        case .sealing(let error): error
        case .index(let error): error
        case .receipt(let error): error
        case .evidence(let error): error
        default: nil
        }
    }

    public var code: String {
        if let cause { return cause.code }
        return switch self {
        case .header: "outputs.header"
        case .receiptDiffers: "receipt.differs"
        case .otherEvidence: "receipt.evidence"
        case .contraindicated: "appraisal.contraindicated"
        case .otherReport: "receipt.report"
        case .outputDiffers: "outputs.digest"
        case .outputsDiffer: "outputs.differ"
        case .notice: "outputs.notice"
        case .otherRun: "receipt.run"
        case .padding: "outputs.padding"
        case .incomplete: "outputs.incomplete"
        default: "appraisal.record"
        }
    }

    public var message: String {
        if let cause { return cause.message }
        return switch self {
        case .header: "the stream is not the session's to this recipient"
        case .receiptDiffers(let what): "the receipt does not fit the manifest: \(what)"
        case .otherEvidence: "the evidence beside the receipt is not this session's"
        case .contraindicated(let findings):
            "the evidence beside the receipt is contraindicated: "
                + findings.filter { $0.severity == .contraindicated }.map(\.code).joined(separator: ", ")
        case .otherReport: "the receipt names another report than the one beside it"
        case .outputDiffers(let name): "\(name) is not what the receipt commits to"
        case .outputsDiffer: "the outputs are not those of the receipt"
        case .notice: "the notice is not text"
        case .otherRun: "the receipt is another run's"
        case .padding: "bytes stand where the stream must be empty"
        case .incomplete: "the stream ended before its end"
        case .record(let what): "what was kept does not hold: \(what)"
        default: ""
        }
    }

    public var hint: String? {
        switch self {
        case .sealing(let error):
            if case .cannotOpen = error {
                "the stream was changed on its way, or is not yours; fetch it again, nothing of it was kept"
            } else {
                error.hint
            }
        case .padding, .incomplete: "fetch it again; nothing of it was kept"
        default: cause?.hint
        }
    }
}
