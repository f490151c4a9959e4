internal import Commitments
public import WorkerJob

extension Job {
    /// The export of every composed binary that the worker calls.
    static let entryName = "run"

    /// The worker's orders for one run.
    ///
    /// - Parameter diagnostics: Whether traps are told in words: in a rehearsal only.
    public init(_ composed: ComposedBinary, diagnostics: Bool) {
        let layout = JobLayout(composed.manifest, composed.runtime)
        // What has no channel is kept for the person who rehearses, and for nobody else.
        let pipes = layout.pipes.map { pipe in
            guard diagnostics, pipe.maximumBytes == 0 else { return pipe }
            return LogPipe(path: pipe.path, file: pipe.file, maximumBytes: JobLayout.shownLogBytes)
        }
        self.init(
            composedDigest: composed.digest, preopens: layout.preopens, pipes: pipes, entry: composed.entry,
            storeLimits: composed.storeLimits, hostWorld: composed.hostImports, diagnostics: diagnostics,
            plainModules: composed.plainModules,
            runtimeModule: composed.runtime?.importsModule == true ? ComposedRuntime.importName : nil)
    }
}
