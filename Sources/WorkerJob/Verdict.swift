/// How a worker's run ended. Fixed codes only: nothing that a component wrote is in one.
public enum Verdict: UInt8, CaseIterable, Equatable, Sendable {
    case completed = 0
    /// `run` returned its error case.
    case declined = 1
    /// A trap: a bug, a broken bound, or a call to `exit`.
    case trapped = 2
    /// The engine refused the composed binary.
    case refusedByEngine = 3
    /// The compiled binary imports something outside the host world.
    case importsDiffer = 4
    /// The binary compiled and could not be instantiated.
    case notInstantiated = 5
    /// A required wall could not be raised.
    case wallMissing = 6
    /// The job folder is not what its parent promised.
    case jobUnreadable = 7
    /// Machine code that was kept is of another engine, other settings, or for another processor.
    case keptCodeRefused = 8
}

/// What the worker is told once every input is in place: one byte.
package enum WorkerPermission {
    package static let byte: UInt8 = 0x01
}

/// What the worker writes to its status descriptor: one byte for each step, the last one a verdict.
public enum WorkerSignal: Equatable, Sendable {
    /// Every wall is up; hostile bytes come next.
    case walled
    /// Compiled, imports checked; execution comes next.
    case compiled
    case finished(Verdict)

    /// 0x01, 0x02, or 0x80 with the verdict in the low bits.
    public var byte: UInt8 {
        switch self {
        case .walled: 0x01
        case .compiled: 0x02
        case .finished(let verdict): 0x80 | verdict.rawValue
        }
    }

    /// Reads one byte, or returns `nil` when it is none of the signals.
    public init?(byte: UInt8) {
        switch byte {
        case 0x01: self = .walled
        case 0x02: self = .compiled
        default:
            guard byte & 0x80 != 0, let verdict = Verdict(rawValue: byte & 0x7F) else { return nil }
            self = .finished(verdict)
        }
    }
}
