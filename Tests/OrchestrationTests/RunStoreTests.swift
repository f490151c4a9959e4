import Foundation
import Keys
import Orchestration
import Platform
import Primitives
import Scheduling
import TestSupport
import Testing

/// Session 0 is fed by 1 and 2, which 3 and 4 feed.
func chain(binding: String = "lock") throws -> Schedule {
    let sessions: [JSONValue] = (0..<5).map { number in
        let bytes = FixedBytes<32>(repeating: UInt8(10 + number)).description
        return [
            "bound": .string(bytes), "attempts": 2, "memoryMiB": 600, "binding": .string(binding),
            "admissionSeconds": 60, "runSeconds": 60, "retentionSeconds": 60,
            "outputs": [["token": .string(bytes), "bytes": 9]],
        ]
    }
    let edges: [JSONValue] = [(1, 0), (2, 0), (3, 1), (4, 2)].map { from, to in
        [
            "edge": .string(FixedBytes<32>(repeating: UInt8(50 + from)).description), "from": .integer(from),
            "to": .integer(to), "bytes": 9,
        ]
    }
    let value: JSONValue = [
        "version": 1, "plan": .string(SHA256Digest(sha256: []).prefixed), "sessions": .array(sessions),
        "edges": .array(edges),
    ]
    return try Schedule(decoding: value.canonicalBytes)
}

func withRun(of schedule: Schedule, _ body: (RunStore) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try body(try RunStore(folder.path + "/run", of: schedule))
    _ = consume folder
}

@Suite("A run's folder on a disk")
struct RunStoreTests {
    @Test("is begun once, and gone on with by the same plan alone")
    func begin() throws {
        try withRun(of: try chain()) { store in
            #expect(try RunStore(store.folder, of: store.schedule).id == store.id)
            let other = try chain(binding: "launch")
            #expect(throws: RunStoreError.otherPlan(store.folder)) { try RunStore(store.folder, of: other) }
        }
    }

    @Test("is none where there is nothing, or something else")
    func none() throws {
        let folder = try TemporaryFolder()
        #expect(throws: RunStoreError.notARun(folder.path)) { try RunStore(folder.path) }
        try Data("{}".utf8).write(to: URL(filePath: folder.path + "/schedule.json"))
        #expect(throws: ScheduleError.self) { try RunStore(folder.path) }
        _ = consume folder
    }

    @Test("shows machines by their claims, with what is known of each")
    func machines() throws {
        try withRun(of: try chain()) { store in
            let path = store.path(RunPath.session(store.schedule.sessions[1].bound))
            try NamedFile.makeFolders(path)
            func write(_ name: String, _ bytes: [UInt8]) throws {
                try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
            }
            try write("1.claim", RunRecord.claim(task: "12_1"))
            try write("1.json", RunRecord.address("http://10.0.0.1:80", attempt: 1))
            try write("2.claim", RunRecord.claim(task: "13_1"))
            // An address of another attempt, an attempt that the plan does not allow, one without a claim.
            try write("2.json", RunRecord.address("http://10.0.0.1:80", attempt: 1))
            try write("3.claim", RunRecord.claim(task: "14_1"))
            try write("4.json", RunRecord.address("http://10.0.0.1:80", attempt: 4))
            try write("1.claim.77.part", [])
            let machines = try store.machines()
            #expect(machines.count == 2)
            #expect(
                machines[MachineID(session: 1, attempt: 1)]
                    == MachineRecord(task: "12_1", address: "http://10.0.0.1:80"))
            #expect(machines[MachineID(session: 1, attempt: 2)] == MachineRecord(task: "13_1"))
            try store.end(MachineID(session: 1, attempt: 1), .done)
            try store.end(MachineID(session: 1, attempt: 1), .stopped)
            #expect(try store.machines()[MachineID(session: 1, attempt: 1)]?.end == .done)
        }
    }

    @Test("is stopped for good, with every machine")
    func stop() throws {
        try withRun(of: try chain()) { store in
            let path = store.path(RunPath.session(store.schedule.sessions[0].bound))
            try NamedFile.makeFolders(path)
            try Data(RunRecord.claim(task: "1")).write(to: URL(filePath: "\(path)/1.claim"))
            try store.stop()
            #expect(store.isStopped)
            #expect(try store.machines()[MachineID(session: 0, attempt: 1)]?.end == .stopped)
        }
    }
}

