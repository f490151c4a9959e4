internal import Platform

/// What a running worker has written, looked at from time to time.
///
/// In a rehearsal nothing else bounds the sum of its files: a file system of the right size needs privileges. What a
/// worker has unlinked and keeps open is not seen here; the control group's memory bounds that.
struct Usage {
    private static let pageBytes = 4096
    /// Temporary files of components. All are to be gone at the end.
    private static let spareEntries = 256

    /// All that may be released or logged.
    let maximumBytes: Int
    private let maximumEntries: Int

    /// - Parameter fileBytes: the longest file that the worker can write, and so the longest discarded log.
    init(_ plan: ExecutionPlan, fileBytes: Int) {
        let files = plan.releases + plan.logs
        let logFolders = plan.folders.count { $0.hasPrefix("log/") }
        maximumBytes = files.reduce(0) { $0 + $1.maximumBytes + Self.pageBytes } + 2 * logFolders * fileBytes
        let folders = Set(plan.folders.flatMap(OutputCollection.ancestors))
        maximumEntries = files.count + 2 * logFolders + folders.count + Self.spareEntries
    }

    /// Whether everything below `out/` and `log/` is within its bounds, folders that nobody planned included.
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
