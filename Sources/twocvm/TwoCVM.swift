import ArgumentParser

@main
struct TwoCVM: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "2cvm",
        abstract: "Compute with others inside a confidential VM, on terms that everyone can check.",
        discussion: """
            Exit status: 0 done, 1 refused, 2 input that cannot be read, 3 something is unavailable (a file, a \
            device, a tool), 4 the run failed, 64 wrong usage.
            """,
        subcommands: [
            KeyCommand.self, ManifestCommand.self, DataCommand.self, ComponentCommand.self, Run.self,
            EvidenceCommand.self, MeasureCommand.self,
        ])

    /// Errors of ours are printed by ``report(_:)``; the rest is the argument parser's.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let failure as CommandFailure {
            report(failure)
            exit(withError: failure.status.code)
        } catch {
            exit(withError: error)
        }
    }
}
