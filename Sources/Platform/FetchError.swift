public import Primitives

/// Why there is no answer.
public enum FetchError: Error, Equatable, Sendable {
    case notHTTPS
    case noCurl
    case unreachable
    /// The service answered with an error, such as "not found" or "too many requests".
    case refused
    case untrusted
    case tooSlow
    case tooLarge(maximum: Int)
    /// Any other exit status of `curl`.
    case curl(Int32)
    case system(PlatformError)

    /// Source: curl's manual, "EXIT CODES".
    init(curlStatus status: Int32) {
        switch status {
        case 5, 6, 7: self = .unreachable
        case 22: self = .refused
        case 28: self = .tooSlow
        case 35, 51, 58, 60, 77: self = .untrusted
        default: self = .curl(status)
        }
    }
}

extension FetchError: ExplainedError {
    public var code: String {
        switch self {
        case .notHTTPS: "fetch.https"
        case .noCurl: "fetch.curl"
        case .unreachable: "fetch.unreachable"
        case .refused: "fetch.refused"
        case .untrusted: "fetch.untrusted"
        case .tooSlow: "fetch.time"
        case .tooLarge: "fetch.size"
        case .curl: "fetch.failed"
        case .system(let error): error.code
        }
    }

    public var message: String {
        switch self {
        case .notHTTPS: "only https is fetched"
        case .noCurl: "there is no curl on this machine"
        case .unreachable: "the service cannot be reached"
        case .refused: "the service answered with an error"
        case .untrusted: "no secure connection to the service"
        case .tooSlow: "the service did not answer in time"
        case .tooLarge(let maximum): "the service sent more than \(maximum) bytes"
        case .curl(let status): "curl ended with status \(status)"
        case .system(let error): error.message
        }
    }

    public var hint: String? {
        switch self {
        case .noCurl: "install curl, or fetch the files elsewhere"
        case .refused:
            "it limits how often one may ask: what was fetched is kept, so wait a minute and run this again, or fetch "
                + "the rest elsewhere"
        case .untrusted: "install the ca-certificates package, or fetch the files elsewhere"
        case .system(let error): error.hint
        default: nil
        }
    }
}
