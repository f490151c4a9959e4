internal import Composition
internal import Platform

/// A component's folder below `out`, `log` or `tmp`, and all that it may come to hold.
///
/// In a sealed run it is a file system of this size. In a rehearsal the parent adds up what it sees.
struct WritableFolder: Equatable {
    static let pageBytes = 4096
    /// What is shown to the person who rehearses, of two streams.
    private static let shownLogBytes = 2 * JobLayout.shownLogBytes
    private static let roots = ["out/", "log/", "tmp/"]

    /// `out/moments-a`.
    let path: String
    let bytes: Int
    let entries: Int

    /// Every one of a plan.
    static func all(of plan: ExecutionPlan) -> [WritableFolder] {
        let paths = plan.folders.filter { folder in roots.contains(where: folder.hasPrefix) }
            .map { $0.split(separator: "/").prefix(2).joined(separator: "/") }
        return Set(paths).sorted().map { WritableFolder($0, plan) }
    }

    private init(_ path: String, _ plan: ExecutionPlan) {
        self.path = path
        guard !path.hasPrefix("tmp/") else {
            // Without a size a file system would have none at all.
            bytes = max(Self.wholePages(plan.temporaryBytes[path] ?? 0), Self.pageBytes)
            entries = 1 + JobLayout.temporaryEntryCount
            return
        }
        let inside = path + "/"
        let files = (plan.releases + plan.logs).filter { $0.path.hasPrefix(inside) }
        let folders = plan.folders.count { $0.hasPrefix(inside) }
        let shown = path.hasPrefix("log/") ? Self.shownLogBytes : 0
        bytes = files.reduce(shown) { $0 + Self.wholePages($1.maximumBytes) }
        entries = 1 + folders + files.count + JobLayout.spareEntryCount
    }

    private static func wholePages(_ bytes: Int) -> Int {
        (bytes + pageBytes - 1) / pageBytes * pageBytes
    }
}

extension ExecutionPlan {
    /// What the files of a run may come to in memory: its inputs, outputs, logs and temporary
    /// files, and the composed binary.
    public var fileBytes: Int {
        let inputs = inputs.reduce(0) { $0 + $1.maximumBytes + WritableFolder.pageBytes }
        let brought = libraries.reduce(inputs) { $0 + $1.source.byteCount + WritableFolder.pageBytes }
        let read = texts.reduce(brought) { $0 + $1.content.count + WritableFolder.pageBytes }
        return WritableFolder.all(of: self).reduce(read + composed.count + job.count) { $0 + $1.bytes }
    }
}
