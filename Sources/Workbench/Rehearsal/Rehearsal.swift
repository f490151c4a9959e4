package import Commitments
package import Composition
package import Execution
package import Formats
internal import Platform

/// From files to outputs on this machine: admit, compose, execute.
package struct Rehearsal {
    package let manifest: Manifest
    package let progress: Progress

    package init(manifest: Manifest, progress: Progress) {
        self.manifest = manifest
        self.progress = progress
    }

    /// What is ready to be executed, and how long it took to make.
    package struct Plan {
        package let composed: ComposedBinary
        package let execution: ExecutionPlan
        package let composeTime: Duration
        /// What compiling a runtime took when it was installed, where it is compiled here again.
        package var runtimeSeconds: Int?
    }

    /// How it went.
    package struct Result {
        package let plan: Plan
        package let report: RunReport
        /// What came of it once the gates had seen the outputs.
        package let outcome: Outcome
        /// What each gate said.
        package let findings: [Name: GateFinding]
        /// Spawning, walls, collection and removal: everything but compiling and running.
        package let overhead: Duration
    }

    /// Goes the whole way. Where the machine code of a runtime is of no use, the runtime is compiled.
    ///
    /// - Parameters:
    ///   - files: of the components that are not installed here.
    ///   - runtimes: those that are.
    package func rehearse(
        _ files: [(name: Name, value: String)], holding runtimes: [Name: InstalledRuntime], _ sources: DataSources
    ) throws(CommandFailure) -> Result {
        let result = try run(try plan(files, holding: runtimes), sources)
        guard case .failed(.keptCodeRefused) = result.outcome else { return result }
        return try run(try plan(files, holding: runtimes, compiling: true), sources)
    }

    /// Reads, admits and composes the components.
    ///
    /// - Parameter compiling: whether a runtime is compiled, although it was when it was installed.
    package func plan(
        _ files: [(name: Name, value: String)], holding runtimes: [Name: InstalledRuntime] = [:],
        compiling: Bool = false
    ) throws(CommandFailure) -> Plan {
        let start = ContinuousClock.now
        let paths = Dictionary(files.map { ($0.name, $0.value) }) { first, _ in first }
        let isCompiling = compiling || runtimes.values.contains { !$0.record.code.isCurrent }
        if isCompiling {
            progress.note("the runtime's machine code is of another engine or processor, so it is compiled here")
        }
        var admitted: [AdmittedComponent] = []
        for component in manifest.components {
            progress.step("reading \(component.name)")
            if let runtime = runtimes[component.name] {
                admitted.append(try self.admitted(runtime, as: component, compiling: isCompiling))
            } else if let path = paths[component.name] {
                admitted.append(try ComponentFile(path, of: component).admitted(under: manifest))
            } else {
                throw CommandFailure(RunError.missing(component.name, "--component"))
            }
        }
        progress.step("composing")
        let composed = try composed(manifest, of: admitted)
        var execution = ExecutionPlan(composed, diagnostics: true)
        if let name = composed.runtime?.components.first, let runtime = runtimes[name] {
            do {
                try execution.attach(runtime, of: composed)
            } catch {
                throw CommandFailure(error)
            }
        }
        let seconds = isCompiling ? runtimes.values.map(\.record.code.seconds).max() : nil
        return Plan(
            composed: composed, execution: execution, composeTime: start.duration(to: .now), runtimeSeconds: seconds)
    }

    private func admitted(
        _ runtime: InstalledRuntime, as component: Component, compiling: Bool
    ) throws(CommandFailure) -> AdmittedComponent {
        do {
            let whole = compiling ? try runtime.component() : nil
            return try admit(runtime.held, whole: whole, as: component, under: manifest)
        } catch let error as any CommandFault {
            throw CommandFailure(error, in: runtime.path)
        } catch {
            preconditionFailure("both explain themselves")
        }
    }

    /// `some 40 s are left`, by what it took before.
    package static func left(of seconds: Int, after time: Duration) -> String {
        let left = seconds - Int(time / .seconds(1))
        return left > 0 ? "some \(left) s are left" : "longer than last time"
    }

    /// Executes a plan in the worker.
    package func run(_ plan: Plan, _ sources: DataSources) throws(CommandFailure) -> Result {
        let start = ContinuousClock.now
        do {
            let cancellation = try Cancellation()
            let worker = try Program.sibling("2cvm-worker")
            for program in [worker, ExecutionSettings.gate(beside: worker)] where !NamedFile.exists(program) {
                throw CommandFailure(CommandError.noProgram(program))
            }
            let settings = ExecutionSettings(
                worker: worker, policy: .reported, diagnostics: true,
                cancellation: cancellation)
            typealias Told = (report: RunReport, outcome: Outcome, findings: [Name: GateFinding])
            let told = try cancellation.whileInterruptsCancel { () throws -> Told in
                var run = try PreparedRun.prepare(plan.execution, settings)
                let gates = try Gates.prepare(for: manifest, settings)
                progress.step("compiling \(plan.composed.bytes.count / 1024) KiB")
                var slots: [Name: NoiseSource.Slot] = [:]
                for input in plan.execution.inputs { slots[input.name] = try sources.place(input, in: run.inputs) }
                let compiled = try run.awaitCompilation { time in
                    guard let seconds = plan.runtimeSeconds else { return }
                    progress.step("compiling the runtime, \(Self.left(of: seconds, after: time))")
                }
                if compiled == nil { progress.step("running, for at most \(manifest.limits.wallTimeSeconds) s") }
                let report = try run.run()
                guard case .completed(let outputs) = report.outcome else { return (report, report.outcome, [:]) }
                progress.step("checking what leaves")
                let (outcome, findings) = try gates.release(outputs, noise: manifest.noiseKeys(of: slots, run: 1))
                return (report, outcome, findings)
            }
            progress.finish()
            return Result(
                plan: plan, report: told.report, outcome: told.outcome, findings: told.findings,
                overhead: start.duration(to: .now) - told.report.compileTime - told.report.runTime)
        } catch let failure as CommandFailure {
            throw failure
        } catch let error as any CommandFault {
            throw CommandFailure(error)
        } catch {
            preconditionFailure("every module throws errors that explain themselves")
        }
    }
}

/// The folder that outputs go to. Nothing in it is ever replaced.
package struct OutputFolder {
    private let path: String
    private let names: [Name]

    package init(_ path: String, for manifest: Manifest) {
        self.path = path
        names = manifest.outputs.map(\.name)
    }

    /// Refuses before anything runs what would have to be refused afterwards.
    package func requireFree() throws(CommandFailure) {
        guard !NamedFile.exists(path) || NamedFile.exists(path + "/.") else {
            throw CommandFailure(CommandError.notAFolder(path))
        }
        for name in names {
            let file = "\(path)/\(name)"
            if NamedFile.exists(file) { throw CommandFailure(CommandError.outputExists(file)) }
        }
    }

    /// Writes every output, or removes those that it wrote.
    package func write(_ outputs: [CollectedOutput]) throws(CommandFailure) {
        var written: [String] = []
        do {
            try NamedFile.makeFolders(path)
            for output in outputs {
                let file = "\(path)/\(output.name)"
                let content = try output.read(upTo: output.byteCount, at: 0)
                try NamedFile.create(file, content, mode: 0o600)
                written.append(file)
            }
        } catch {
            for file in written { try? NamedFile.remove(file) }
            throw CommandFailure(error, in: path)
        }
    }
}
