public import Commitments
public import Composition
internal import Primitives

extension ExecutionPlan {
    /// What compiling may take besides the composed binary itself: the engine, its threads, and for each byte of code
    /// what the compiler makes of it on the way.
    private static let compilingBytes = 512 << 20
    private static let compilingFactor = 48

    /// The plan of a manifest's run.
    ///
    /// Inputs bear the names of data entries and outputs those of outputs.
    /// - Parameter diagnostics: whether the worker may say why code failed: in a rehearsal only.
    /// - Precondition: `composed` was made for `manifest`.
    public init(manifest: Manifest, composed: ComposedBinary, diagnostics: Bool) {
        let layout = JobLayout(manifest)
        let releases = layout.releases.map(PlannedFile.init)
        let logs = layout.logs.map(PlannedFile.init)
        self.init(
            job: Job(manifest: manifest, composed: composed, diagnostics: diagnostics).json.canonicalBytes,
            composed: composed.bytes, folders: layout.folders,
            files: (layout.mounts.map(PlannedFile.init), releases, logs),
            limits: ExecutionLimits(
                compileSeconds: manifest.limits.compileSeconds, wallTimeSeconds: manifest.limits.wallTimeSeconds,
                memoryBytes: composed.memoryByteCount + Self.compilingBytes
                    + Self.compilingFactor * composed.bytes.count))
        // Files that the worker makes in memory count as its own.
        limits.memoryBytes += WritableFolder.all(of: self).reduce(0) { $0 + $1.bytes }
    }
}

extension PlannedFile {
    fileprivate init(_ file: JobLayout.MountedFile) {
        self.init(name: file.data, path: file.path, maximumBytes: file.maximumBytes)
    }

    fileprivate init(_ file: JobLayout.CollectedFile) {
        self.init(name: file.output, path: file.path, maximumBytes: file.maximumBytes)
    }
}
