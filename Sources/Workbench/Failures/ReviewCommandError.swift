package import Commitments

/// What commands of runs and reviews refuse by themselves.
package enum ReviewCommandError: Error, Equatable, CommandFault {
    case notShown
    case noRunYet
    case nothingToDecide
    case noApprover(Name)

    package var status: ExitStatus {
        switch self {
        case .noRunYet, .nothingToDecide: .unavailable
        case .notShown, .noApprover: .refused
        }
    }

    package var code: String {
        switch self {
        case .notShown: "review.unseen"
        case .noRunYet: "run.none"
        case .nothingToDecide: "review.none"
        case .noApprover: "review.approver"
        }
    }

    package var message: String {
        switch self {
        case .notShown: "nothing with this digest was shown to you in this session"
        case .noRunYet: "no run has ended yet"
        case .nothingToDecide: "nothing waits for your answer"
        case .noApprover(let name): "the manifest lets \(name) decide on nothing"
        }
    }

    package var hint: String? {
        switch self {
        case .notShown: "look at it first: `2cvm review`"
        case .noRunYet: "wait for it with `2cvm fetch --wait`"
        case .nothingToDecide: "wait for it with `2cvm review --wait`"
        case .noApprover: nil
        }
    }
}
