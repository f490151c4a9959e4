import ArgumentParser
import CommandOptions
import Composition
import Primitives
import Workbench

/// Groups the commands on component files.
struct ComponentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "component",
        abstract: "Make, build and test WebAssembly components, and look at them.",
        subcommands: [ComponentNew.self, ComponentBuild.self, ComponentTest.self, ComponentInspect.self])
}

struct ComponentInspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a component imports, exports and needs, and the manifest lines that would admit it.",
        discussion: """
            Reads the file with the same strict reader as a session does, without running any of it.

            Example: 2cvm component inspect moments.wasm
            """)

    /// Far above what a session would take in reasonable time, far below what this machine holds.
    private static let maximumByteCount = 256 << 20

    @Argument(help: "A component's binary.", completion: .file(extensions: ["wasm"]))
    var file: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let bytes = try readFile(file, maximumByteCount: Self.maximumByteCount)
        let description: ComponentDescription
        do {
            description = try ComponentDescription(of: bytes)
        } catch {
            throw CommandFailure(error, in: file)
        }
        if json { printJSON(description.json) } else { show(description) }
    }

    private func show(_ description: ComponentDescription) {
        print("\(description.digest.prefixed), \(description.binary.byteCount) bytes")
        list(
            "imports",
            description.binary.imports.map { entry in
                if entry.needsNobody { return "\(entry.name) (types alone: nobody has to provide them)" }
                return entry.implemented.map { "\(entry.name) (a link to \($0))" } ?? "\(entry.name)"
            })
        list("exports", description.binary.exports.map { "\($0.name)" })
        list(
            "memories, in pages of 64 KiB",
            description.memories.map { memory in
                let most = memory.maximum.map(String.init) ?? "as many as granted"
                return "\(memory.minimum) to \(most)"
                    + (memory.instanceCount > 1 ? ", \(memory.instanceCount) times" : "")
            })
        print("\nmanifest lines, with your names in the angle brackets:\n\n\(description.manifestLines)")
    }

    private func list(_ title: String, _ lines: [String]) {
        print("\n\(title):")
        print(lines.isEmpty ? "  none" : lines.map { "  \($0)" }.joined(separator: "\n"))
    }
}
