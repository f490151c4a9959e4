import Commitments
import Execution
import Foundation
import Platform
import Testing

/// A run of a scripted worker: `wall-probe`, which does what the test's words say.
struct Rehearsal {
    /// Words of `Script`. Those that every orderly worker says are `begin` and `end`.
    var script: String
    var releases: [(name: String, path: String, maximumBytes: Int)] = [("result", "out/a/output/result", 100)]
    var logs: [(name: String, path: String, maximumBytes: Int)] = []
    var limits = ExecutionLimits(compileSeconds: 10, wallTimeSeconds: 10, memoryBytes: 1 << 30)
    var policy = WallPolicy.reported
    var diagnostics = false
    var cancellation: Cancellation?
    let place = Place()

    /// Walls, compiled, go.
    static let begin = "walls byte:2 go "
    /// The verdict `completed`.
    static let end = " byte:128"

    /// The output that every run releases.
    static var result: Name {
        guard let name = Name("result") else { preconditionFailure("a name as the manifest has them") }
        return name
    }

    init(_ script: String) {
        self.script = script
    }

    /// An orderly run around what the test is about.
    static func orderly(_ script: String) -> Rehearsal {
        Rehearsal(begin + script + end)
    }

    var plan: ExecutionPlan {
        get throws {
            ExecutionPlan(
                job: Array("script \(script)".utf8), composed: [0],
                folders: ["in", "in/a", "in/a/data", "log", "log/a", "out", "out/a", "out/a/output"],
                files: ([], try releases.map(planned), try logs.map(planned)), limits: limits)
        }
    }

    private func planned(_ file: (name: String, path: String, maximumBytes: Int)) throws -> PlannedFile {
        PlannedFile(name: try #require(Name(file.name)), path: file.path, maximumBytes: file.maximumBytes)
    }

    func prepare(_ plan: ExecutionPlan? = nil) throws -> PreparedRun {
        let settings = ExecutionSettings(
            worker: try Program.sibling("wall-probe"), policy: policy, diagnostics: diagnostics,
            cancellation: cancellation, temporaryParent: place.path)
        return try PreparedRun.prepare(try plan ?? self.plan, settings)
    }

    /// Prepares and runs, and sees that nothing is left.
    func run() throws -> RunReport {
        let report = try prepare().run()
        #expect(place.names == [])
        return report
    }

    /// Why it failed; `nil` when it completed.
    func failure() throws -> FailureReason? {
        switch try run().outcome {
        case .completed: nil
        case .failed(let reason): reason
        }
    }
}

/// A folder of the test's own for job folders.
final class Place: Sendable {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appending(path: "2cvm-test-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? ["unreadable"] }
}
