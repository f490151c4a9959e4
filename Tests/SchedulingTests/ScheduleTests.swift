import Commitments
import Foundation
import Keys
import Plans
import Primitives
import Scheduling
import TestSupport
import Testing

/// The plan that lies beside docs/PLAN.md, with its manifests.
func examplePlan() throws -> ResolvedPlan {
    let folder = Repository.root.appending(path: "docs/examples/plan")
    let plan = try Plan(decoding: Array(Data(contentsOf: folder.appending(path: "plan.json"))))
    var documents: [Name: [UInt8]] = [:]
    for session in plan.sessions {
        documents[session.name] = Array(
            try Data(contentsOf: folder.appending(path: "manifests/\(session.name).json")))
    }
    return try plan.resolve(documents)
}

@Suite("A schedule")
struct ScheduleTests {
    @Test("puts receivers before those that feed them")
    func order() throws {
        let plan = try examplePlan()
        let schedule = Schedule(plan)
        let pool = try #require(plan.manifests.last)
        #expect(schedule.sessions.map(\.bound) == [pool.bound] + plan.manifests.dropLast().map(\.bound))
        #expect(schedule.edges.map(\.from) == [1, 2] && schedule.edges.map(\.to) == [0, 0])
        #expect(schedule.senders(to: 0) == [1, 2] && schedule.receivers(of: 1) == [0])
    }

    @Test("names nobody")
    func names() throws {
        let plan = try examplePlan()
        let text = String(decoding: Schedule(plan).encoded, as: UTF8.self)
        let names =
            plan.plan.participants.map(\.name) + plan.plan.sessions.map(\.name)
            + plan.manifests.flatMap { $0.data.map(\.name) + $0.outputs.map(\.name) + $0.components.map(\.name) }
        #expect(names.count > 10)
        for name in names { #expect(!text.contains("\"\(name)\""), "\(name)") }
    }

    @Test("is read as it was written")
    func roundTrip() throws {
        let schedule = Schedule(try examplePlan())
        #expect(try Schedule(decoding: schedule.encoded) == schedule)
    }

    @Test("has one stream for each participant, and for each flow one of a size that the plan fixes")
    func streams() throws {
        let plan = try examplePlan()
        let schedule = Schedule(plan)
        for session in schedule.sessions {
            #expect(session.outputs.count == plan.plan.participants.count)
            #expect(session.memoryMiB > 512)
        }
        // Prologue, one chunk's tag, the beginning of what a session sends, and the output's bound.
        let sums = try #require(plan.manifests[0].outputs.first { !$0.sessions.isEmpty })
        #expect(schedule.edges.allSatisfy { $0.byteCount == 5247 + 16 + 41 + sums.maximumBytes })
    }

    @Test("gives each session of a receiver a stream of its own")
    func tokens() throws {
        let edge = try #require(Schedule(try examplePlan()).edges.first)
        let (one, other) = (SHA256Digest(sha256: [1]), SHA256Digest(sha256: [2]))
        #expect(edge.token(for: one) != edge.token(for: other))
        let beginning = Array("2cvm flow stream v1".utf8) + [0]
        #expect(edge.token(for: one) == SHA256Digest(sha256: beginning + edge.edge.bytes + one.bytes))
    }

    @Test(
        "is refused with anything in it that no plan gives",
        arguments: [
            ("version", JSONValue.integer(2), "schedule.shape.range"),
            ("plan", "sha256:00", "schedule.shape.form"),
            ("name", "cohort", "schedule.shape.unknown"),
            ("sessions", [], "schedule.shape.form"),
            ("sessions.0.attempts", 17, "schedule.shape.range"),
            ("sessions.0.memoryMiB", 0, "schedule.shape.range"),
            ("sessions.0.binding", "none", "schedule.shape.word"),
            ("sessions.0.name", "pool", "schedule.shape.unknown"),
            ("sessions.0.outputs.0.bytes", 0, "schedule.shape.range"),
            ("edges.0.from", 3, "schedule.shape.range"),
            ("edges.0.to", 1, "schedule.order"),
            ("edges.0.to", 2, "schedule.order"),
        ] as [(String, JSONValue, String)])
    func refusals(_ path: String, _ value: JSONValue, _ code: String) throws {
        let schedule = try JSONValue(parsing: Schedule(try examplePlan()).encoded, maximumByteCount: 1 << 20)
        let changed = schedule.setting(path, to: value)
        let error = #expect(throws: ScheduleError.self) { try Schedule(decoding: changed.canonicalBytes) }
        #expect(error?.code == code)
    }

    @Test("is refused where a session, an edge or a stream is there twice")
    func twice() throws {
        let schedule = try JSONValue(parsing: Schedule(try examplePlan()).encoded, maximumByteCount: 1 << 20)
        for path in ["sessions.1.bound", "edges.1.edge", "sessions.1.outputs.0.token"] {
            let first = path.replacing(".1.", with: ".0.")
            let changed = schedule.setting(path, to: schedule.at(first))
            let error = #expect(throws: ScheduleError.self) { try Schedule(decoding: changed.canonicalBytes) }
            #expect(error?.code == "schedule.twice", "\(path)")
        }
    }

    @Test("is refused where it is cut")
    func cut() throws {
        let bytes = Schedule(try examplePlan()).encoded
        #expect(throws: ScheduleError.self) { try Schedule(decoding: Array(bytes.dropLast())) }
        #expect(throws: ScheduleError.self) { try Schedule(decoding: []) }
    }
}

@Suite("A run's folder")
struct RunFolderTests {
    @Test("knows its files by their names alone")
    func names() {
        for file in MachineFile.allCases {
            let found = MachineFile.named("12\(file.suffix)")
            #expect(found?.attempt == 12 && found?.file == file)
        }
        for name in ["", ".json", "1", "01.json", "100.json", "-1.json", "1.json.9.part", "١.json", "1.sealed"] {
            #expect(MachineFile.named(name) == nil, "\(name)")
        }
    }

    @Test("takes an address for its own attempt alone")
    func address() {
        let bytes = RunRecord.address("http://10.0.0.1:8080", attempt: 2)
        #expect(RunRecord.address(bytes, of: 2) == "http://10.0.0.1:8080")
        #expect(RunRecord.address(bytes, of: 1) == nil)
    }

    @Test(
        "takes nothing for a record that is longer, cut, newer or has more in it",
        arguments: [
            "", "{}", #"{"version":2,"task":"1"}"#, #"{"version":1,"task":1}"#, #"{"version":1,"task":"1","more":1}"#,
            #"{"version":1,"task":"1""#, #"{"version":1,"task":"\#(String(repeating: "1", count: 1024))"}"#,
        ])
    func records(_ text: String) {
        #expect(RunRecord.task(ofClaim: Array(text.utf8)) == nil)
        #expect(RunRecord.address(Array(text.utf8), of: 1) == nil)
        #expect(RunRecord.runID(Array(text.utf8)) == nil)
    }

    @Test("ends a machine whatever the file that says so holds")
    func end() {
        for reason in EndReason.allCases { #expect(RunRecord.end(RunRecord.end(reason)) == reason) }
        #expect(RunRecord.end([]) == .stopped)
    }
}
