import ArgumentParser
import CommandOptions
import Execution
import Platform
import Primitives
import Workbench

/// What runs people's scripts, compiled once.
struct RuntimeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runtime",
        abstract: "Install what runs people's scripts, compiled once for this machine's rehearsals.",
        subcommands: [RuntimeInstall.self, RuntimeList.self, RuntimeVerify.self, RuntimeRemove.self])
}

private struct RuntimeInstall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Compile a runtime and keep its machine code.",
        discussion: """
            A worker that sees nothing else compiles, behind the walls of every run. It takes some minutes and 4 GB of \
            memory, once. After that `2cvm run` starts a script in a second or two, and nobody has to bring the \
            component that the manifest pins.

            Root installs into /var/lib/2cvm/runtimes, for everyone; others into ~/.cache/2cvm/runtimes, or where \
            TWOCVM_RUNTIMES says. Nobody else may be able to write there.

            Example: 2cvm runtime install .build/runtimes/python
            """)

    @Argument(
        help: "The package. Without it: the one that was installed with 2cvm, or made by scripts/python-runtime.",
        completion: .directory)
    var package: String?

    func run() throws {
        guard let path = try package ?? Shared.path(of: "runtimes/python", orBuilt: ".build/runtimes/python") else {
            throw CommandFailure(RuntimeFailure.noPackage)
        }
        let progress = Progress(isQuiet: false)
        do {
            let runtime = try RuntimeShelf().install(path, progress)
            print("installed \(runtime.summary)")
        } catch let error as RuntimeStoreError {
            throw CommandFailure(error, in: path)
        }
    }
}

private struct RuntimeList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the runtimes that are installed.",
        discussion: "Example: 2cvm runtime list")

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let runtimes = try RuntimeShelf().runtimes()
        if json {
            printJSON(.array(runtimes.map(\.json)))
        } else {
            for runtime in runtimes { print(runtime.summary) }
            if runtimes.isEmpty { Progress(isQuiet: false).note("no runtime is installed: `2cvm runtime install`") }
        }
    }
}

private struct RuntimeVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compare every byte of the installed runtimes with what their digests pin.",
        discussion: "Example: 2cvm runtime verify")

    func run() throws {
        for runtime in try RuntimeShelf().runtimes() {
            do {
                try runtime.verify()
            } catch {
                throw CommandFailure(error, in: runtime.path)
            }
            print("as installed: \(runtime.summary)")
        }
    }
}

private struct RuntimeRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove an installed runtime.",
        discussion: "Example: 2cvm runtime remove sha256:"
            + "0000000000000000000000000000000000000000000000000000000000000000")

    @Argument(help: "The component's digest, as `2cvm runtime list` prints it.")
    var digest: String

    func run() throws {
        guard let component = SHA256Digest(prefixed: digest) else { throw malformed(digest, "sha256: and 64 digits") }
        let shelf = try RuntimeShelf()
        do {
            guard try shelf.own.remove(component) else {
                throw CommandFailure(RuntimeFailure.notInstalled(component), in: shelf.own.path)
            }
        } catch let error as RuntimeStoreError {
            throw CommandFailure(error, in: shelf.own.path)
        }
        print("removed \(component.prefixed)")
    }
}
