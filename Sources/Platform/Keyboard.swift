internal import Glibc

/// The person at the terminal, if there is one.
public enum Keyboard {
    /// Whether somebody can answer: standard input and standard error are both a terminal.
    public static var isInteractive: Bool { isatty(0) == 1 && isatty(2) == 1 }

    /// Reads a line that is not shown while it is typed, without its newline. `nil` at the end of input.
    public static func secretLine() throws(PlatformError) -> String? {
        var settings = termios()
        guard unsafe tcgetattr(0, &settings) == 0 else {
            throw .system(action: "read the terminal's settings", error: ErrorNumber(errno))
        }
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        guard unsafe tcsetattr(0, TCSAFLUSH, &silent) == 0 else {
            throw .system(action: "silence the terminal", error: ErrorNumber(errno))
        }
        let line = readLine(strippingNewline: true)
        guard unsafe tcsetattr(0, TCSAFLUSH, &settings) == 0 else {
            throw .system(action: "restore the terminal", error: ErrorNumber(errno))
        }
        return line
    }
}
