public import Commitments

extension Job {
    /// The export of every composed binary that the worker calls.
    static let entryName = "run"

    /// The worker's orders for one run.
    ///
    /// - Parameter diagnostics: Whether traps are told in words: in a rehearsal only.
    /// - Precondition: `composed` was made for `manifest`.
    public init(manifest: Manifest, composed: ComposedBinary, diagnostics: Bool) {
        precondition(composed.manifestDigest == manifest.digest, "a job is for the manifest it was composed for")
        self.init(
            composedDigest: composed.digest, preopens: JobLayout(manifest).preopens, entry: composed.entry,
            storeLimits: composed.storeLimits, hostWorld: composed.hostImports, diagnostics: diagnostics)
    }
}
