internal import Commitments
internal import Composition
internal import Execution
internal import Platform
internal import Primitives
internal import Synchronization

/// What became of the components once all of them were there.
enum Preparation: Sendable {
    /// A worker that has compiled them and waits for its inputs.
    case ready(PendingRun)
    /// The run has failed before it began, and data that still comes will be to no use.
    case failed(Notice?)
}

/// A run that has not begun: one owner takes it, or it ends with its last reference.
final class PendingRun: Sendable {
    let inputs: JobInputs
    /// What it was made from.
    let plan: ExecutionPlan
    private let run: Mutex<PreparedRun?>
    private let gates: Gates

    init(_ run: consuming PreparedRun, plan: ExecutionPlan, gates: Gates) {
        inputs = run.inputs
        self.plan = plan
        self.run = Mutex(run)
        self.gates = gates
    }

    /// Ends the worker and the gates and removes their folders, unless somebody lets it run. Blocks until all are gone.
    func drop() {
        run.withLock { $0 = nil }
        gates.drop()
    }

    /// Lets the worker run, and puts what it wrote through the gates. Blocks until all of them have ended. Possible
    /// once.
    ///
    /// - Parameter keys: of each output's noise.
    func finish(noise keys: [Name: FixedBytes<32>]) throws(ExecutionError) -> Outcome? {
        guard let run = run.withLock({ $0.take() }) else { return nil }
        guard case .completed(let outputs) = try run.run().outcome else {
            gates.drop()
            return nil
        }
        return try gates.release(outputs, noise: keys).outcome
    }
}

/// What every run of a session is made from, once its components have come.
enum Ingredients: Sendable {
    /// In the manifest's order; `nil` for what the machine holds.
    case components([StagedContent?])
    /// Composed for a run before.
    case plan(ExecutionPlan)
}

/// From components in their files to a worker that has compiled them.
struct PreparationWork: Sendable {
    let manifest: Manifest
    let ingredients: Ingredients
    let runtimes: [InstalledRuntime]
    let settings: ExecutionSettings

    /// Admits, composes, starts the worker and waits until it has compiled. Blocks.
    func prepare() -> Preparation {
        do {
            return try prepareOrThrow()
        } catch let error as AdmissionError {
            return .failed(Notice(error, under: manifest))
        } catch let error as CompositionError {
            return .failed(Notice(error, under: manifest))
        } catch {
            return .failed(nil)
        }
    }

    private func prepareOrThrow() throws -> Preparation {
        let plan: ExecutionPlan =
            switch ingredients {
            case .components(let components): try self.plan(of: components)
            case .plan(let plan): plan
            }
        var run = try PreparedRun.prepare(plan, settings)
        let gates = try Gates.prepare(for: manifest, settings)
        guard try run.awaitCompilation() == nil else {
            gates.drop()
            return .failed(nil)
        }
        return .ready(PendingRun(run, plan: plan, gates: gates))
    }

    private func plan(of components: [StagedContent?]) throws -> ExecutionPlan {
        var admitted: [AdmittedComponent] = []
        for (component, content) in zip(manifest.components, components) {
            if let content {
                let file = try content.open()
                let binary = try file.read(upTo: file.byteCount, at: 0)
                admitted.append(try admit(binary, as: component, under: manifest))
            } else {
                guard let runtime = runtime(of: component) else { throw RuntimeGone() }
                admitted.append(try admit(runtime.held, as: component, under: manifest))
            }
        }
        let composed = try compose(manifest, of: admitted)
        var plan = ExecutionPlan(composed, diagnostics: false)
        if let name = composed.runtime?.components.first {
            guard let component = manifest.components.first(where: { $0.name == name }),
                let runtime = runtime(of: component)
            else { throw RuntimeGone() }
            try plan.attach(runtime, of: composed)
        }
        guard ExecutionBounds(manifest, holding: runtimes).hold(plan) else { throw UnforeseenSize() }
        return plan
    }

    private func runtime(of component: Component) -> InstalledRuntime? {
        runtimes.first { $0.held.component == component.digest }
    }

    /// What counted as submitted is not there.
    private struct RuntimeGone: Error {}

    /// More than was reserved at the lock. The machine need not hold it.
    private struct UnforeseenSize: Error {}
}

/// From a compiled run and the data of its slots to its outputs.
struct RunWork: Sendable {
    /// Names in the manifest's order.
    let outputs: [Name]
    let data: [Name: StagedContent]
    /// Of each output's noise.
    let noise: [Name: FixedBytes<32>]

    /// Puts every input in its place, lets the worker run and commits to what it wrote. Blocks until that is done.
    func run(_ preparation: Preparation) -> RunResults {
        switch preparation {
        case .failed(let notice): return .failed(notice)
        case .ready(let pending):
            guard let released = try? released(finish(pending)) else { return .failed(nil) }
            return .completed(released)
        }
    }

    private func released(_ outcome: Outcome?) throws -> [ReleasedOutput]? {
        guard case .completed(let collected)? = outcome else { return nil }
        return try outputs.map { name in
            guard let output = collected.first(where: { $0.name == name }) else { throw MissingOutput() }
            return try ReleasedOutput(committingTo: output)
        }
    }

    private struct MissingOutput: Error {}

    private func finish(_ pending: PendingRun) throws -> Outcome? {
        var places: [Name: [PlannedFile]] = [:]
        for place in pending.plan.inputs { places[place.name, default: []].append(place) }
        for (name, places) in places {
            guard let content = data[name] else { throw ExecutionError.inputsMissing(count: places.count) }
            for place in places { try pending.inputs.share(content.name, of: content.folder.staging, at: place.path) }
        }
        return try pending.finish(noise: noise)
    }
}
