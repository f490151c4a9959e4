internal import CPlatform
internal import Glibc

/// An open folder. Names below it are looked up from this descriptor, never leave it, and follow no symbolic link.
public struct Folder: ~Copyable, Sendable {
    let descriptor: Descriptor

    init(_ descriptor: consuming Descriptor) {
        self.descriptor = descriptor
    }

    /// Opens the folder at `path`, which may be relative to the current one.
    ///
    /// - Throws: ``PlatformError/system(action:error:)``, for a symbolic link too.
    public init(path: String) throws(PlatformError) {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        descriptor = Descriptor(owning: try succeeded(unsafe cp_open(path, flags), "open the folder \(path)"))
    }

    /// Opens a folder below this one.
    public func folder(_ path: String) throws(PlatformError) -> Folder {
        let flags = O_RDONLY | O_DIRECTORY
        let number = unsafe cp_open_beneath(descriptor.number, path, flags, 0)
        return Folder(Descriptor(owning: try succeeded(number, "open the folder \(path)")))
    }

    /// Makes a folder, and those above it that are missing, which anyone who reaches them may pass.
    ///
    /// - Parameters:
    ///   - mode: the folder's permissions, whatever the process's mask.
    ///   - owner: who gets the folder, when it is not to be the caller.
    public func makeFolder(_ path: String, mode: UInt32 = 0o755, owner: UInt32? = nil) throws(PlatformError) {
        var made = ""
        for segment in path.split(separator: "/") {
            let above = try folder(made.isEmpty ? "." : made)
            made += (made.isEmpty ? "" : "/") + segment
            let isLast = made.utf8.count == path.utf8.count
            if unsafe mkdirat(above.descriptor.number, String(segment), 0o700) == 0 {
                try folder(made).allow(isLast ? mode : 0o755, owner: isLast ? owner : nil)
            } else if errno != EEXIST {
                throw .system(action: "make the folder \(path)", error: ErrorNumber(errno))
            }
        }
    }

    /// Makes a named pipe in a folder that exists.
    public func makePipe(_ path: String, mode: UInt32, owner: UInt32?) throws(PlatformError) {
        let segments = path.split(separator: "/")
        let above = try folder(segments.count > 1 ? segments.dropLast().joined(separator: "/") : ".")
        let result = unsafe cp_make_pipe_at(
            above.descriptor.number, String(segments.last ?? ""), mode, owner.map(Int64.init) ?? -1)
        try succeeded(result, "make the pipe \(path)")
    }

    private func allow(_ mode: UInt32, owner: UInt32?) throws(PlatformError) {
        if let owner, fchown(descriptor.number, owner, UInt32.max) != 0 {
            throw .system(action: "give a folder to the worker", error: ErrorNumber(errno))
        }
        guard fchmod(descriptor.number, mode) == 0 else {
            throw .system(action: "set a folder's permissions", error: ErrorNumber(errno))
        }
    }

    /// Makes a new file, which must not exist.
    public func create(_ path: String, maximumBytes: Int) throws(PlatformError) -> NewFile {
        let number = unsafe cp_open_beneath(descriptor.number, path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        let file = Descriptor(owning: try succeeded(number, "create \(path)"))
        return NewFile(file, action: "write \(path)", maximumBytes: maximumBytes)
    }

    /// Opens a regular file with exactly one link, or so many.
    ///
    /// - Parameter links: `nil` for any number.
    /// - Throws: ``PlatformError/notRegular(action:)`` for a pipe, a device, a socket, a folder or a second link;
    ///   ``PlatformError/system(action:error:)`` with `ELOOP` for a symbolic link.
    public func file(_ path: String, links: UInt? = 1) throws(PlatformError) -> RegularFile {
        // Without O_NONBLOCK the opening of a named pipe would wait for its writer.
        let number = unsafe cp_open_beneath(descriptor.number, path, O_RDONLY | O_NONBLOCK, 0)
        let file = Descriptor(owning: try succeeded(number, "open \(path)"))
        return try RegularFile(file, action: "open \(path)", links: links)
    }

    /// The whole content of a small file.
    public func read(_ path: String, maximumBytes: Int) throws(PlatformError) -> [UInt8] {
        let file = try file(path)
        guard file.byteCount <= maximumBytes else {
            throw .tooLarge(action: "read \(path)", maximumBytes: maximumBytes)
        }
        return try file.read(upTo: file.byteCount, at: 0)
    }

    /// Gives a file of this folder a second name below another one of the same file system.
    ///
    /// - Parameter path: must not exist, and nobody else may write there.
    public func link(_ name: String, to target: borrowing Folder, at path: String) throws(PlatformError) {
        let segments = path.split(separator: "/")
        let above = try target.folder(segments.count > 1 ? segments.dropLast().joined(separator: "/") : ".")
        let last = String(segments.last ?? "")
        guard unsafe linkat(descriptor.number, name, above.descriptor.number, last, 0) == 0 else {
            throw .system(action: "place a file at \(path)", error: ErrorNumber(errno))
        }
    }

    /// Removes a file of this folder.
    public func remove(_ name: String) throws(PlatformError) {
        guard unsafe unlinkat(descriptor.number, name, 0) == 0 else {
            throw .system(action: "remove \(name)", error: ErrorNumber(errno))
        }
    }

    /// Sets the times of the folder at `path` to the epoch.
    public func zeroTimes(_ path: String) throws(PlatformError) {
        let folder = try folder(path)
        try succeeded(cp_zero_times(folder.descriptor.number), "set the times of \(path)")
    }
}
