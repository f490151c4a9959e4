internal import Glibc

extension Program {
    /// For a process that holds secrets: what it writes is its owner's alone, and it leaves no core file.
    ///
    /// - Parameter refusingDumps: also keeps other processes of the same user away from its memory. A process without
    ///   privileges then cannot start a worker in a user namespace: its own entries in /proc no longer belong to it.
    public static func guardSecrets(refusingDumps: Bool) throws(PlatformError) {
        _ = umask(0o077)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0 else {
            throw .system(action: "refuse core files", error: ErrorNumber(errno))
        }
        if refusingDumps { try refuseDumping() }
    }

    /// Whether this process is the machine's administrator.
    public static var isPrivileged: Bool { geteuid() == 0 }

    /// Asks for room for `count` open files, as far as the system allows it.
    ///
    /// - Returns: how many there may be now.
    public static func allowOpenFiles(_ count: Int) -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return 0 }
        var wanted = limit
        wanted.rlim_cur = max(limit.rlim_cur, min(rlim_t(count), limit.rlim_max))
        if unsafe setrlimit(resource, &wanted) == 0 { limit = wanted }
        return Int(clamping: limit.rlim_cur)
    }
}

/// What this machine has.
public enum Machine {
    /// All memory that the kernel knows of, bytes.
    public static var memoryByteCount: Int { max(0, sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))) }

    /// What can still be written below `folder`, bytes.
    public static func freeByteCount(in folder: String) throws(PlatformError) -> Int {
        var status = statvfs()
        guard unsafe statvfs(folder, &status) == 0 else {
            throw .system(action: "ask how much fits into \(folder)", error: ErrorNumber(errno))
        }
        return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).0)
    }
}

extension NamedFile {
    /// Reads a secret: a regular file of this user's, which nobody else may read or write.
    ///
    /// - Throws: ``PlatformError/notPrivate(action:)`` for any other.
    public static func readSecret(_ path: String, maximumByteCount: Int) throws(PlatformError) -> [UInt8] {
        let action = "read \(path)"
        let number = unsafe open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard number >= 0 else { throw .system(action: action, error: ErrorNumber(errno)) }
        let file = Descriptor(owning: number)
        let status = try file.status()
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular(action: action) }
        guard status.st_uid == geteuid(), status.st_mode & (S_IRWXG | S_IRWXO) == 0 else {
            throw .notPrivate(action: action)
        }
        let bytes = try file.read(upTo: maximumByteCount + 1, at: 0)
        guard bytes.count <= maximumByteCount else { throw .tooLarge(action: action, maximumBytes: maximumByteCount) }
        return bytes
    }
}
