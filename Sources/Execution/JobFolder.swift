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
///         tmp/COMPONENT/…         written by the worker, read by nobody
struct JobFolder: ~Copyable, Sendable {
    let temporary: TemporaryFolder
    let plan: ExecutionPlan
    private let fileSystems: MemoryFileSystems

    /// The job's own part of the temporary folder.
    private static let jobPath = "job"
    private static let roots = ["in", "out", "log", "tmp"]
    private static let writable: UInt32 = 0o770
    private static let readable: UInt32 = 0o755

    /// - Parameter sized: whether each component's folder for output and for logs becomes a file system of its own,
    ///   of the size that the plan gives it.
    init(_ plan: ExecutionPlan, in parent: String?, sized: Bool) throws(ExecutionError) {
        try Self.examine(plan)
        let fileSystems = MemoryFileSystems()
        temporary = try onPlatform { () throws(PlatformError) in
            let temporary = try TemporaryFolder(in: parent)
            do throws(PlatformError) {
                try Self.fill(temporary, as: plan, mounting: sized ? fileSystems : nil)
            } catch {
                // Before the folder around them is removed.
                fileSystems.unmount()
                throw error
            }
            return temporary
        }
        self.plan = plan
        self.fileSystems = fileSystems
    }

    /// Copies a runtime's files: they are compared with their digests on the way, each time.
    func placeLibraries() throws(ExecutionError) {
        let job = try onPlatform { () throws(PlatformError) in try open() }
        for library in plan.libraries {
            var hasher = SHA256Hasher()
            try onPlatform { () throws(PlatformError) in
                var file = try job.create(library.path, maximumBytes: library.source.byteCount)
                try file.append(contentsOf: library.source) { hasher.update($0) }
                try file.finish(mode: 0o444, zeroTimes: true)
            }
            guard hasher.finalize() == library.digest else { throw .runtimeFileDiffers(path: library.path) }
        }
    }

    deinit {
        // Before the folder around them is removed.
        fileSystems.unmount()
    }

    private static func fill(
        _ temporary: borrowing TemporaryFolder, as plan: ExecutionPlan, mounting fileSystems: MemoryFileSystems?
    ) throws(PlatformError) {
        try temporary.folder.makeFolder(jobPath)
        let job = try temporary.folder.folder(jobPath)
        // Nothing may be made in the roots themselves, only in the folders of components.
        for root in roots { try job.makeFolder(root, mode: readable) }
        for folder in WritableFolder.all(of: plan) {
            try job.makeFolder(folder.path, mode: writable, owner: WorkerIdentity.owner)
            try fileSystems?.mount(
                at: "\(temporary.path)/\(jobPath)/\(folder.path)", bytes: folder.bytes, entries: folder.entries,
                owner: WorkerIdentity.owner)
        }
        for folder in plan.folders where !roots.contains(folder) {
            let isInput = folder.hasPrefix("in/")
            try job.makeFolder(
                folder, mode: isInput ? readable : writable, owner: isInput ? nil : WorkerIdentity.owner)
        }
        for pipe in plan.pipes { try job.makePipe(pipe, mode: 0o600, owner: WorkerIdentity.owner) }
        try write(plan.job, to: "job.json", in: job)
        try write(plan.composed, to: "composed.wasm", in: job)
        for text in plan.texts { try write(text.content, to: text.path, in: job) }
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
        for text in plan.texts {
            guard text.path.hasPrefix("in/"), isPlain(text.path), paths.insert(text.path).inserted else {
                throw .planInvalid(path: text.path)
            }
        }
        for library in plan.libraries {
            guard library.path.hasPrefix("in/"), isPlain(library.path), paths.insert(library.path).inserted else {
                throw .planInvalid(path: library.path)
            }
        }
        for pipe in plan.pipes {
            guard pipe.hasPrefix("log/"), isPlain(pipe), paths.insert(pipe).inserted else {
                throw .planInvalid(path: pipe)
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
