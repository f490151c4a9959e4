internal import AgentAPI
package import Client
package import Commitments
package import Composition
package import Evidence
package import Execution
package import Formats
package import Image
package import Keys
package import Lifecycle
package import Platform
package import Primitives
package import Verification

/// How a command ends. 0 is done.
package enum ExitStatus: Int32 {
    /// What was asked was understood, and a rule says no.
    case refused = 1
    /// What was read is not what it should be: it cannot be decoded, or is too large to be it.
    case unreadable = 2
    /// A file that cannot be opened, read or written; a network, a device or a tool that does not answer.
    case unavailable = 3
    case runFailed = 4
    case usage = 64
    case interrupted = 130
}

/// An error that a command can end with. The status belongs to the error, so that one fault has one everywhere.
///
/// Libraries know nothing of processes: the status of each of their errors is stated here.
package protocol CommandFault: ExplainedError {
    var status: ExitStatus { get }
}

// MARK: - What was read

extension JSONError: CommandFault {
    package var status: ExitStatus { .unreadable }
}

extension JSONShapeError: CommandFault {
    package var status: ExitStatus { .unreadable }
}

extension Misfit: CommandFault {
    package var status: ExitStatus { .refused }
}

extension ManifestError: CommandFault {
    package var status: ExitStatus {
        if case .rule = self { .refused } else { .unreadable }
    }
}

extension EnvelopeError: CommandFault {
    package var status: ExitStatus {
        switch self {
        case .document: .unreadable
        default: .refused
        }
    }
}

extension AgreementError: CommandFault where Terms.Fault: CommandFault {
    package var status: ExitStatus {
        switch self {
        case .envelope(let error): error.status
        case .terms(let error): error.status
        default: .refused
        }
    }
}

extension KeyFileError: CommandFault {
    package var status: ExitStatus {
        switch self {
        case .document: .unreadable
        case .emptyPassphrase, .passphraseTooLong, .wrongPassphrase: .refused
        case .noMemory: .unavailable
        }
    }
}

extension AddressBookError: CommandFault {
    package var status: ExitStatus {
        switch self {
        case .document: .unreadable
        default: .refused
        }
    }
}

extension EvidenceFileError: CommandFault {
    package var status: ExitStatus {
        switch self {
        case .envelope(let error): error.status
        case .notCanonical: .refused
        default: .unreadable
        }
    }
}

extension TokenError: CommandFault {
    package var status: ExitStatus {
        switch self {
        case .form, .json, .shape: .unreadable
        default: .refused
        }
    }
}

extension PolicyHistoryError: CommandFault {
    package var status: ExitStatus { .refused }
}

extension ReportError: CommandFault {
    package var status: ExitStatus { .unreadable }
}

extension CertificateError: CommandFault {
    package var status: ExitStatus { .unreadable }
}

extension KeyDistributionError: CommandFault {
    package var status: ExitStatus {
        switch self {
        case .unreadableChain, .certificate: .unreadable
        default: .refused
        }
    }
}

extension FirmwareError: CommandFault {
    package var status: ExitStatus { .unreadable }
}

extension ImageFileError: CommandFault {
    package var status: ExitStatus { .unreadable }
}

extension ComponentReadingError: CommandFault {
    package var status: ExitStatus { .unreadable }
}

extension IDBlockError: CommandFault {
    package var status: ExitStatus {
        switch self {
        case .wrongSignature: .refused
        case .signingFailed: .unavailable
        default: .unreadable
        }
    }
}

// MARK: - What was held against rules

extension AdmissionError: CommandFault {
    package var status: ExitStatus { .refused }
}

extension CompositionError: CommandFault {
    package var status: ExitStatus { .refused }
}

extension LaunchError: CommandFault {
    package var status: ExitStatus { .refused }
}

extension LaunchRefusal: CommandFault {
    package var status: ExitStatus { .refused }
}

extension ArchiveError: CommandFault {
    package var status: ExitStatus { .refused }
}

extension ImageError: CommandFault {
    package var status: ExitStatus {
        if case .platform(let error) = self { error.status } else { .refused }
    }
}

extension OutputsError: CommandFault {
    package var status: ExitStatus { .refused }
}

/// Whoever waits for outputs of a session that has ended waits in vain.
extension ReviewError: CommandFault {
    package var status: ExitStatus { .refused }
}

extension Session.EndReason: CommandFault {
    package var status: ExitStatus { .refused }
}

extension ReceiptChainError: CommandFault {
    package var status: ExitStatus { .refused }
}

extension LedgerError: CommandFault {
    package var status: ExitStatus {
        if case .unreadable = self { .unreadable } else { .refused }
    }
}

// MARK: - What did not answer, and what did not run

extension PlatformError: CommandFault {
    package var status: ExitStatus { .unavailable }
}

extension FetchError: CommandFault {
    package var status: ExitStatus { .unavailable }
}

extension ClientError: CommandFault {
    package var status: ExitStatus {
        switch self {
        case .unreachable, .timeout, .slow, .answer, .source, .contentChanged: .unavailable
        case .evidence: .unreadable
        // Asked again, it may be given.
        case .refused(let problem): problem.isTemporary ? .unavailable : .refused
        default: .refused
        }
    }
}

extension ExecutionError: CommandFault {
    package var status: ExitStatus { .unavailable }
}

extension FailureReason: CommandFault {
    package var status: ExitStatus { self == .cancelled ? .interrupted : .runFailed }
}

extension EngineRefusal: CommandFault {
    package var status: ExitStatus { .runFailed }
}

extension RefusedExit: CommandFault {
    package var status: ExitStatus { .runFailed }
}

extension VMError: CommandFault {
    package var status: ExitStatus { self == .cancelled ? .interrupted : .unavailable }
}
