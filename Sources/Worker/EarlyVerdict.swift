import Primitives
import Wasmtime
import WorkerJob

/// How a job ended before `run` could answer.
struct EarlyVerdict: Error {
    let verdict: Verdict
    /// For the person who rehearses. It can quote what a component's author wrote.
    let words: String

    init(_ verdict: Verdict, _ words: String) {
        self.verdict = verdict
        self.words = words
    }

    /// The job folder is not what the parent promised.
    init(unreadable error: some ExplainedError) {
        self.init(.jobUnreadable, error.message)
    }

    init(_ error: EngineError) {
        let verdict: Verdict =
            switch error {
            case .unavailable, .notBinary, .refused: .refusedByEngine
            case .tooManyImports: .importsDiffer
            case .folderUnavailable: .jobUnreadable
            case .notInstantiated, .exportMissing, .exportDiffers: .notInstantiated
            // An exit before anything was called has computed nothing, whatever status it names.
            case .trapped, .exited: .trapped
            }
        self.init(verdict, error.message + (error.words.map { ": \($0)" } ?? ""))
    }
}
