internal import Commitments

/// The host's interfaces by name.
enum HostInterface {
    static let exit = "wasi:cli/exit"

    /// Whether the host or a shim serves it; anything else is another component's to export.
    static func isHosts(_ base: String) -> Bool {
        base.hasPrefix("wasi:") || base.hasPrefix("twocvm:")
    }

    /// HTTP is never linked, whatever a manifest lists.
    static func isHTTP(_ entry: ComponentBinary.Import) -> Bool {
        [entry.name, entry.implemented].contains { $0?.base.hasPrefix("wasi:http/") ?? false }
    }

    /// Who looks again and again whether a file is read yet counts the host's time, so polling is a clock.
    private static func answersPollables(_ base: String) -> Bool {
        [
            "wasi:io/poll", "wasi:io/streams", "wasi:sockets/tcp", "wasi:sockets/udp", "wasi:sockets/ip-name-lookup",
        ].contains(base)
    }

    /// Those that the host gives as they are. All others come from a shim or from a link, so that
    /// an interface that nobody thought of reaches nobody.
    static func isShared(_ base: String, with component: Component) -> Bool {
        if base.hasPrefix("wasi:clocks/") || answersPollables(base) { return component.clock == .real }
        if base.hasPrefix("wasi:random/") { return component.randomness == .real }
        return base.hasPrefix("wasi:io/") || base.hasPrefix("wasi:sockets/") || base.hasPrefix("wasi:cli/terminal-")
            || base == "wasi:cli/stdin"
    }
}
