public import Commitments
public import Primitives

/// Why a content is not what a session seals for this recipient under this manifest.
public enum OutputsIndexError: Error, Equatable, Sendable {
    /// The content ends before its index does.
    case tooShort(expected: Int, found: Int)
    /// The index announces more than one under this manifest can have.
    case tooLarge(maximum: Int, found: Int)
    case document(DocumentError)
    /// JSON, and not in the one form that sessions write.
    case notCanonical
    /// The entries are not all of this recipient's outputs in the manifest's order, nor none of them.
    case outputsDiffer(expected: [Name])
}

extension OutputsIndexError: ExplainedError {
    public var code: String {
        switch self {
        case .tooShort: "outputs.index.short"
        case .tooLarge: "outputs.index.size"
        case .document(let error): "outputs.index.\(error.code)"
        case .notCanonical: "outputs.index.form"
        case .outputsDiffer: "outputs.index.outputs"
        }
    }

    public var message: String {
        switch self {
        case .tooShort(let expected, let found): "expected \(expected) bytes up to the end of the index, found \(found)"
        case .tooLarge(let maximum, let found): "expected an index of at most \(maximum) bytes, found \(found)"
        case .document(let error): "the index of the outputs: \(error.message)"
        case .notCanonical: "the index of the outputs is not in its canonical form"
        case .outputsDiffer: "the outputs are not those that the manifest gives to this recipient"
        }
    }
}
