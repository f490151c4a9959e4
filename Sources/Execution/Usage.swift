internal import Platform

/// What a running worker has written, looked at from time to time.
///
/// In a rehearsal nothing else bounds the sum of its files. What a worker has unlinked and keeps open is not seen
/// here; the control group's memory bounds that.
struct Usage {
    /// Files that replace others lie beside them for a while, and file systems reserve ahead.
    private static let spareBytes = 16 << 20

    let maximumBytes: Int
    private let maximumEntries: Int

    init(_ plan: ExecutionPlan) {
        let folders = WritableFolder.all(of: plan)
        maximumBytes = folders.reduce(Self.spareBytes) { $0 + 2 * $1.bytes }
        maximumEntries = folders.reduce(0) { $0 + $1.entries }
    }

    /// Whether everything below `out` and `log` is within its bounds, folders that nobody planned included.
    func isWithinBounds(_ job: borrowing Folder) -> Bool {
        var bytes = 0
        var entries = 0
        var open = ["out", "log"]
        while let path = open.popLast() {
            // A folder may vanish between two looks. What stays and cannot be read fails the run at its end.
            guard let found = try? job.folder(path).entries(atMost: maximumEntries + 1) else { continue }
            for entry in found {
                entries += 1
                if entry.kind == .folder, let name = entry.name {
                    open.append(path + "/" + name)
                } else {
                    bytes += entry.occupiedBytes
                }
            }
            if entries > maximumEntries || bytes > maximumBytes { return false }
        }
        return true
    }
}
