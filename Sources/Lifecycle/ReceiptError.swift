public import Keys
public import Primitives

/// Why an envelope is not a receipt of the session that was asked for.
public enum ReceiptError: Error, Equatable, Sendable {
    case signature(EnvelopeError)
    case shape(JSONShapeError)
    /// Not JSON, or not in the one form that is signed.
    case notCanonical
    case otherSession
    case outputsOfAFailedRun
}

extension ReceiptError: ExplainedError {
    public var code: String {
        switch self {
        case .signature: "receipt.signature"
        case .shape: "receipt.shape"
        case .notCanonical: "receipt.form"
        case .otherSession: "receipt.session"
        case .outputsOfAFailedRun: "receipt.outputs"
        }
    }

    public var message: String {
        switch self {
        case .signature(let error): "the receipt is not signed by its session: \(error.message)"
        case .shape(let error): "the receipt is not of the form: \(error.message)"
        case .notCanonical: "the receipt is not canonical JSON"
        case .otherSession: "the receipt is another session's"
        case .outputsOfAFailedRun: "the receipt names outputs of a run that failed"
        }
    }
}