@Suite("What stays with a machine")
struct MachineKeeperTests {
    private static let listens = "echo 2cvm-agent-simulated: listening on 127.0.0.1:4711; "

    private func keeper(
        _ store: RunStore, _ script: String, _ cancellation: Cancellation
    ) throws -> MachineKeeper {
        // What stands for the agent: a shell that gets the agent's arguments after its own.
        let path = store.folder + "/agent"
        try? FileManager.default.removeItem(atPath: path)
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        return try MachineKeeper(
            store, .simulated(agent: path, keys: "/k", arguments: []), session: 0, cancellation)
    }

    @Test("says where it listens, and ends it when a file says so")
    func end() throws {
        try withRun(of: try chain()) { store in
            let keeper = try keeper(store, Self.listens + "sleep 60", try Cancellation())
            let machine = MachineID(session: 0, attempt: 1)
            Thread.detachNewThread {
                while store.address(of: machine) == nil { usleep(10_000) }
                try? store.end(machine, .done)
            }
            #expect(try keeper.keep(on: "127.0.0.1", task: "7") == .ended)
            #expect(store.address(of: machine) == "http://127.0.0.1:4711")
            #expect(try store.machines()[machine]?.task == "7")
        }
    }

    @Test("takes one attempt, and none beyond what the plan allows")
    func attempts() throws {
        try withRun(of: try chain()) { store in
            let keeper = try keeper(store, Self.listens, try Cancellation())
            #expect(try keeper.keep(on: "127.0.0.1", task: "1") == .ended)
            #expect(try keeper.keep(on: "127.0.0.1", task: "2") == .ended)
            #expect(throws: RunStoreError.attemptsUsed(2)) { try keeper.keep(on: "127.0.0.1", task: "3") }
        }
    }

    @Test("keeps what a machine said that failed")
    func failure() throws {
        try withRun(of: try chain()) { store in
            let keeper = try keeper(store, "echo no such device; exit 3", try Cancellation())
            #expect(try keeper.keep(on: "127.0.0.1", task: "1") == .failed(status: 3))
            let log = try String(contentsOfFile: store.path(.log, MachineID(session: 0, attempt: 1)), encoding: .utf8)
            #expect(log == "no such device\n")
        }
    }

    @Test("ends with whoever stops it, and starts nothing in a run that was stopped")
    func stopped() throws {
        try withRun(of: try chain()) { store in
            let cancellation = try Cancellation()
            cancellation.cancel()
            #expect(try keeper(store, "sleep 60", cancellation).keep(on: "h", task: "1") == .cancelled)
            try store.stop()
            #expect(try keeper(store, "sleep 60", try Cancellation()).keep(on: "h", task: "2") == .ended)
            #expect(try store.machines().count == 1)
        }
    }

    @Test("is for a session that the schedule has")
    func session() throws {
        try withRun(of: try chain()) { store in
            let cancellation = try Cancellation()
            #expect(throws: RunStoreError.noSession(5)) {
                _ = try MachineKeeper(
                    store, .simulated(agent: "/a", keys: "/k", arguments: []), session: 5, cancellation)
            }
        }
    }
}

@Suite("A process of this host")
struct LocalTaskTests {
    @Test("is known by its number and by when it started")
    func current() throws {
        let task = try #require(LocalTask.current)
        #expect(task.isRunning)
        let words = task.description.split(separator: " ")
        let other = try #require(LocalTask("process \(words[1]) \((Int(words[2]) ?? 0) + 1)"))
        #expect(!other.isRunning, "another that got its number")
    }

    @Test(
        "is none for any other text", arguments: ["", "process", "process 0 1", "process -1 1", "12_3", "process 1 x"])
    func strays(_ text: String) {
        #expect(LocalTask(text) == nil)
    }
}
