internal import Platform
internal import Primitives
package import Scheduling

/// Starts machines as tasks of Slurm: arrays, and dependencies by task.
///
/// What it knows it reads from `squeue`: a job's name says which run it is of, a task's number which session.
package final class SlurmDriver: Driver {
    package let queues = true
    private let store: RunStore
    private let settings: SlurmScript.Settings

    package init(_ store: RunStore, _ settings: SlurmScript.Settings) {
        self.store = store
        self.settings = settings
    }

    package func start(_ sessions: [Int]) async throws(DriverError) {
        var jobs: [Int: String] = [:]
        for script in SlurmScript.scripts(for: sessions, of: store.schedule) {
            let path = try write(script, jobs)
            let words = try ShortProgram.run("sbatch", ["--parsable", path])
            // The job's number, and perhaps a cluster's name.
            let job = words.prefix { $0.isASCII && $0.isNumber }
            guard !job.isEmpty, job.utf8.count < 20 else {
                throw .failed("sbatch", status: 0, words: String(words.prefix(100)))
            }
            for session in script.sessions { jobs[session] = String(job) }
        }
    }

    private func write(_ script: SlurmScript, _ jobs: [Int: String]) throws(DriverError) -> String {
        do throws(PlatformError) {
            try NamedFile.makeFolders(store.path(RunPath.scripts))
            let first = script.sessions.first ?? 0
            let path = store.path("\(RunPath.scripts)/\(first)-\(script.sessions.count).sh")
            try NamedFile.replace(path, Array(script.text(of: store, settings, jobs: jobs).utf8), mode: 0o700)
            return path
        } catch {
            throw .platform(error)
        }
    }

    package func tasks(_ machines: [MachineID: MachineRecord]) async throws(DriverError) -> [EngineTask] {
        let text = try ShortProgram.run(
            "squeue", ["--noheader", "--array", "--name", store.name, "--format", "%i|%T|%r"])
        var tasks: [EngineTask] = []
        for line in text.split(separator: "\n") {
            guard let listed = SlurmTask(line) else { continue }
            if listed.isHeldBack {
                // Slurm lets a task wait for two minutes that it put back. Where this is not allowed, they pass.
                _ = try? ShortProgram.run("scontrol", ["update", "JobId=\(listed.task.id)", "StartTime=now"])
            }
            tasks.append(listed.task)
        }
        return tasks
    }

    package func cancel(_ task: String) async throws(DriverError) {
        _ = try ShortProgram.run("scancel", [task])
    }
}

/// A line of `squeue`: `12_3|RUNNING|None`.
package struct SlurmTask: Equatable, Sendable {
    package let task: EngineTask
    /// It was put back into the queue, and waits for no other reason.
    package let isHeldBack: Bool

    /// - Returns: `nil` for what is no task of an array, and for one that does not come back.
    package init?(_ line: Substring) {
        let fields = line.split(separator: "|", omittingEmptySubsequences: false)
        guard fields.count == 3 else { return nil }
        let numbers = fields[0].split(separator: "_", omittingEmptySubsequences: false)
        guard numbers.count == 2, Int(numbers[0]) != nil, let session = Int(numbers[1]) else { return nil }
        switch fields[1] {
        case "RUNNING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT":
            task = EngineTask(id: String(fields[0]), session: session, isRunning: true)
        // One that is being completed may be put back.
        case "PENDING", "CONFIGURING", "COMPLETING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "RESIZING":
            task = EngineTask(id: String(fields[0]), session: session, isRunning: false)
        default: return nil
        }
        isHeldBack = fields[1] == "PENDING" && fields[2] == "BeginTime"
    }
}
