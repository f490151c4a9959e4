import Platform
import Primitives
import Wasmtime
import WorkerJob

/// A job that compiles one core module and keeps the machine code.
struct KeptCodeJob {
    private let path: String
    private let code: [UInt8]

    /// Compiles.
    init(_ job: Job, to path: String, in folder: borrowing Folder) throws(EarlyVerdict) {
        let binary = try CompiledJob.binary(of: job, in: folder)
        do throws(EngineError) {
            code = try Engine.forKeptCode().compileModule(binary).serialized()
        } catch {
            throw EarlyVerdict(error)
        }
        self.path = path
    }

    /// Writes the machine code to its place.
    func write(in folder: borrowing Folder) throws(EarlyVerdict) -> Verdict {
        do {
            var file = try folder.create(path, maximumBytes: KeptCode.maximumByteCount)
            try file.append(code)
        } catch {
            throw EarlyVerdict(unreadable: error)
        }
        return .completed
    }
}
