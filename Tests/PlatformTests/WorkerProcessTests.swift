import Foundation
import Platform
import Testing
import WorkerJob

/// The process's life as its parent sees it. What it runs here is no worker.
@Suite("Worker processes")
struct WorkerProcessTests {
    private func start(
        _ executable: String, in temporary: borrowing TemporaryFolder, job: String = "/job"
    ) throws -> WorkerProcess {
        try temporary.folder.makeFolder("job")
        let limits = WorkerLimits(fileBytes: 1 << 20, memoryBytes: 1 << 30, processorSeconds: 20)
        let start = WorkerStart(
            executable: executable, job: (temporary.path + job, temporary.name), policy: .reported,
            limits: limits, diagnostics: false)
        return try WorkerProcess.start(start) { groups throws(PlatformError) in try temporary.noteGroups(groups) }
    }

    @Test("say why they could not be executed")
    func notExecutable() throws {
        let temporary = try TemporaryFolder()
        let error = #expect(throws: PlatformError.self) { _ = try start("/etc/passwd", in: temporary) }
        #expect(error == .workerNotStarted(step: "be executed", error: ErrorNumber(EACCES)))
    }

    @Test("need a program")
    func noProgram() throws {
        let temporary = try TemporaryFolder()
        #expect(throws: PlatformError.self) { _ = try start("/nowhere/2cvm-worker", in: temporary) }
    }

    @Test("need their folder")
    func noFolder() throws {
        let temporary = try TemporaryFolder()
        #expect(throws: PlatformError.self) { _ = try start("/bin/true", in: temporary, job: "/other") }
    }

    @Test("end without a byte when they have nothing to say")
    func silent() throws {
        let temporary = try TemporaryFolder()
        var process = try start("/bin/true", in: temporary)
        #expect(try process.nextEvent(until: .now + .seconds(10), or: nil) == .ended)
        // Telling the dead is no error, and no signal.
        try process.go()
    }

    @Test("are ended, and their control group with them")
    func ended() throws {
        let temporary = try TemporaryFolder()
        do {
            // `yes` writes to the null device until it is killed.
            var process = try start("/usr/bin/yes", in: temporary)
            #expect(try process.nextEvent(until: .now + .milliseconds(50), or: nil) == .timeout)
            process.end()
            #expect(try process.nextEvent(until: .now + .seconds(10), or: nil) == .ended)
        }
        #expect(try groups(named: temporary.name) == [])
    }

    @Test("stand in each control group that was made for them before they run")
    func standing() throws {
        let temporary = try TemporaryFolder()
        let process = try start("/usr/bin/yes", in: temporary)
        let groups = try groups(named: temporary.name)
        let empty = groups.filter(isEmptyGroup)
        process.end()
        // Where a machine gives no group at all, the report says so.
        #expect(groups.isEmpty == process.walls.missing.contains { $0.wall == .killGroup })
        #expect(empty == [])
    }

    @Test("are ended with their owner, whatever was thrown")
    func owner() throws {
        let temporary = try TemporaryFolder()
        _ = try start("/usr/bin/yes", in: temporary)
        #expect(try groups(named: temporary.name) == [])
    }

    @Test("can be waited for until somebody cancels")
    func cancelled() throws {
        let temporary = try TemporaryFolder()
        var process = try start("/usr/bin/yes", in: temporary)
        let cancellation = try Cancellation()
        #expect(!cancellation.isCancelled)
        Thread.detachNewThread { cancellation.cancel() }
        #expect(try process.nextEvent(until: .now + .seconds(10), or: cancellation) == .cancelled)
        #expect(cancellation.isCancelled)
        #expect(try process.nextEvent(until: .now + .seconds(10), or: cancellation) == .cancelled)
    }

    @Test("outlive the thread that started them, and not the process", .timeLimit(.minutes(1)))
    func parentKilled() throws {
        // A place of its own: whatever else runs on this machine sweeps the common one.
        let place = FileManager.default.temporaryDirectory.appending(path: "2cvm-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: place) }
        let parent = Process()
        let output = Pipe()
        parent.executableURL = URL(filePath: try Program.sibling("wall-probe"))
        parent.arguments = ["hold"]
        parent.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": place]) { $1 }
        parent.standardOutput = output
        try parent.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let folder = line.trimmingCharacters(in: .whitespacesAndNewlines)
        let name = URL(filePath: folder).lastPathComponent
        try #require(folder == "\(place)/\(name)" && name.hasPrefix("2cvm-job-"))
        #expect(kill(parent.processIdentifier, SIGKILL) == 0)
        parent.waitUntilExit()

        // The worker holds the other end of nothing that this process could wait for: its control group tells.
        while !(try groups(named: name).allSatisfy(isEmptyGroup)) { usleep(10_000) }
        #expect(FileManager.default.fileExists(atPath: folder))
        _ = try TemporaryFolder(in: place)
        #expect(!FileManager.default.fileExists(atPath: folder))
        #expect(try groups(named: name) == [])
    }

    /// In every hierarchy: each is a file system of its own, which an enumeration from above does not enter.
    private func groups(named name: String) throws -> [String] {
        let root = "/sys/fs/cgroup"
        let hierarchies = try FileManager.default.contentsOfDirectory(atPath: root).map { "\(root)/\($0)" }
        return hierarchies.flatMap { hierarchy -> [String] in
            let inside = FileManager.default.enumerator(atPath: hierarchy)?.compactMap { $0 as? String } ?? []
            return inside.filter { $0 == name || $0.hasSuffix("/" + name) }.map { "\(hierarchy)/\($0)" }
                + (hierarchy.hasSuffix("/" + name) ? [hierarchy] : [])
        }
    }

    private func isEmptyGroup(_ path: String) -> Bool {
        ((try? String(contentsOfFile: path + "/cgroup.procs", encoding: .utf8)) ?? "").isEmpty
    }
}
