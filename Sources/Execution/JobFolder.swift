internal import Platform
internal import Primitives

/// A job's folder on this machine, for one worker, gone with its owner.
///
///     2cvm-job-XXXXXX/            the caller's alone
///       job/                      the worker's whole world
///         job.json  composed.wasm
///         in/COMPONENT/…          read-only
///         out/COMPONENT/…         written by the worker
///         log/COMPONENT/…         written by the worker
struct JobFolder: ~Copyable, Sendable {
    let temporary: TemporaryFolder
    let plan: ExecutionPlan

    /// The job's own part of the temporary folder.
    private static let jobPath = "job"
    private static let roots = ["in", "out", "log"]
    private static let writable: UInt32 = 0o770
    private static let readable: UInt32 = 0o755

    init(_ plan: ExecutionPlan, in parent: String?) throws(ExecutionError) {
        try Self.examine(plan)
        let temporary = try onPlatform { () throws(PlatformError) in
            let temporary = try TemporaryFolder(in: parent)
            try temporary.folder.makeFolder(Self.jobPath)
            let job = try temporary.folder.folder(Self.jobPath)
            // Nothing may be made in `out` and `log` themselves, only in the folders of components.
            for root in Self.roots { try job.makeFolder(root, mode: Self.readable) }
            for folder in plan.folders where !Self.roots.contains(folder) {
                if folder.hasPrefix("in/") {
                    try job.makeFolder(folder, mode: Self.readable)
                } else {
                    try job.makeFolder(folder, mode: Self.writable, owner: WorkerIdentity.owner)
                }
            }
            try Self.write(plan.job, to: "job.json", in: job)
            try Self.write(plan.composed, to: "composed.wasm", in: job)
            return temporary
        }
        self.temporary = temporary
        self.plan = plan
    }

    /// The job folder, opened anew.
    func open() throws(PlatformError) -> Folder {
        try temporary.folder.folder(Self.jobPath)
    }

    var path: String { temporary.path + "/" + Self.jobPath }

    private static func write(_ content: [UInt8], to path: String, in job: borrowing Folder) throws(PlatformError) {
        var file = try job.create(path, maximumBytes: content.count)
        try file.append(content)
        try file.finish(mode: 0o444, zeroTimes: true)
    }

    /// A plan comes from trusted code. A mistake in it must still not reach outside its folder.
    private static func examine(_ plan: ExecutionPlan) throws(ExecutionError) {
        var paths: Set<String> = []
        for (root, files) in zip(roots, [plan.inputs, plan.releases, plan.logs]) {
            for file in files {
                guard file.path.hasPrefix(root + "/"), isPlain(file.path), paths.insert(file.path).inserted else {
                    throw .planInvalid(path: file.path)
                }
            }
        }
        for folder in plan.folders {
            guard roots.contains(where: { folder == $0 || folder.hasPrefix($0 + "/") }), isPlain(folder) else {
                throw .planInvalid(path: folder)
            }
        }
    }

    private static func isPlain(_ path: String) -> Bool {
        path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { segment in
            !segment.isEmpty && segment != "." && segment != ".." && !segment.utf8.contains(0)
        }
    }
}
