import CWallProbe
import Glibc
import Platform
import WorkerJob

/// A worker that tries what a hostile one would, and the parent that watches it. For tests only.
///
///     wall-probe judge ATTEMPT…      prints a line for each: attempt, outcome, raw values of missing walls
///     wall-probe hold                starts a worker that sleeps, prints its folder, and waits to be killed
///     wall-probe trace NAME COMMAND  runs a command, and prints what programs of that name ask of the kernel
@main
enum Main {
    static func main() throws {
        let arguments = CommandLine.arguments
        switch arguments.dropFirst().first {
        case "judge": for attempt in arguments.dropFirst(2) { try judge(attempt) }
        case "hold": try hold()
        case "trace": exit(unsafe -probe_trace(arguments[2], CommandLine.unsafeArgv + 3))
        default: try beWorker()
        }
    }

    /// The job is a script, or the attempt's name; `bare:` before it leaves out the walls.
    private static func beWorker() throws {
        let parent = try WorkerDescriptors()
        let job = String(decoding: try parent.folder.read("job.json", maximumBytes: 4096), as: UTF8.self)
        if job.hasPrefix("script ") { return try Script(parent: parent).run(job) }
        if job.hasPrefix("{") { return try beGate(parent) }
        let bare = job.hasPrefix("bare:")
        if !bare { try parent.send(parent.raiseWalls().announcement) }
        try parent.send([Trial.walled])
        let outcome = unsafe probe_attempt(bare ? String(job.dropFirst(5)) : job)
        try parent.send([outcome == 0 ? Trial.succeeded : Trial.refused, UInt8(clamping: outcome)])
    }

    /// A gate that was taken over by what it reads: the content is a script, run once it is there.
    private static func beGate(_ parent: consuming WorkerDescriptors) throws {
        try parent.send(parent.raiseWalls().announcement)
        try parent.send([Trial.walled, Trial.compiled])
        _ = try parent.waitForGo()
        let content = try parent.folder.read("in/gate/content", maximumBytes: 4096)
        try Script(parent: parent).run(String(decoding: content, as: UTF8.self))
    }

    private static func judge(_ attempt: String) throws {
        let trial = try Trial(attempt)
        let missing = trial.missing.map { String($0.rawValue) }.joined(separator: ",")
        print(attempt, trial.outcome, missing.isEmpty ? "-" : missing)
    }

    private static func hold() throws {
        let folder = try TemporaryFolder()
        var process = try Trial.start("sleep_long", in: folder)
        while true {
            let event = try process.nextEvent(until: .now + .seconds(60), or: nil)
            if case .status(let bytes) = event, bytes.contains(Trial.walled) { break }
        }
        print(folder.path)
        fflush(nil)
        _ = try process.nextEvent(until: .now + .seconds(60), or: nil)
    }
}
