import Keys
import Orchestration
import Primitives
import Scheduling
import Testing

@Suite("Scripts for Slurm")
struct SlurmScriptTests {
    private func settings(_ options: [String] = []) -> SlurmScript.Settings {
        SlurmScript.Settings(
            command: "/opt/2cvm/bin/2cvm",
            program: .simulated(agent: "/opt/agent", keys: "/shared/keys", arguments: []),
            gres: "snp_guest:1", options: options)
    }

    @Test("put sessions of equal needs into one array, receivers first")
    func groups() throws {
        let schedule = try chain()
        let scripts = SlurmScript.scripts(for: [0, 1, 2, 3, 4], of: schedule)
        #expect(scripts.map(\.sessions) == [[0], [1, 2], [3], [4]])
        #expect(scripts.map(\.receivers) == [[], [0], [1], [2]])
    }

    @Test("wait for the start of the tasks that they feed, and never for how these end")
    func dependencies() throws {
        try withRun(of: try chain()) { store in
            let script = SlurmScript.scripts(for: [0, 1, 2], of: store.schedule)[1]
            let text = script.text(of: store, settings(), jobs: [0: "41"])
            #expect(text.contains("#SBATCH --dependency=after:41_0\n"))
            #expect(!text.contains("afterok"))
            #expect(text.contains("#SBATCH --array=1,2\n") && text.contains("#SBATCH --requeue\n"))
            #expect(text.contains("#SBATCH --gres=snp_guest:1\n") && text.contains("#SBATCH --mem=600M\n"))
        }
    }

    @Test("do not wait where the receiver runs already")
    func retries() throws {
        try withRun(of: try chain()) { store in
            let script = SlurmScript.scripts(for: [1], of: store.schedule)[0]
            #expect(!script.text(of: store, settings(), jobs: [:]).contains("--dependency"))
        }
    }

    @Test("give the shell each word whole")
    func quoting() throws {
        try withRun(of: try chain()) { store in
            let program = MachineProgram.virtualMachine(
                command: "2cvm", image: "/srv/it's; rm -rf $HOME", arguments: ["--profile", "snp"])
            var settings = settings(["--partition=tee"])
            settings.program = program
            let text = SlurmScript.scripts(for: [0], of: store.schedule)[0].text(of: store, settings, jobs: [:])
            #expect(text.contains(#"'/srv/it'\''s; rm -rf $HOME'"#) && text.contains("#SBATCH --partition=tee\n"))
            #expect(text.contains(#""$SLURM_ARRAY_TASK_ID""#))
        }
    }
}

@Suite("What squeue lists")
struct SlurmTaskTests {
    @Test(
        "is a task that runs, waits or is none of ours",
        arguments: [
            ("12_3|RUNNING|None", true, false), ("12_3|PENDING|Resources", false, false),
            ("12_3|PENDING|BeginTime", false, true), ("12_3|COMPLETING|None", false, false),
        ])
    func read(_ line: String, isRunning: Bool, isHeldBack: Bool) throws {
        let listed = try #require(SlurmTask(line[...]))
        #expect(listed.task == EngineTask(id: "12_3", session: 3, isRunning: isRunning))
        #expect(listed.isHeldBack == isHeldBack)
    }

    @Test(
        "is passed over where it is none, or does not come back",
        arguments: [
            "", "12|RUNNING|None", "12_[1-3]|PENDING|None", "12_3|FAILED|None", "12_3|RUNNING", "a_3|RUNNING|None",
            "12_3|COMPLETED|None", "12_3|NODE_FAIL|None", "12_x|RUNNING|None", "1_2_3|RUNNING|None",
        ])
    func strays(_ line: String) {
        #expect(SlurmTask(line[...]) == nil)
    }
}

@Suite("What a machine is started with")
struct MachineProgramTests {
    private let agent = MachineProgram.simulated(agent: "/a", keys: "/k", arguments: [])
    private let vm = MachineProgram.virtualMachine(command: "2cvm", image: "/i", arguments: ["--profile", "trial"])

    @Test("binds it to its session where the plan says so")
    func binding() throws {
        let session = try chain().sessions[0]
        let launched = try chain(binding: "launch").sessions[0]
        #expect(vm.words(for: session, on: "10.0.0.1").contains("--await-manifest"))
        #expect(vm.words(for: launched, on: "10.0.0.1").contains(launched.bound.hostData.prefixed))
        #expect(!agent.words(for: session, on: "10.0.0.1").contains("--host-data"))
        #expect(agent.words(for: launched, on: "10.0.0.1").contains("--host-data"))
    }

    @Test("gives a VM the memory that its session needs, unless somebody says how much")
    func memory() throws {
        let session = try chain().sessions[0]
        #expect(vm.words(for: session, on: "h").contains("600"))
        let told = MachineProgram.virtualMachine(command: "2cvm", image: "/i", arguments: ["--memory", "2048"])
        #expect(!told.words(for: session, on: "h").contains("600"))
    }

    @Test("takes no line of a VM's console for its address")
    func console() {
        #expect(vm.address(in: "listening on http://127.0.0.1:8080") == "http://127.0.0.1:8080")
        #expect(vm.address(in: "console: listening on http://10.0.0.66:1") == nil)
        #expect(agent.address(in: "2cvm-agent-simulated: listening on 127.0.0.1:1") == "http://127.0.0.1:1")
        #expect(agent.address(in: "listening on http://10.0.0.66:1") == nil)
    }
}
