package import ArgumentParser
internal import Platform

/// What both agents can be told on the command line.
package struct ServiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where to listen. Port 0 takes any that is free.", valueName: "host:port"))
    package var listen = AgentServer.Address(host: "127.0.0.1", port: 8080)

    @Option(
        help: ArgumentHelp("The worker's program. Without it, 2cvm-worker beside this one.", valueName: "path"),
        completion: .file())
    package var worker: String?

    @Option(
        help: ArgumentHelp(
            "Where the session's private folder is made, removed when the agent ends. Without it, the first safe "
                + "one of $TMPDIR, /dev/shm, $XDG_RUNTIME_DIR and /tmp.", valueName: "folder"),
        completion: .directory)
    package var folder: String?

    @Option(
        help: ArgumentHelp(
            "Runtimes that `2cvm runtime install` made, in a folder that only root or this user can change: nobody has "
                + "to submit them. Without it, none.", valueName: "folder"), completion: .directory)
    package var runtimes: String?

    @Option(
        help: ArgumentHelp(
            "What a manifest may ask for in all. Without it, three quarters of the machine's memory.",
            valueName: "MiB"))
    package var memory: Int?

    @Option(
        help: ArgumentHelp(
            "What the session's files may take of it. Without it, half, and no more than fits into the folder.",
            valueName: "MiB"))
    package var files: Int?

    @Option(
        help: ArgumentHelp(
            "Which requests get a line on standard error: none, changes (with refusals), requests.", valueName: "which")
    )
    package var log = ServiceLog.Detail.changes

    /// For the argument parser.
    package init() {}

    /// Refuses amounts that are none.
    package func validate() throws {
        for (name, value) in [("--memory", memory), ("--files", files)] {
            if let value, !(1...(1 << 24) ~= value) {
                throw ValidationError("\(name) takes 1 to 16777216 MiB.")
            }
        }
    }

    func capacity(in folder: String) throws(PlatformError) -> MachineCapacity {
        let memoryBytes = memory.map { $0 << 20 } ?? Machine.memoryByteCount / 4 * 3
        let free = try Machine.freeByteCount(in: folder)
        let fileBytes = files.map { $0 << 20 } ?? memoryBytes / 2
        return MachineCapacity(memoryBytes: memoryBytes, fileBytes: min(fileBytes, free))
    }
}

extension ServiceLog.Detail: ExpressibleByArgument {}

extension AgentServer.Address: ExpressibleByArgument, CustomStringConvertible {
    /// Reads `HOST:PORT`; an IPv6 address stands in brackets.
    package init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":") else { return nil }
        let digits = argument[argument.index(after: colon)...]
        guard 1...5 ~= digits.utf8.count, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let port = UInt16(digits)
        else { return nil }
        var host = argument[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: Int(port))
    }

    /// `127.0.0.1:8080`.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
