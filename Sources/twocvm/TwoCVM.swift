import ArgumentParser
import CommandOptions
import EvidenceCommands
import MachineCommands
import ManifestCommands
import PlanCommands
import SessionCommands
import Workbench

@main
struct TwoCVM: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "2cvm",
        abstract: "Compute with others inside a confidential VM, on terms that everyone can check.",
        discussion: """
            First make your keys with `2cvm key new`, then read a manifest with `2cvm manifest explain` or propose one \
            with `2cvm manifest new`, and rehearse it with `2cvm run`. In a session use `2cvm attest`, `lock`, \
            `submit`, `status` and `fetch`. If it has several runs or somebody decides, use `ask`, `review`, `approve` \
            and `refuse` too. `2cvm monitor` shows it in your browser. Each command shows an example with --help.

            You can set once what the steps of a session have in common: TWOCVM_AGENT, TWOCVM_MANIFEST, TWOCVM_AS, \
            TWOCVM_KEY and TWOCVM_SIMULATED_ROOT, or "agent", "manifest", "as", "key" and "simulatedRoot" in \
            settings.json, with "version": 1, in TWOCVM_HOME, else ~/.config/2cvm. An option wins over a variable, and \
            a variable over the file. A command says what it took from there. No settings are read from the current \
            folder.

            Results go to standard output, everything else to standard error. Existing files are replaced only if you \
            say --force.

            Exit status: 0 done, 1 refused, 2 a file was read and cannot be decoded, 3 something is unavailable (a \
            file cannot be opened, a device, a tool, an agent), 4 the run failed, 64 wrong usage, 130 interrupted.

            With --json results and errors are JSON: results on standard output, an error as one line on standard \
            error.
            """,
        version: Version.text,
        subcommands: keyCommands + manifestCommands + planCommands + sessionCommands + evidenceCommands
            + machineCommands)

    /// Every error is told by ``Report``, also those of the argument parser. Help and the version are none.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            try flushOutput()
        } catch let failure as CommandFailure {
            end(failure)
        } catch let error as any CommandFault {
            end(CommandFailure(error))
        } catch {
            guard exitCode(for: error) != .success, !(error is ExitCode) else { exit(withError: error) }
            Report.showUsage(message(for: error), fullMessage(for: error))
            exit(withError: ExitStatus.usage.code)
        }
    }

    private static func end(_ failure: CommandFailure) -> Never {
        Report.show(failure)
        exit(withError: failure.status.code)
    }
}
