internal import AgentAPI
internal import NIOHTTP1
internal import NIOPosix
internal import Platform
internal import Synchronization

/// The agent's log: lines of fixed words and numbers on standard error, for the operator.
///
/// Nothing that a peer wrote is in it, and not where it came from: the path is the table's, a token or nonce never
/// appears. A reader that takes nothing costs lines, never an answer.
package final class ServiceLog: Sendable {
    /// Which requests get a line of their own.
    package enum Detail: String, CaseIterable, Sendable {
        /// None, refusals neither.
        case nothing = "none"
        /// Those that change something, and those that were refused.
        case changes
        case requests
    }

    /// Lines that may wait to be written.
    private static let maximumWaitingCount = 1024

    private let program: String
    private let detail: Detail
    private let write: @Sendable ([UInt8]) -> Void
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let queue = Mutex((waiting: 0, dropped: 0))

    /// Starts a log.
    ///
    /// - Parameters:
    ///   - program: what each line begins with.
    ///   - write: takes one line with its newline; may block.
    package init(
        program: String, detail: Detail,
        write: @escaping @Sendable ([UInt8]) -> Void = { try? NamedFile.writeStandardError($0) }
    ) {
        self.program = program
        self.detail = detail
        self.write = write
        thread.start()
    }

    /// Writes what waits, then nothing more.
    package func close() async {
        try? await thread.shutdownGracefully()
    }

    /// Adds a line of fixed words.
    package func note(_ words: String) {
        let dropped = queue.withLock { queue -> Int? in
            guard queue.waiting < Self.maximumWaitingCount else {
                queue.dropped += 1
                return nil
            }
            queue.waiting += 1
            defer { queue.dropped = 0 }
            return queue.dropped
        }
        guard let dropped else { return }
        thread.submit { [self] _ in
            if dropped > 0 { write(Array("\(program): \(dropped) lines of the log were lost\n".utf8)) }
            write(Array("\(program): \(words)\n".utf8))
            queue.withLock { $0.waiting -= 1 }
        }
    }

    func note(_ entry: LogEntry) {
        switch detail {
        case .nothing: return
        case .changes: guard entry.isRefused || entry.route?.changesSomething == true else { return }
        case .requests: break
        }
        note(entry.words)
    }
}

/// One request, as the log tells it.
struct LogEntry {
    private let begin = ContinuousClock.now
    private let method: String
    var route: AgentRoute?
    var status = 0
    var code: String?
    var isRefused = false
    var receivedByteCount = 0
    var sentByteCount = 0

    init(_ head: HTTPRequestHead) {
        switch head.method {
        case .GET, .HEAD, .PUT, .POST, .DELETE, .OPTIONS, .PATCH: method = head.method.rawValue
        default: method = "OTHER"
        }
    }

    /// `PUT /v1/manifest 200 in 12 ms, 6210 bytes in, 180 bytes out`.
    var words: String {
        let milliseconds = (ContinuousClock.now - begin) / .milliseconds(1)
        let code = code.map { " \($0)" } ?? ""
        return "\(method) \(route?.rawValue ?? "-") \(status)\(code) in \(Int(milliseconds)) ms, "
            + "\(receivedByteCount) bytes in, \(sentByteCount) bytes out"
    }
}
