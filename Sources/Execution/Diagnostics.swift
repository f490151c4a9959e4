internal import Platform
internal import Primitives

/// Why code failed, in the words of the engine and of the code: for a person who rehearses with data of their own.
///
/// All of it is hostile text. Control characters are escaped, so that it cannot act on a terminal.
public struct Diagnostics: Equatable, Sendable {
    /// What the engine said: a trap, an import that does not fit.
    public let engine: String
    /// What components printed, released or not: the end of each, where errors are told.
    public let logs: [ComponentLog]

    /// The end of what one component printed to one stream.
    public struct ComponentLog: Equatable, Sendable {
        public let component: String
        /// `stdout` or `stderr`.
        public let stream: String
        public let text: String
        /// Whether something before ``text`` was left out.
        public let isCut: Bool
    }
}

/// Collects what a worker says, and no more of it than a person would read.
struct DiagnosticsRecord {
    static let maximumBytes = 65_536
    private static let maximumLogBytes = 16_384
    private static let streams = ["stdout", "stderr"]

    private var bytes: [UInt8] = []

    /// Takes a piece; beyond the bound it is dropped.
    mutating func append(_ piece: [UInt8]) {
        bytes += piece.prefix(Self.maximumBytes - bytes.count)
    }

    /// Adds the logs that lie in the job folder.
    func diagnostics(_ plan: ExecutionPlan, from job: borrowing Folder) -> Diagnostics {
        var logs: [Diagnostics.ComponentLog] = []
        for folder in plan.folders where folder.hasPrefix("log/") && folder.split(separator: "/").count == 2 {
            for stream in Self.streams {
                guard let file = try? job.file(folder + "/" + stream), file.byteCount > 0 else { continue }
                let start = max(0, file.byteCount - Self.maximumLogBytes)
                guard let end = try? file.read(upTo: Self.maximumLogBytes, at: start) else { continue }
                logs.append(
                    Diagnostics.ComponentLog(
                        component: String(folder.dropFirst("log/".count)), stream: stream, text: escaped(end),
                        isCut: start > 0))
            }
        }
        return Diagnostics(engine: escaped(bytes), logs: logs)
    }
}

/// Text that cannot act on a terminal, or look like other text: line feeds and tabs stay, other characters that do not
/// show themselves become `\u{1B}`, and bytes that are not UTF-8 the replacement character.
package func escaped(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self).showingItself(besides: ["\n", "\t"])
}
