internal import CPlatform
internal import Glibc

/// This process's own program.
public enum Program {
    /// Absolute, as the kernel knows it, whatever the arguments say.
    public static func path() throws(PlatformError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0, count < buffer.count, let path = String(validating: buffer[..<count], as: UTF8.self) else {
            throw .system(action: "find this program's own file", error: ErrorNumber(count < 0 ? errno : ENAMETOOLONG))
        }
        return path
    }

    /// Processors that can run something now, at least 1.
    public static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Whether it has root's rights over files.
    public static var isRoot: Bool { geteuid() == 0 }

    /// The process's number: no other has it at the same time.
    public static var identifier: Int { Int(getpid()) }

    /// Where relative paths begin.
    public static func currentFolder() throws(PlatformError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard unsafe getcwd(&buffer, buffer.count) != nil,
            let path = String(validating: buffer.prefix { $0 != 0 }, as: UTF8.self)
        else { throw .system(action: "find the current folder", error: ErrorNumber(errno)) }
        return path
    }

    /// Keeps other processes of the same user, and core files, away from this one's memory.
    public static func refuseDumping() throws(PlatformError) {
        try succeeded(cp_refuse_dumping(), "refuse dumping")
    }

    /// The path of a program that was installed beside this one.
    public static func sibling(_ name: String) throws(PlatformError) -> String {
        let path = try path()
        let folder = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        return folder + "/" + name
    }
}

/// What a person looks at.
public enum Terminal: Int32, Sendable {
    case standardOutput = 1
    case standardError = 2

    /// Whether a person may be looking: not a file and not a pipe.
    public var isInteractive: Bool { isatty(rawValue) == 1 }

    /// Whether it obeys escape sequences, such as one that clears a line. A dumb terminal prints them.
    public var obeysEscapes: Bool {
        isInteractive && !["", "dumb"].contains(Self.environment("TERM"))
    }

    /// Whether words may be coloured there: not where somebody asked programs not to (no-color.org).
    public var showsColour: Bool { obeysEscapes && Self.environment("NO_COLOR").isEmpty }

    private static func environment(_ name: String) -> String {
        guard let value = unsafe getenv(name) else { return "" }
        return unsafe String(cString: value)
    }

    /// Columns, or `nil` when it is no terminal or does not say.
    public var columns: Int? {
        let columns = cp_terminal_columns(rawValue)
        return columns > 0 ? Int(columns) : nil
    }
}
