public import Primitives

/// Why a token is not believed.
public enum TokenError: Error, Equatable, Sendable {
    /// It is not three parts of base64url.
    case form
    case json(JSONError)
    case shape(JSONShapeError)
    /// It was signed in another way, or not at all, or is no token of this kind.
    case algorithm
    /// It names another key than the one that was asked for.
    case key
    case signature
    case audience
    /// It was issued later, or has expired.
    case time
}

extension TokenError: ExplainedError {
    public var code: String {
        switch self {
        case .form: "token.form"
        case .json(let error): "token.\(error.code)"
        case .shape(let error): "token.\(error.code)"
        case .algorithm: "token.algorithm"
        case .key: "token.key"
        case .signature: "token.signature"
        case .audience: "token.audience"
        case .time: "token.time"
        }
    }

    public var message: String {
        switch self {
        case .form: "expected three parts of base64url, joined by dots"
        case .json(let error): error.message
        case .shape(let error): error.message
        case .algorithm: "expected a token of the type \(AppraisalToken.type), signed with \(AppraisalToken.algorithm)"
        case .key: "the token names another key than the one that was asked for"
        case .signature: "the signature does not hold"
        case .audience: "the token is not for whoever asks"
        case .time: "the token was issued later than now, or has expired"
        }
    }

    public var hint: String? {
        switch self {
        case .audience: "name whom it is for with --audience, if that is you"
        case .key, .signature: "name the key whose word you ask for with --by"
        default: nil
        }
    }
}
