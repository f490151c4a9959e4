internal import Glibc

/// Files that a person names on the command line, wherever they lie.
public enum NamedFile {
    /// Writes a new file, synchronised to the disk. Whatever lies at `path` already stays as it is.
    ///
    /// - Parameter mode: the file's permissions, less the process's mask.
    /// - Throws: ``PlatformError/system(action:error:)``; ``ErrorNumber/exists`` when there is something, a
    ///   symbolic link included.
    public static func create(_ path: String, _ content: [UInt8], mode: UInt32) throws(PlatformError) {
        let action = "create \(path)"
        let number = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard number >= 0 else { throw .system(action: action, error: ErrorNumber(errno)) }
        let file = Descriptor(owning: number)
        do throws(PlatformError) {
            try file.write(content)
            guard fsync(file.number) == 0 else { throw .system(action: action, error: ErrorNumber(errno)) }
        } catch {
            _ = unsafe unlink(path)
            throw error
        }
    }

    /// Puts a file where one may be already: the old one or the new one is there at every moment, whole.
    public static func replace(_ path: String, _ content: [UInt8], mode: UInt32) throws(PlatformError) {
        let temporary = "\(path).\(getpid()).part"
        try create(temporary, content, mode: mode)
        guard unsafe rename(temporary, path) == 0 else {
            let error = ErrorNumber(errno)
            _ = unsafe unlink(temporary)
            throw .system(action: "replace \(path)", error: error)
        }
    }

    /// Writes out what was printed and is still held back.
    public static func flushStandardOutput() throws(PlatformError) {
        guard fflush(nil) == 0 else {
            throw .system(action: "write to standard output", error: ErrorNumber(errno))
        }
    }

    /// Writes to standard error.
    public static func writeStandardError(_ bytes: [UInt8]) throws(PlatformError) {
        let copy = dup(2)
        guard copy >= 0 else { throw .system(action: "write an error", error: ErrorNumber(errno)) }
        try Descriptor(owning: copy).write(bytes)
    }

    /// Whether a line can be written to standard error without waiting for its reader.
    public static var standardErrorHasRoom: Bool {
        var waiting = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&waiting, 1, 0) > 0
    }

    /// Whether anything lies at `path`, a symbolic link to nothing included.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0
    }

    /// Removes a file that this process made.
    public static func remove(_ path: String) throws(PlatformError) {
        guard unsafe unlink(path) == 0 else { throw .system(action: "remove \(path)", error: ErrorNumber(errno)) }
    }

    /// Makes a folder for its owner alone, and those above it that are missing.
    public static func makeFolders(_ path: String) throws(PlatformError) {
        var made = path.hasPrefix("/") ? "" : "."
        for segment in path.split(separator: "/") {
            made += "/" + segment
            guard unsafe mkdir(made, 0o700) == 0 || errno == EEXIST else {
                throw .system(action: "make the folder \(made)", error: ErrorNumber(errno))
            }
        }
    }
}

extension ErrorNumber {
    /// There is a file of that name.
    public static let exists = ErrorNumber(EEXIST)
    /// There is no file of that name.
    public static let notFound = ErrorNumber(ENOENT)
}
