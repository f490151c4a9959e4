internal import Platform

/// What a running worker has written, looked at from time to time.
///
/// In a rehearsal nothing else bounds the sum of its files. What a worker has unlinked and keeps open is not seen
/// here; the control group's memory bounds that.
struct Usage {
    /// Files that replace others lie beside them for a while, and file systems reserve ahead.
    private static let spareBytes = 16 << 20

    private let maximumBytes: Int
    private let maximumEntries: Int

    init(_ plan: ExecutionPlan) {
        let folders = WritableFolder.all(of: plan)
        maximumBytes = folders.reduce(Self.spareBytes) { $0 + 2 * $1.bytes }
        maximumEntries = folders.reduce(0) { $0 + $1.entries }
    }

    /// What is wrong when not everything below `out`, `log` and `tmp` is within its bounds, folders that nobody planned
    /// included.
    ///
    /// A folder that cannot be looked into is not: there a hostile worker would put what nobody is to see.
    func excess(_ job: borrowing Folder) -> FailureReason? {
        var bytes = 0
        var entries = 0
        var open = ["out", "log", "tmp"]
        while let path = open.popLast() {
            let found: [FolderEntry]
            do {
                found = try job.folder(path).entries(atMost: maximumEntries + 1)
            } catch .system(_, let error) where error == .noSuchEntry {
                continue  // It vanished between two looks.
            } catch {
                return .workerMisbehaved
            }
            for entry in found {
                entries += 1
                bytes += entry.occupiedBytes
                guard entry.kind == .folder else { continue }
                guard let name = entry.name else { return .workerMisbehaved }
                open.append(path + "/" + name)
            }
            if entries > maximumEntries { return .tooManyFiles(maximumCount: maximumEntries) }
            if bytes > maximumBytes { return .filesExceeded(maximumBytes: maximumBytes) }
        }
        return nil
    }
}
