import CWallProbe
import Glibc
import Platform

/// A worker that does what a test tells it, word by word:
///
///     walls               raises and announces them
///     byte:N              sends a status byte
///     go                  waits for permission
///     write:PATH:COUNT    makes a file of that many bytes
///     many:PATH:COUNT     makes that many empty files
///     folder:PATH         makes a folder
///     link:PATH           makes a symbolic link to /etc/passwd
///     second:PATH:OF      gives a file a second name
///     pipe:PATH           makes a named pipe
///     close:PATH          takes away all permissions
///     say:COUNT           writes that many bytes of diagnostics
///     loud                writes diagnostics for ever
///     try:ATTEMPT         as `judge` does
struct Script: ~Copyable {
    let parent: WorkerDescriptors

    func run(_ text: String) throws {
        for word in text.split(separator: " ").dropFirst() { try perform(word.split(separator: ":").map(String.init)) }
    }

    private func perform(_ word: [String]) throws {
        let path = word.count > 1 ? word[1] : ""
        let count = word.last.flatMap { Int($0) } ?? 0
        switch word[0] {
        case "walls":
            try parent.send(parent.raiseWalls().announcement)
            try parent.send([Trial.walled])
        case "byte": try parent.send([UInt8(clamping: count)])
        case "go": _ = try parent.waitForGo()
        case "write": write(path, count)
        case "many": for number in 0..<count { write("\(path)/\(number)", 0) }
        case "folder": _ = unsafe mkdirat(AT_FDCWD, path, 0o700)
        case "link": _ = unsafe symlink("/etc/passwd", path)
        case "second": _ = unsafe link(word[2], path)
        case "pipe": _ = unsafe mkfifo(path, 0o600)
        case "close": _ = unsafe chmod(path, 0)
        case "say": parent.diagnose(String(repeating: "d", count: count))
        case "loud": while true { parent.diagnose(String(repeating: "\u{1B}", count: 4096)) }
        default: _ = unsafe probe_attempt(path)
        }
    }

    private func write(_ path: String, _ count: Int) {
        let file = unsafe openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let piece = [UInt8](repeating: 0x41, count: min(count, 1 << 20))
        var left = count
        while left > 0 {
            let written = unsafe Glibc.write(file, piece, min(left, piece.count))
            if written <= 0 { break }
            left -= written
        }
        Glibc.close(file)
    }
}
