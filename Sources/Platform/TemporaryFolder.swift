internal import CPlatform
internal import Glibc

/// A folder for one job, for its owner only, removed when its owner goes away.
///
/// It is locked as long as this process lives. A process that was killed leaves an unlocked folder behind,
/// which the next one removes.
public struct TemporaryFolder: ~Copyable, Sendable {
    private static let prefix = "2cvm-job-"
    private static let groupsFile = "control-groups"

    /// Absolute.
    public let path: String
    /// The last segment of ``path``: unique on this machine while it exists.
    public let name: String
    public let folder: Folder

    /// Makes a folder in `parent`, or in the first place that is safe to use: `$TMPDIR`, `/dev/shm`,
    /// `$XDG_RUNTIME_DIR`, `/tmp`. Unless somebody chose, memory comes before disks: what lies in it is a secret.
    public init(in parent: String? = nil) throws(PlatformError) {
        let places = parent.map { [$0] } ?? Self.places
        for place in places where Self.isSafe(place) {
            Self.removeAbandoned(in: place)
            if let made = try Self.make(in: place) {
                self = made
                return
            }
        }
        throw .noTemporaryFolder
    }

    private init(path: String, name: String, folder: consuming Folder) {
        self.path = path
        self.name = name
        self.folder = folder
    }

    deinit {
        try? folder.removeContents()
        _ = unsafe rmdir(path)
    }

    /// Notes control groups that bear this folder's name, so that they are removed with it.
    public func noteGroups(_ paths: [String]) throws(PlatformError) {
        var file = try folder.create(Self.groupsFile, maximumBytes: 16_384)
        try file.append(Array(paths.joined(separator: "\n").utf8))
        try file.finish(mode: 0o600, zeroTimes: false)
    }

    /// Removes folders of processes that no longer exist, in every place where one could be.
    public static func removeAbandoned() {
        for place in places where isSafe(place) { removeAbandoned(in: place) }
    }

    private static var places: [String] {
        let named = ["TMPDIR", "XDG_RUNTIME_DIR"].map { name -> String? in
            guard let value = unsafe getenv(name) else { return nil }
            return unsafe String(cString: value)
        }
        return [named[0], "/dev/shm", named[1], "/tmp"].compactMap { $0 }
    }

    /// Absolute, a folder, and not one in which somebody else could rename what is ours.
    private static func isSafe(_ place: String) -> Bool {
        var status = stat()
        guard place.utf8.first == UInt8(ascii: "/"), unsafe stat(place, &status) == 0 else { return false }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid() || status.st_uid == 0 else {
            return false
        }
        let writableByOthers = status.st_mode & (S_IWGRP | S_IWOTH) != 0
        return !writableByOthers || status.st_mode & S_ISVTX != 0
    }

    private static func make(in place: String) throws(PlatformError) -> TemporaryFolder? {
        // Another process may take the new folder for an abandoned one before it is locked. Then it is gone.
        for _ in 0..<8 {
            var template = (place + "/" + prefix + "XXXXXX").utf8CString.map { $0 }
            guard unsafe mkdtemp(&template) != nil else { return nil }
            guard let path = String(validating: template.dropLast(), as: UTF8.self) else { return nil }
            guard let folder = try? Folder(path: path) else { continue }
            guard lock(folder), stillNames(path, folder) else { continue }
            let name = String(path.dropFirst(place.count + 1))
            return TemporaryFolder(path: path, name: name, folder: folder)
        }
        return nil
    }

    private static func lock(_ folder: borrowing Folder) -> Bool {
        flock(folder.descriptor.number, LOCK_EX | LOCK_NB) == 0
    }

    private static func stillNames(_ path: String, _ folder: borrowing Folder) -> Bool {
        var found = stat()
        guard unsafe lstat(path, &found) == 0, let opened = try? folder.descriptor.status() else { return false }
        return found.st_ino == opened.st_ino && found.st_dev == opened.st_dev
    }

    private static func removeAbandoned(in place: String) {
        guard let parent = try? Folder(path: place), let entries = try? parent.entries(atMost: 65_536) else { return }
        for entry in entries where entry.kind == .folder {
            guard let name = entry.name, name.hasPrefix(prefix), let folder = try? parent.folder(name) else { continue }
            guard let status = try? folder.descriptor.status(), status.st_uid == geteuid(), lock(folder) else {
                continue
            }
            // A worker may outlive its killed parent by a moment. Its folder is left to the next sweep until the
            // worker is gone: nothing else remembers its groups, and nobody may write where things are removed.
            guard removeGroups(notedIn: folder, named: name) else { continue }
            try? folder.removeContents()
            _ = unsafe unlinkat(parent.descriptor.number, name, AT_REMOVEDIR)
        }
    }

    private static func removeGroups(notedIn folder: borrowing Folder, named name: String) -> Bool {
        let content = (try? folder.read(groupsFile, maximumBytes: 16_384)) ?? []
        let groups = String(decoding: content, as: UTF8.self).split(separator: "\n").map(String.init)
        return groups.filter { $0.hasPrefix("/sys/fs/cgroup/") && $0.hasSuffix("/" + name) }
            .allSatisfy(ControlGroup.removeAbandoned)
    }
}
