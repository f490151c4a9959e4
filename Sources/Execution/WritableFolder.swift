/// A component's folder below `out` or `log`, and all that it may come to hold.
///
/// In a sealed run it is a file system of this size. In a rehearsal the parent adds up what it sees.
struct WritableFolder: Equatable {
    static let pageBytes = 4096
    /// Temporary files of a component. All are to be gone at the end.
    private static let spareEntries = 64
    /// What of a log may be written although nobody reads it.
    private static let discardedLogBytes = 1 << 20

    /// `out/moments-a`.
    let path: String
    let bytes: Int
    let entries: Int

    /// Every one of a plan.
    static func all(of plan: ExecutionPlan) -> [WritableFolder] {
        let paths = plan.folders.filter { $0.hasPrefix("out/") || $0.hasPrefix("log/") }
            .map { $0.split(separator: "/").prefix(2).joined(separator: "/") }
        return Set(paths).sorted().map { WritableFolder($0, plan) }
    }

    private init(_ path: String, _ plan: ExecutionPlan) {
        let inside = path + "/"
        let files = (plan.releases + plan.logs).filter { $0.path.hasPrefix(inside) }
        let folders = plan.folders.count { $0.hasPrefix(inside) }
        let discarded = path.hasPrefix("log/") ? Self.discardedLogBytes : 0
        self.path = path
        bytes = files.reduce(discarded) { $0 + Self.wholePages($1.maximumBytes) }
        entries = 1 + folders + files.count + Self.spareEntries
    }

    private static func wholePages(_ bytes: Int) -> Int {
        (bytes + pageBytes - 1) / pageBytes * pageBytes
    }
}

extension ExecutionPlan {
    /// What the files of a run may come to in memory: its inputs, outputs and logs, and the composed binary.
    public var fileBytes: Int {
        let inputs = inputs.reduce(0) { $0 + $1.maximumBytes + WritableFolder.pageBytes }
        return WritableFolder.all(of: self).reduce(inputs + composed.count + job.count) { $0 + $1.bytes }
    }
}
