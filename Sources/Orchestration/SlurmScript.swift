internal import Primitives
package import Scheduling

/// The batch scripts that `sbatch` takes for a run: one array of tasks for sessions of equal needs. Slurm 22 and newer.
///
/// A task's number in its array is its session's place in the schedule, so that the engine's own list says what runs.
package struct SlurmScript: Equatable, Sendable {
    /// The places of its sessions.
    package let sessions: [Int]
    /// Of the sessions that these feed: their tasks start first.
    package let receivers: [Int]
    let memoryMiB: Int

    /// How tasks are started.
    package struct Settings: Equatable, Sendable {
        /// The path of `2cvm` on the nodes.
        package var command: String
        package var program: MachineProgram
        /// The resource that a node has once for each VM that it can hold; `nil` for none.
        package var gres: String?
        /// More options for `sbatch`.
        package var options: [String]

        package init(command: String, program: MachineProgram, gres: String?, options: [String]) {
            self.command = command
            self.program = program
            self.gres = gres
            self.options = options
        }
    }

    /// The scripts that start one machine for each of these sessions, receivers first.
    package static func scripts(for sessions: [Int], of schedule: Schedule) -> [SlurmScript] {
        struct Need: Hashable {
            let memoryMiB: Int
            let receivers: [Int]
        }
        let started = Set(sessions)
        var groups: [Need: [Int]] = [:]
        for session in started {
            let need = Need(
                memoryMiB: schedule.sessions[session].memoryMiB,
                receivers: schedule.receivers(of: session).filter(started.contains))
            groups[need, default: []].append(session)
        }
        return groups.map { need, sessions in
            SlurmScript(sessions: sessions.sorted(), receivers: need.receivers, memoryMiB: need.memoryMiB)
        }
        // A receiver stands before its senders, and so does its group.
        .sorted { ($0.sessions.first ?? 0) < ($1.sessions.first ?? 0) }
    }

    /// The script's text.
    ///
    /// - Parameter jobs: the job of each receiver, by its place. Where there is none, the script leaves it out.
    package func text(of store: RunStore, _ settings: Settings, jobs: [Int: String]) -> String {
        let after = receivers.compactMap { receiver in jobs[receiver].map { "\($0)_\(receiver)" } }
        var options = [
            "--job-name=\(store.name)", "--array=\(sessions.map(String.init).joined(separator: ","))",
            "--ntasks=1", "--cpus-per-task=1", "--mem=\(memoryMiB)M", "--requeue", "--open-mode=append",
            "--output=\(store.path("\(RunPath.scripts)/%A_%a.log"))",
        ]
        if let gres = settings.gres { options.append("--gres=\(gres)") }
        if !after.isEmpty { options.append("--dependency=after:\(after.joined(separator: ":"))") }
        let words =
            [
                settings.command, "plan", "machine", store.folder, "--session", "$SLURM_ARRAY_TASK_ID", "--task",
                "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID", "--address", "$address",
            ] + settings.program.options
        return """
            #!/bin/bash
            # One task is one machine, for as long as its session needs it. Slurm may start a task twice: each start
            # takes an attempt of its own in the run's folder, and ends if the plan allows no more.
            \((options + settings.options).map { "#SBATCH \($0)" }.joined(separator: "\n"))
            set -eu
            node=$(scontrol show node "$SLURMD_NODENAME" | sed -n 's/.*NodeAddr=\\([^ ]*\\).*/\\1/p')
            address=$(getent ahostsv4 "$node" | awk 'NR == 1 { print $1 }')
            exec \(words.map(Self.quoted).joined(separator: " "))

            """
    }

    /// A word for the shell, in which variables of this script alone are put in.
    private static func quoted(_ word: String) -> String {
        if word.hasPrefix("$") { return "\"\(word)\"" }
        let escaped = word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
        return "'\(escaped)'"
    }
}
