package import ArgumentParser
package import Pages
import Platform
import Primitives
package import Workbench

/// Where a command writes its one file.
package struct OutputOption: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write.", valueName: "file"), completion: .file())
    package var output: String?

    @Flag(help: "Replace a file that is there already.")
    package var force = false

    package init() {}

    package func write(_ bytes: [UInt8], unlessNamed standard: String) throws(CommandFailure) -> String {
        let path = output ?? standard
        try writeFile(path, bytes, mode: 0o644, force: force)
        return path
    }
}

/// A page for people, beside what a command prints or instead of it.
package struct PageOption: ParsableArguments {
    @Option(
        help: ArgumentHelp("Write a page instead: one file, for a browser or for paper.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    package var html: String?

    @Flag(help: "Replace a file that is there already.")
    package var force = false

    package init() {}

    /// Refuses a --force without a file, where a command writes no other.
    package func requireFile() throws {
        guard html != nil || !force else { throw ValidationError("--force is for the page that --html writes") }
    }

    /// Writes the page where one is wanted, and says so.
    ///
    /// - Returns: whether one was wanted.
    @discardableResult
    package func write(_ page: @autoclosure () -> Page, says: Bool = true) throws(CommandFailure) -> Bool {
        guard let html else { return false }
        try writeFile(html, page().encoded, mode: 0o644, force: force)
        if says { print("wrote \(html.showingItself(besides: []))") }
        return true
    }
}

/// What standard output is shown on.
package enum Screen {
    /// The terminal's width; 100 where there is none.
    package static var columns: Int { min(max(Terminal.standardOutput.columns ?? 100, 40), 120) }

    /// On a terminal that has colours, unless the person asked programs for none (no-color.org).
    package static var showsColour: Bool { Terminal.standardOutput.showsColour }
}
