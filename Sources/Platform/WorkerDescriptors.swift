private import CPlatform
internal import Glibc
internal import WorkerJob

/// The contract between a worker process and its parent: what the worker finds when it starts.
///
/// - Arguments: `2cvm-worker` and `required` or `reported` (``WallPolicy``). The environment is empty.
/// - Descriptor 3: the job folder, opened as a path only. It is the current folder too, and stays it: when the walls
///   are up, `in/…`, `out/…`, `log/…` and `tmp/…` are valid relative paths. It may or may not be the root.
/// - Descriptor 4: writing end of the status pipe. First the missing walls (``WallReport/announcement``), then one
///   byte for each step as `WorkerSignal` says. The parent ends the worker once it has read a verdict.
/// - Descriptor 5: reading end of the control pipe. One byte 0x01 says that every input is in place; the end of the
///   pipe says that the parent is gone.
/// - Descriptor 6: writing end of the diagnostics pipe in a rehearsal, which is standard error too; else the null
///   device. The parent keeps a bounded part and trusts none of it.
/// - Descriptor 7, where the run has a runtime: its machine code, a regular file to read. It was made by a worker that
///   saw nothing else, and its digest was compared. The worker loads it before its walls are up.
/// - Standard input and output are the null device. No other descriptor is open.
public struct WorkerDescriptors: ~Copyable {
    /// The job folder.
    public let folder: Folder
    private let status: Descriptor
    private let control: Descriptor
    private let diagnostics: Descriptor
    private let machineCode: Descriptor?
    /// Whether somebody rehearses, and hears what is diagnosed.
    public let isRehearsal: Bool

    /// Takes possession of the descriptors. To be called once, first.
    ///
    /// - Throws: ``PlatformError/descriptorMissing(_:)`` when this process was not started as a worker.
    public init() throws(PlatformError) {
        try Self.expect(S_IFDIR, at: 3)
        try Self.expect(S_IFIFO, at: 4)
        try Self.expect(S_IFIFO, at: 5)
        guard fcntl(6, F_GETFD) >= 0 else { throw .descriptorMissing(6) }
        folder = Folder(Descriptor(owning: 3))
        status = Descriptor(owning: 4)
        control = Descriptor(owning: 5)
        diagnostics = Descriptor(owning: 6)
        isRehearsal = Self.has(S_IFIFO, at: 6)
        machineCode = Self.has(S_IFREG, at: 7) ? Descriptor(owning: 7) : nil
    }

    private static func expect(_ kind: mode_t, at number: Int32) throws(PlatformError) {
        guard has(kind, at: number) else { throw .descriptorMissing(number) }
    }

    private static func has(_ kind: mode_t, at number: Int32) -> Bool {
        var status = stat()
        return unsafe fstat(number, &status) == 0 && status.st_mode & S_IFMT == kind
    }

    /// Where the machine code can be opened while no wall is up; `nil` where the run has none.
    public var machineCodePath: String? { machineCode == nil ? nil : "/proc/self/fd/7" }

    /// Tells the parent. Nothing else can: exit status and output are not looked at.
    public func send(_ bytes: [UInt8]) throws(PlatformError) {
        try status.write(bytes)
    }

    /// Waits until every input is in place.
    ///
    /// - Returns: whether it is; `false` when the parent is gone or says anything else.
    public func waitForGo() throws(PlatformError) -> Bool {
        try control.readAvailable(upTo: 1) == [WorkerPermission.byte]
    }

    /// Words for the person who rehearses. Nobody reads them in a sealed run.
    public func diagnose(_ text: String) {
        // A parent that does not listen is no reason to fail.
        try? diagnostics.write(Array(text.utf8))
    }

    /// Raises every wall that a process can raise around itself.
    ///
    /// To be called before any byte of a participant is read, and while the process has one thread.
    /// - Returns: what is missing. The caller decides with the ``WallPolicy``.
    public func raiseWalls() -> WallReport {
        var report = WallReport()
        let threads = cp_thread_count()
        report.note(.parentWatch, cp_ignore_write_signals())
        report.note(.fileRoot, cp_enter_folder(folder.descriptor.number))
        // What keeps capabilities from coming back needs one, and so does a new identity; dropping them needs none.
        let bounded = cp_bound_capabilities()
        report.note(.identity, cp_take_identity(WorkerIdentity.number))
        let dropped = cp_drop_capabilities()
        report.note(.capabilities, threads != 1 ? -EBUSY : min(bounded, dropped))
        report.note(.newPrivileges, cp_refuse_new_privileges())
        report.note(.dumping, cp_refuse_dumping())
        // A new identity cancels the request made before the worker was executed.
        report.note(.parentWatch, cp_end_with_parent(control.number))
        report.note(.limits, cp_limits_hold())
        raiseLandlock(&report, threads: threads)
        report.note(.systemCalls, cp_filter_calls())
        return report
    }

    private func raiseLandlock(_ report: inout WallReport, threads: Int32) {
        let version = cp_landlock_version()
        let result = threads == 1 ? cp_restrict_files(folder.descriptor.number, version) : -EBUSY
        guard result >= 0 else {
            let error = version < 0 ? version : result
            for wall in [Wall.fileRules, .networkRules, .scopeRules] { report.note(wall, error) }
            return
        }
        // Before version 3 a file that cannot be written can still be cut short.
        if version < 3 { report.note(.fileRules, -EOPNOTSUPP) }
        if version < 4 { report.note(.networkRules, -EOPNOTSUPP) }
        if version < 6 { report.note(.scopeRules, -EOPNOTSUPP) }
    }
}

/// Who a worker is when its parent is root: a user and a group without an account.
public enum WorkerIdentity {
    /// Between the ranges that Debian and systemd give to accounts and services.
    static let number: UInt32 = 61_002

    /// Who must own what a worker writes: its own identity under root, else the caller (`nil`).
    ///
    /// In a container root may lack the right, and may rule over users of which the worker's is none.
    public static var owner: UInt32? {
        let mayGive = cp_may_give_identity() == 0
        return mayGive && exists(in: "/proc/self/uid_map") && exists(in: "/proc/self/gid_map") ? number : nil
    }

    /// Reads lines of three numbers: first inside, first outside, count.
    private static func exists(in map: String) -> Bool {
        (readText(map) ?? "").split(separator: "\n").contains { line in
            let numbers = line.split(separator: " ").compactMap { UInt64($0) }
            return numbers.count == 3 && UInt64(number) >= numbers[0] && UInt64(number) - numbers[0] < numbers[2]
        }
    }
}
