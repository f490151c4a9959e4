internal import Platform
package import Primitives

/// Why the agent did not begin, and the status to end with.
package struct AgentFailure: Error {
    /// As every command of this project ends.
    package enum Status: Int32, Sendable {
        case refused = 1
        case unreadable = 2
        case unavailable = 3
        case usage = 64
    }

    package let status: Status
    package let error: any ExplainedError

    /// Pairs an error with the status to end with.
    package init(_ status: Status, _ error: any ExplainedError) {
        self.status = status
        self.error = error
    }

    /// `2cvm-agent: error[code]: message`, then a hint.
    package func lines(of program: String) -> String {
        let hint = error.hint.map { "\(program): hint: \($0)\n" } ?? ""
        return "\(program): error[\(error.code)]: \(error.message)\n" + hint
    }

    /// Prints the lines on standard error.
    package func report(as program: String) {
        // Nobody is left to tell when standard error itself cannot be written.
        try? NamedFile.writeStandardError(Array(lines(of: program).utf8))
    }
}

/// What an agent needs of its machine, and does not find.
package enum StartError: Error, Equatable, Sendable {
    /// The worker, or the gate beside it.
    case noProgram(String)
    case noReport(code: String)
    case unreadableReport
    case cannotListen(AgentServer.Address, reason: String)
    case tooFewFiles(found: Int, needed: Int)
    case notInMemory(String)
}

extension StartError: ExplainedError {
    package var code: String {
        switch self {
        case .noProgram: "agent.program"
        case .noReport: "agent.report"
        case .unreadableReport: "agent.report.form"
        case .cannotListen: "agent.listen"
        case .tooFewFiles: "agent.files"
        case .notInMemory: "agent.folder"
        }
    }

    package var message: String {
        switch self {
        case .noProgram(let path): "a program is missing: there is no \(path)"
        case .noReport(let code): "the platform gave no report of this machine (\(code))"
        case .unreadableReport: "the platform's report is not of a form that this version reads"
        case .cannotListen(let address, let reason): "cannot listen at \(address): \(reason)"
        case .notInMemory(let folder): "\(folder) lies on a disk, and what a session holds may lie in memory alone"
        case .tooFewFiles(let found, let needed): "\(needed) open files are needed, and the system allows \(found)"
        }
    }

    package var hint: String? {
        switch self {
        case .noProgram: "it belongs beside the agent, or where --worker says"
        case .cannotListen: "choose another address with --listen HOST:PORT; port 0 takes any that is free"
        case .tooFewFiles: "raise the hard limit, for instance with `ulimit -H -n`"
        case .notInMemory: "name a folder of a tmpfs with --folder, such as /dev/shm"
        case .noReport, .unreadableReport: nil
        }
    }
}
