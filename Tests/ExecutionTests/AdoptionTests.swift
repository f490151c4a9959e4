import Commitments
import Composition
import Execution
import Foundation
import Platform
import Testing

/// Files that become inputs without being copied.
@Suite("Shared inputs")
struct AdoptionTests {
    private let rehearsal = Rehearsal("walls byte:2 go write:out/a/output/result:1 byte:128")
    private let path = "in/a/data/x"

    private func prepared(_ maximumBytes: Int = 10) throws -> PreparedRun {
        var plan = try rehearsal.plan
        plan.inputs = [
            PlannedFile(name: try #require(Name("data")), path: path, maximumBytes: maximumBytes)
        ]
        return try rehearsal.prepare(plan)
    }

    /// A folder beside the job's with one file of `count` bytes.
    private func staging(_ count: Int) throws -> String {
        let folder = rehearsal.place.path + "/staging"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(repeating: 7, count: count).write(to: URL(filePath: folder + "/1"))
        return folder
    }

    @Test("lie in their place with times of zero, read-only, and stay where they were")
    func places() throws {
        let run = try prepared()
        let staging = try staging(10)
        try run.inputs.share("1", of: Folder(path: staging), at: path)
        #expect(run.inputs.missingCount == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: staging) == ["1"])
        let job = try #require(rehearsal.place.names.first { $0 != "staging" })
        let attributes = try FileManager.default.attributesOfItem(
            atPath: rehearsal.place.path + "/\(job)/job/" + path)
        #expect(attributes[.posixPermissions] as? Int == 0o444)
        #expect(attributes[.modificationDate] as? Date == Date(timeIntervalSince1970: 0))
        #expect(attributes[.size] as? Int == 10)
        guard case .completed = try run.run().outcome else { Issue.record("failed"); return }
    }

    @Test("are no larger than planned, and then stay where they were")
    func tooLarge() throws {
        let run = try prepared(9)
        let staging = try staging(10)
        #expect(throws: ExecutionError.self) { try run.inputs.share("1", of: Folder(path: staging), at: path) }
        #expect(run.inputs.missingCount == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: staging) == ["1"])
    }

    @Test("are planned, and come once")
    func awaited() throws {
        let run = try prepared()
        let staging = try staging(1)
        #expect(throws: ExecutionError.inputUnknown(path: "in/a/data/y")) {
            try run.inputs.share("1", of: Folder(path: staging), at: "in/a/data/y")
        }
        try run.inputs.share("1", of: Folder(path: staging), at: path)
        _ = try self.staging(1)
        #expect(throws: ExecutionError.inputUnknown(path: path)) {
            try run.inputs.share("1", of: Folder(path: staging), at: path)
        }
    }

    @Test("are regular files with one name")
    func otherKinds() throws {
        let run = try prepared()
        let staging = try staging(1)
        try FileManager.default.createSymbolicLink(atPath: staging + "/2", withDestinationPath: "1")
        #expect(throws: ExecutionError.self) { try run.inputs.share("2", of: Folder(path: staging), at: path) }
    }

    @Test("never replace what lies in their place")
    func occupied() throws {
        let run = try prepared()
        let staging = try staging(1)
        let job = try #require(rehearsal.place.names.first { $0 != "staging" })
        let place = rehearsal.place.path + "/\(job)/job/" + path
        try Data([1, 2, 3]).write(to: URL(filePath: place))
        #expect(throws: ExecutionError.self) { try run.inputs.share("1", of: Folder(path: staging), at: path) }
        #expect(try Data(contentsOf: URL(filePath: place)) == Data([1, 2, 3]))
    }
}
