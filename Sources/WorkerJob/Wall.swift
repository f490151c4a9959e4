/// One protection around the worker. Each is raised, or its absence is told: none is skipped in silence.
///
/// The raw values travel from the worker to its parent; they stay below 32.
public enum Wall: UInt8, CaseIterable, Hashable, Sendable {
    // Raised by the parent.
    /// Process, mount, network, IPC and host-name namespaces.
    case namespaces = 1
    /// A bound on the run's memory, files in memory included.
    case memoryGroup = 2
    /// A bound on the run's threads.
    case threadGroup = 3
    /// A control group that ends as a whole.
    case killGroup = 4
    /// A bound on threads that only this worker's count against.
    case threadLimit = 12

    /// Outputs and logs in file systems of their own size. Only where every wall is required: a mount is seen by the
    /// whole machine.
    case fileSystems = 17

    // Raised by the worker, before it reads anything that a participant sent.
    /// The job folder is all there is: nothing else is mounted.
    case fileRoot = 5
    /// A user and group that own nothing else on the machine.
    case identity = 6
    case capabilities = 7
    case newPrivileges = 8
    case dumping = 9
    /// The worker ends when its parent does.
    case parentWatch = 10
    /// File size, open files, processor time, data, locked memory, no core files.
    case limits = 11
    /// Landlock: the job folder to read, `out` and `log` to write.
    case fileRules = 13
    /// Landlock: no TCP.
    case networkRules = 14
    /// Landlock: no signals and no abstract sockets to the outside.
    case scopeRules = 15
    /// A filter that ends the process at any call that a worker has no use for.
    case systemCalls = 16

    /// Two or three words: `memory control group`.
    public var title: String {
        switch self {
        case .namespaces: "namespaces"
        case .memoryGroup: "memory control group"
        case .threadGroup: "thread control group"
        case .killGroup: "kill control group"
        case .fileSystems: "file systems of their own size"
        case .fileRoot: "file system of its own"
        case .identity: "user of its own"
        case .capabilities: "no capabilities"
        case .newPrivileges: "no new privileges"
        case .dumping: "no dumping"
        case .parentWatch: "end with its parent"
        case .limits: "resource limits"
        case .threadLimit: "thread limit"
        case .fileRules: "Landlock file rules"
        case .networkRules: "Landlock network rules"
        case .scopeRules: "Landlock scopes"
        case .systemCalls: "system call filter"
        }
    }
}

/// A wall that a worker could not raise, as it tells its parent before it says that its walls are up: two bytes, 0x40
/// with the wall in the low bits and the `errno`.
public struct AnnouncedWall: Hashable, Sendable {
    public let wall: Wall
    /// At most 255: larger ones are told as this.
    public let errorCode: UInt8

    /// Notes what the kernel said.
    public init(_ wall: Wall, errorCode: UInt8) {
        self.wall = wall
        self.errorCode = errorCode
    }

    /// Whether `byte` begins an announcement.
    public static func begins(with byte: UInt8) -> Bool { byte & 0xE0 == 0x40 }

    /// Reads the two bytes, or returns `nil` when there is no such wall.
    public init?(_ first: UInt8, _ second: UInt8) {
        guard Self.begins(with: first), let wall = Wall(rawValue: first & 0x1F) else { return nil }
        self.init(wall, errorCode: second)
    }

    public var bytes: [UInt8] { [0x40 | wall.rawValue, errorCode] }
}
