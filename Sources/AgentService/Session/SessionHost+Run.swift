internal import Commitments
internal import Execution
internal import Lifecycle

extension SessionHost {
    /// Composes and compiles, while data may still be on its way.
    func startPreparation(of manifest: Manifest) {
        let components = manifest.components.map { staged.removeValue(forKey: $0.name) }
        let work = PreparationWork(
            manifest: manifest, components: components, runtimes: configuration.runtimes,
            settings: ExecutionSettings(
                worker: configuration.worker, policy: configuration.policy, diagnostics: false,
                cancellation: cancellation, temporaryParent: configuration.folder))
        preparation = Task {
            do {
                return try await onOwnThread { work.prepare() }
            } catch {
                return .failed(nil)
            }
        }
    }

    /// Runs, once the components are compiled, and tells the session how that went.
    func startExecution(of admitted: AdmittedSet) {
        guard let preparation else { return stop() }
        let manifest = admitted.manifest
        let work = RunWork(
            outputs: manifest.outputs.map(\.name), data: staged, noise: manifest.noiseKeys(of: noiseSlots))
        staged = [:]
        noiseSlots = [:]
        execution = Task { await execute(work, preparation) }
    }

    private func execute(_ work: RunWork, _ preparation: Task<Preparation, Never>) async {
        let prepared = await preparation.value
        self.preparation = nil
        let results = (try? await onOwnThread { work.run(prepared) }) ?? .failed(nil)
        guard case .executing = session.stage else { return }
        self.results = results
        do {
            try tell { session throws(SessionError) in try session.conclude(results.outcome) }
        } catch {
            stop()
        }
    }

    /// Seals the run's end to every participant, and tells the session how that went.
    func startSealing(_ conclusion: Conclusion) {
        guard let results else { return stop() }
        let work = SealingWork(
            conclusion: conclusion, results: results, session: session.sessionID, keys: keys,
            engine: configuration.engine, folder: folder)
        execution = Task { await seal(work) }
    }

    private func seal(_ work: SealingWork) async {
        let sealed = try? await onOwnThread { try work.seal() }
        guard case .concluding = session.stage else { return }
        let now = clock()
        if let sealed {
            streams = sealed
            results = nil
            try? tell { session throws(SessionError) in try session.sealed(at: now) }
        } else {
            try? tell { session throws(SessionError) in try session.sealingFailed() }
        }
    }
}
