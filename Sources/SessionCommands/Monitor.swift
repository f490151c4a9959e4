import ArgumentParser
import Client
import CommandOptions
import Commitments
import Evidence
import Keys
import Pages
import Platform
import Primitives
import Synchronization
import Workbench

/// Shows a session in one's own browser.
struct MonitorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor",
        abstract: "Watch a session in your browser: stages, what waits for you, results, receipts.",
        discussion: """
            Attests the session and shows what this machine has verified, on 127.0.0.1 for your own browser. With \
            --as it opens what waits for your answer, and shows the command that answers it. It signs and sends \
            nothing: you type that command. Each --results names a folder that `2cvm fetch` made or will make; what \
            lies there is verified, and shown as tables and charts.

            A file opens it, once for each browser: it is yours alone, and posts a token that counts once. At a \
            terminal, or with --open, the desktop's browser shows it. The monitor ends with Ctrl-C and takes the file \
            along.

            Exit status: 0 ended with Ctrl-C, 1 the first evidence was refused, 3 no answer at first, or no server.

            Example: 2cvm monitor http://127.0.0.1:8080 --manifest signed.json --as hospital-a --results results
            """)

    @OptionGroup var options: SessionOptions
    @OptionGroup var sender: SenderOptions

    @Option(
        help: ArgumentHelp("A folder of `2cvm fetch`, there or not yet. Repeatable.", valueName: "folder"),
        completion: .directory)
    var results: [String] = []

    @Flag(inversion: .prefixedNo, help: "Show it in the desktop's browser. Else at a terminal only.")
    var open: Bool?

    @Flag(help: "Print JSON: where the file is.")
    var json = false

    /// How often the session is looked at.
    private static let pause = Duration.seconds(2)

    func run() async throws {
        let watch = try self.watch()
        // Refused at once, where somebody reads it, and not in a browser.
        let first = try await watch.begin()
        let shelf = try MonitorShelf()
        defer { shelf.close() }
        try shelf.put(first)
        let (path, file) = (shelf.path, shelf.openingFile)
        let (opens, isJSON) = (self.open ?? (!json && Terminal.standardOutput.isInteractive), json)
        let end = try End()
        let looking = Task.detached {
            do {
                while !Task.isCancelled {
                    try await Task.sleep(for: Self.pause)
                    try shelf.put(await watch.look())
                }
            } catch {
                end.come(by: error)
            }
        }
        defer { looking.cancel() }
        try await MainActor.run {
            try end.cancellation.whileInterruptsCancel { () throws(CommandFailure) in
                try MonitorServerProcess.run(on: path, until: end.cancellation) { address throws(CommandFailure) in
                    try Self.announce(file, at: address, opens: opens, json: isJSON)
                }
            }
        }
        // Pages that nobody renews would pass for what is so now.
        if let fault = end.fault { throw fault }
    }

    /// How it ends: by whoever interrupts it, or by a fault.
    private final class End: Sendable {
        let cancellation: Cancellation
        private let found = Mutex<(any Error)?>(nil)

        init() throws(CommandFailure) {
            do {
                cancellation = try Cancellation()
            } catch {
                throw CommandFailure(error)
            }
        }

        var fault: (any Error)? { found.withLock(\.self) }

        func come(by error: any Error) {
            guard !(error is CancellationError) else { return }
            found.withLock { $0 = error }
            cancellation.cancel()
        }
    }

    private func watch() throws(CommandFailure) -> SessionWatch {
        let document = try readManifest(options.manifest)
        var member: SessionWatch.Member?
        if try Setting.name.text(sender.givenName) != nil {
            let (participant, keys) = try sender.keys(under: document.manifest)
            member = SessionWatch.Member(participant, with: keys)
        }
        let manner = SessionWatch.Manner(
            typed: TypedCommand(
                Array(CommandLine.arguments.dropFirst(2)), without: ["--open", "--no-open", "--json"], ["--results"]),
            folders: results, isAsOfNow: options.verifier.at == nil, clock: currentTime)
        return try SessionWatch(
            at: options.url, under: document, as: member, by: options.verifier.verifier(), manner)
    }

    private static func announce(
        _ file: String, at address: String, opens: Bool, json: Bool
    ) throws(CommandFailure) {
        if json {
            printJSON(["version": 1, "file": .string(file), "address": .string(address)])
        } else {
            print("open \(file) in your browser; Ctrl-C ends the monitor")
        }
        try flushOutput()
        if opens, !MonitorServerProcess.open(file) {
            Progress(isQuiet: json).note("xdg-open is not there, or found no browser: open the file yourself")
        }
    }
}
