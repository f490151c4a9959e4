import Glibc
import Platform
import WorkerJob

/// One attempt, judged from outside the worker that made it.
struct Trial {
    static let walled: UInt8 = 0x01
    static let compiled: UInt8 = 0x02
    static let succeeded: UInt8 = 0x10
    static let refused: UInt8 = 0x11

    /// `succeeded`, `refused:ERRNO`, `killed` or `timeout`.
    let outcome: String
    let missing: [Wall]

    enum Failure: Error {
        case symlink
    }

    init(_ attempt: String) throws {
        let folder = try TemporaryFolder()
        var process = try Self.start(attempt, in: folder)
        var status: [UInt8] = []
        var timedOut = false
        while true {
            let event = try process.nextEvent(until: .now + .seconds(10), or: nil)
            if case .status(let bytes) = event { status += bytes }
            if event == .ended { break }
            if event == .timeout {
                timedOut = true
                break
            }
        }
        process.end()

        var missing = process.walls.missing.map(\.wall)
        while status.count >= 2, let wall = AnnouncedWall(status[0], status[1]) {
            missing.append(wall.wall)
            status.removeFirst(2)
        }
        self.missing = missing
        outcome =
            switch status.dropFirst().first {
            case Self.succeeded: "succeeded"
            case Self.refused: "refused:\(status[2])"
            default: timedOut ? "timeout" : status.first == Self.walled ? "killed" : "no-walls"
            }
    }

    static func start(_ attempt: String, in temporary: borrowing TemporaryFolder) throws -> WorkerProcess {
        // Open to everyone, so that permissions are not what stops an attempt.
        try temporary.folder.makeFolder("job", mode: 0o777)
        try temporary.folder.makeFolder("job/in", mode: 0o777)
        try temporary.folder.makeFolder("job/out", mode: 0o770, owner: WorkerIdentity.owner)
        try temporary.folder.makeFolder("job/log", mode: 0o770, owner: WorkerIdentity.owner)
        try temporary.folder.makeFolder("job/tmp", mode: 0o770, owner: WorkerIdentity.owner)
        try place(Array(attempt.utf8), at: "job/job.json", in: temporary.folder)
        try place([1, 2, 3], at: "job/in/data", in: temporary.folder)

        guard unsafe symlink("/etc/passwd", temporary.path + "/job/in/passwd-link") == 0 else { throw Failure.symlink }

        let limits = WorkerLimits(fileBytes: 1 << 20, memoryBytes: 1 << 30, processorSeconds: 20)
        var start = WorkerStart(
            executable: try Program.path(), job: (temporary.path + "/job", temporary.name), policy: .reported,
            limits: limits, diagnostics: false)
        if attempt.hasSuffix("_machine_code") {
            try place([0xB8, 0x2A, 0, 0, 0, 0xC3], at: "machine-code", in: temporary.folder)
            start.machineCode = try temporary.folder.file("machine-code")
        }
        return try WorkerProcess.start(start) { groups throws(PlatformError) in try temporary.noteGroups(groups) }
    }

    private static func place(_ content: [UInt8], at path: String, in folder: borrowing Folder) throws {
        var file = try folder.create(path, maximumBytes: 1024)
        try file.append(content)
        try file.finish(mode: 0o666, zeroTimes: true)
    }
}
