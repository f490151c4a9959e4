public import AgentAPI
public import Commitments
public import Formats
public import Primitives
public import Sealing

/// Why a participant's step was not taken, or not finished.
public enum ClientError: Error, Equatable, Sendable {
    /// Why a text is no agent's address.
    public enum AddressFault: Equatable, Sendable {
        case form, scheme, secureHTTP
    }

    /// What is wrong with an answer.
    public enum AnswerFault: Equatable, Sendable {
        case notHTTP, cut, tooLarge, redirected, form
        case status(Int)
    }

    case address(AddressFault)
    /// No connection, or it was lost before an answer came.
    case unreachable(AgentAddress)
    /// Nothing moved for so long.
    case timeout(seconds: Int)
    /// Something moved, and the answer did not come to its end within so long.
    case slow(seconds: Int)
    /// The agent answered with a problem.
    case refused(AgentProblem)
    /// What came is no answer of an agent.
    case answer(AnswerFault)
    /// The evidence that came cannot be decoded.
    case evidence(code: String, message: String)
    /// The stream cannot be made.
    case sealing(SealingError)
    /// The content could not be read.
    case source(Name)
    /// The content is shorter or longer than when it was begun.
    case contentChanged(Name)
    /// The manifest names no such slot, or it is another's.
    case notYourSlot(String)
    case contentTooLarge(Name, maximum: Int, found: Int)
    /// Code or data is not what the manifest pins.
    case contentDiffers(Name)
    /// Data is not of the format that the manifest gives it.
    case formatDiffers(Name, Misfit)
    /// The manifest pins data, and its commitment cannot be made without a salt.
    case saltMissing(Name)
    /// Data that is brought for each run anew names one, and nothing else does.
    case runUnstated(Name)
    /// The keys are nobody's in the manifest.
    case notAParticipant
    /// The session's evidence names another manifest than the one at hand.
    case otherManifest
}

extension ClientError: ExplainedError {
    public var code: String {
        switch self {
        case .address: "agent.address"
        case .unreachable: "agent.unreachable"
        case .timeout, .slow: "agent.timeout"
        case .refused(let problem): problem.code
        case .answer: "agent.answer"
        case .evidence(let code, _): code
        case .sealing(let error): error.code
        case .source: "submission.source"
        case .contentChanged: "submission.changed"
        case .notYourSlot: "submission.slot"
        case .contentTooLarge: "content.size"
        case .contentDiffers: "content.digest"
        case .formatDiffers: "content.format"
        case .saltMissing: "submission.salt"
        case .runUnstated: "submission.run"
        case .notAParticipant: "submission.participant"
        case .otherManifest: "submission.manifest"
        }
    }

    public var message: String {
        switch self {
        case .address(.form), .address(.scheme): "expected an agent's address as http://HOST:PORT"
        case .address(.secureHTTP): "https is not spoken to an agent"
        case .unreachable(let address): "no answer from \(address)"
        case .timeout(let seconds): "nothing came from the agent for \(seconds) s"
        case .slow(let seconds): "the agent did not come to the end of its answer within \(seconds) s"
        case .refused(let problem): "the agent refused: \(problem.title)"
        case .answer(let fault): "what answered is no agent: \(fault.words)"
        case .evidence(_, let message): "the agent's evidence cannot be decoded: \(message)"
        case .sealing(let error): error.message
        case .source(let name): "the content for \(name) cannot be read"
        case .contentChanged(let name): "the content for \(name) changed while it was read"
        case .notYourSlot(let name): "the manifest promises no \(name) of yours"
        case .contentTooLarge(let name, let maximum, let found):
            "expected at most \(maximum) bytes of \(name), found \(found)"
        case .contentDiffers(let name): "this is not the \(name) that the manifest pins"
        case .formatDiffers(let name, let misfit): "this is not of the format of \(name): \(misfit.message)"
        case .saltMissing(let name): "the manifest pins \(name), and its commitment cannot be made without its salt"
        case .runUnstated(let name): "\(name) is brought for each run anew, or for none: the manifest says which"
        case .notAParticipant: "the manifest names no participant with these keys"
        case .otherManifest: "the session is locked to another manifest"
        }
    }

    public var hint: String? {
        switch self {
        case .address(.secureHTTP): "use http: what travels is sealed to the attested session, and needs no second lock"
        case .address(.form): "a host and a port, with nothing behind them"
        case .unreachable: "is the agent running, does it listen there, and is its port forwarded?"
        case .refused(let problem) where problem.isOfUnlockedSession:
            problem.hint ?? "any participant locks it with `2cvm lock`"
        case .refused(let problem): problem.hint
        case .contentDiffers: "bring the very bytes that the manifest was signed for, with the same salt"
        case .formatDiffers(_, let misfit): misfit.hint ?? "bring data of the format that the manifest says"
        case .saltMissing: "it was printed by `2cvm data commit`"
        case .sealing(let error): error.hint
        default: nil
        }
    }
}

extension ClientError.AnswerFault {
    fileprivate var words: String {
        switch self {
        case .notHTTP: "not HTTP"
        case .cut: "it ended in the middle"
        case .tooLarge: "more than such an answer can have"
        case .redirected: "a redirection, which an agent never gives"
        case .form: "not of the form that it should have"
        case .status(let status): "status \(status) without a reason"
        }
    }
}
