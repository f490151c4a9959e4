internal import CPlatform
internal import Synchronization
internal import WorkerJob

/// File systems in memory, each of a size of its own, unmounted when their owner goes away.
///
/// Mounting needs privileges, and is seen by the whole machine: for a machine that has nothing else to do.
public final class MemoryFileSystems: Sendable {
    private let paths = Mutex<[String]>([])

    public init() {}

    deinit {
        unmount()
    }

    /// Mounts an empty file system.
    ///
    /// - Parameters:
    ///   - path: an existing folder, which it covers, in a folder that nobody else can write.
    ///   - bytes: the sum of all its files, each rounded up to pages.
    ///   - entries: files and folders, the uppermost one included.
    ///   - owner: to whom it belongs, when that is not the caller.
    /// - Throws: ``PlatformError/wallsMissing(_:)``
    public func mount(at path: String, bytes: Int, entries: Int, owner: UInt32?) throws(PlatformError) {
        let options = "mode=0770,size=\(bytes),nr_inodes=\(entries)" + (owner.map { ",uid=\($0)" } ?? "")
        let result = unsafe cp_mount_memory(path, options)
        guard result >= 0 else { throw .wallsMissing([MissingWall(.fileSystems, ErrorNumber(-result))]) }
        paths.withLock { $0.append(path) }
    }

    /// Detaches all of them. Files that are open stay readable.
    public func unmount() {
        let taken = paths.withLock { paths in
            defer { paths = [] }
            return paths
        }
        for path in taken.reversed() { _ = unsafe cp_unmount(path) }
    }
}
