internal import CPlatform
internal import Glibc

/// A folder in which nobody but root and the caller can put, change or rename anything, at a path of which the same
/// holds.
///
/// What lies in it may be believed as much as a program of this machine.
public struct OwnedFolder: ~Copyable, Sendable {
    public let folder: Folder

    /// Opens the folder at an absolute path, and follows no link on the way.
    ///
    /// - Throws: ``PlatformError/notOwned(path:)`` where somebody else could change a part of the path or what lies
    ///   there.
    public init(path: String) throws(PlatformError) {
        guard path.hasPrefix("/") else { throw .notOwned(path: path) }
        var folder = try Folder(path: "/")
        var reached = ""
        for segment in path.split(separator: "/") {
            guard segment != "..", try folder.descriptor.isOwned(mayBeShared: true) else {
                throw .notOwned(path: reached.isEmpty ? "/" : reached)
            }
            folder = try folder.folder(String(segment))
            reached += "/" + segment
        }
        guard try folder.descriptor.isOwned(mayBeShared: false) else { throw .notOwned(path: path) }
        self.folder = folder
    }

    private init(_ folder: consuming Folder) {
        self.folder = folder
    }

    /// Opens a folder right inside this one.
    public func folder(_ name: String) throws(PlatformError) -> OwnedFolder {
        let inner = try folder.folder(name)
        guard try inner.descriptor.isOwned(mayBeShared: false) else { throw .notOwned(path: name) }
        return OwnedFolder(inner)
    }

    /// Opens a regular file with one link that nobody else can change.
    ///
    /// - Parameter path: of folders that ``folder(_:)`` would open, and the file's name.
    public func file(_ path: String) throws(PlatformError) -> RegularFile {
        let segments = path.split(separator: "/")
        var above = OwnedFolder(try folder.folder("."))
        for segment in segments.dropLast() { above = try above.folder(String(segment)) }
        let file = try above.folder.file(String(segments.last ?? ""))
        guard try file.descriptor.isOwned(mayBeShared: false) else { throw .notOwned(path: path) }
        return file
    }
}

extension Descriptor {
    /// Whether it belongs to root or the caller, and nobody else may write.
    ///
    /// - Parameter mayBeShared: whether it may be a folder of root's in which all may make files, and each may rename
    ///   its own alone, such as `/tmp`.
    func isOwned(mayBeShared: Bool) throws(PlatformError) -> Bool {
        let status = try status()
        guard status.st_uid == 0 || status.st_uid == geteuid() else { return false }
        guard status.st_mode & (S_IWGRP | S_IWOTH) != 0 else { return true }
        return mayBeShared && status.st_mode & S_ISVTX != 0 && status.st_uid == 0
    }
}
