internal import Commitments
internal import Execution
internal import Lifecycle
internal import Platform
internal import Primitives

extension SessionHost {
    /// Composes and compiles, while data may still be on its way. What a refused run did not use is used by the next.
    func startPreparation(of manifest: Manifest) {
        guard preparation == nil else { return }
        let ingredients =
            plan.map(Ingredients.plan)
            ?? .components(manifest.components.map { staged.removeValue(forKey: $0.name) })
        do {
            cancellation = try Cancellation()
        } catch {
            preparation = Task { .failed(nil) }
            return
        }
        let work = PreparationWork(
            manifest: manifest, ingredients: ingredients, runtimes: configuration.runtimes,
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
        self.preparation = nil
        let manifest = admitted.manifest
        let work = RunWork(
            outputs: manifest.outputs.map(\.name), data: staged,
            noise: manifest.noiseKeys(of: noiseSlots, run: admitted.course.run))
        dropQuestions(of: manifest)
        execution = Task { await execute(work, preparation, isLast: admitted.isSurelyLast) }
    }

    /// Says that a run which somebody refused has failed.
    func skipExecution(of admitted: AdmittedSet, _ failure: Failure) {
        dropQuestions(of: admitted.manifest)
        // After the stage was shown, like every other run.
        execution = Task { conclude(.failed(nil), as: .failed(failure)) }
    }

    /// What was brought for one run is brought anew for the next.
    private func dropQuestions(of manifest: Manifest) {
        for entry in manifest.questions {
            staged[entry.name] = nil
            noiseSlots[entry.name] = nil
            limit.reopen(entry.name)
        }
    }

    private func execute(_ work: RunWork, _ preparation: Task<Preparation, Never>, isLast: Bool) async {
        if isLast { (staged, noiseSlots) = ([:], [:]) }
        let prepared = await preparation.value
        if case .ready(let run) = prepared, !isLast { plan = run.plan }
        let results = (try? await onOwnThread { work.run(prepared) }) ?? .failed(nil)
        // By hand: this function holds them until after it has said how the run ended.
        if isLast { for content in work.data.values where !isAsked(content) { content.remove() } }
        conclude(results, as: results.outcome)
    }

    /// Whether somebody who decides on the results still reads it.
    private func isAsked(_ content: StagedContent) -> Bool { asked.values.contains { $0.content === content } }

    /// Forgets what only later runs would use: there are none.
    private func dropLasting() {
        for content in staged.values { content.remove() }
        (staged, noiseSlots, plan) = ([:], [:], nil)
        guard let preparation else { return }
        self.preparation = nil
        cancellation.cancel()
        let execution = execution
        self.execution = Task {
            await execution?.value
            if case .ready(let run) = await preparation.value { try? await onOwnThread { run.drop() } }
        }
    }

    private func conclude(_ results: RunResults, as outcome: SessionOutcome) {
        // Nobody may wait for it any more.
        guard case .executing = session.stage else { return }
        self.results = results
        let now = clock()
        do {
            try tell { session throws(SessionError) in try session.conclude(outcome, at: now) }
        } catch {
            stop()
        }
    }

    /// Ends the run that is under way, which nobody waits for any more.
    func cancelRun() {
        cancellation.cancel()
        results = .failed(nil)
    }

    /// Seals the run's end to every participant, and tells the session how that went.
    func startSealing(_ conclusion: Conclusion) {
        if conclusion.isLast { dropLasting() }
        let work = SealingWork(
            conclusion: conclusion, results: results ?? .failed(nil), session: session.sessionID, keys: keys,
            engine: configuration.engine, folder: folder)
        let execution = execution
        self.execution = Task {
            // A run that was cancelled ends soon.
            await execution?.value
            await seal(work)
        }
    }

    private func seal(_ work: SealingWork) async {
        let sealed = try? await onOwnThread { try work.seal() }
        guard case .concluding = session.stage else { return }
        let now = clock()
        if let sealed {
            parts = sealed.parts
            streams[work.conclusion.admitted.course.run] = sealed.streams
            results = nil
            asked = [:]
            try? tell { session throws(SessionError) in try session.sealed(sealed.receipt, at: now) }
        } else {
            results = .failed(nil)
            try? tell { session throws(SessionError) in try session.sealingFailed() }
        }
    }

    /// Drops what is kept of a run.
    func forget(run: Int, of recipient: Name?) {
        guard let recipient, let manifest = session.manifest else {
            streams[run] = nil
            return
        }
        streams[run]?[OutputsIndex.token(of: recipient, under: manifest, run: run)] = nil
    }
}

extension AdmittedSet {
    /// Whether no run follows, however this one ends.
    fileprivate var isSurelyLast: Bool { course.run == manifest.limits.runs }
}
