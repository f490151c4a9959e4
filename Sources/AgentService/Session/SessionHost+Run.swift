internal import Commitments
internal import Execution
internal import Lifecycle

extension SessionHost {
    /// Composes and compiles, while data may still be on its way.
    func startPreparation() {
        guard let manifest = session.manifest else { return }
        let components = manifest.components.compactMap { staged.removeValue(forKey: $0.name) }
        let work = PreparationWork(
            manifest: manifest, components: components,
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

    /// Runs, once the components are compiled, and concludes.
    func startExecution() {
        guard let preparation else { return }
        let work = RunWork(data: staged, noise: session.manifest?.noiseKeys(of: noiseSlots) ?? [:])
        staged = [:]
        noiseSlots = [:]
        execution = Task { await execute(work, preparation) }
    }

    private func execute(_ work: RunWork, _ preparation: Task<Preparation, Never>) async {
        let prepared = await preparation.value
        self.preparation = nil
        do {
            let ending = try await onOwnThread { work.run(prepared) }
            await conclude(ending)
        } catch {
            await conclude(.failed(nil))
        }
    }

    /// Seals the run's end to every participant. All outputs or none; where not even their absence can be sealed, the
    /// session ends.
    private func conclude(_ ending: RunWork.Ending) async {
        guard let lockEvidence else { return stop() }
        let endings = if case .completed = ending { [ending, .failed(nil)] } else { [ending] }
        for ending in endings {
            let work = ConclusionWork(
                session: session, ending: ending, signingKey: keys.signing, evidence: lockEvidence,
                engine: configuration.engine, folder: folder, clock: clock)
            let result = try? await onOwnThread { try work.conclude() }
            // The operator may have ended it.
            guard case .executing = session.stage else { return folder.erase() }
            if let result {
                streams = result.streams
                return apply(result.session, [])
            }
        }
        stop()
    }
}
