import AgentAPI
import ArgumentParser
import CommandOptions
import Client
import Commitments
import Keys
import Workbench

/// Ends a session before it executes.
struct Withdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "End a session before it executes. It forgets everything that was submitted.",
        discussion: """
            Any participant can, until the last slot is filled; nobody can afterwards. There is no way back: the \
            session's keys are destroyed, and another session needs another machine.

            Example: 2cvm withdraw http://127.0.0.1:8080 --manifest signed.json --as hospital-a
            """)

    @OptionGroup var options: SessionOptions
    @OptionGroup var sender: SenderOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let manifest = try readManifest(options.manifest).manifest
        let client = AgentClient(try options.url)
        let keys = try sender.keys(under: manifest).keys
        let progress = Progress(isQuiet: json)
        let session = try await options.affirmedSession(manifest, by: try options.verifier.verifier(), progress).session
        do {
            let status = try await client.withdraw(from: session, under: manifest, as: keys.signing)
            if json { return printJSON(status.json) }
            print("withdrawn: the session has ended")
        } catch {
            throw CommandFailure(error)
        }
    }
}
