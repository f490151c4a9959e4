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

/// What to do when a wall cannot be raised.
public enum WallPolicy: String, Sendable {
    /// Refuse to run: a sealed session.
    case required
    /// Run, and say what is lacking: a rehearsal on one's own machine.
    case reported
}

/// A wall that could not be raised, and why.
public struct MissingWall: Hashable, Sendable, CustomStringConvertible {
    public let wall: Wall
    public let error: ErrorNumber

    /// Notes what the kernel said.
    public init(_ wall: Wall, _ error: ErrorNumber) {
        self.wall = wall
        self.error = error
    }

    /// `memory control group: permission denied`.
    public var description: String { "\(wall.title): \(error)" }
}

/// The outcome of raising walls: everything that is not listed stands.
public struct WallReport: Equatable, Sendable {
    public private(set) var missing: [MissingWall] = []

    public init() {}

    public var isComplete: Bool { missing.isEmpty }

    /// Notes a wall's absence.
    ///
    /// Once for each wall: the first reason is the one that counts.
    public mutating func add(_ wall: MissingWall) {
        if !missing.contains(where: { $0.wall == wall.wall }) { missing.append(wall) }
    }

    /// Notes the outcome of a C function of this project: 0 or more, or a negated `errno`.
    mutating func note(_ wall: Wall, _ result: Int32) {
        if result < 0 { add(MissingWall(wall, ErrorNumber(-result))) }
    }
}

extension WallReport {
    /// What the worker writes to its status descriptor before it says that its walls are up: two bytes for each that
    /// is missing, 0x40 with the wall in the low bits and the `errno`.
    public var announcement: [UInt8] {
        missing.flatMap { [0x40 | $0.wall.rawValue, UInt8(clamping: $0.error.rawValue)] }
    }
}

extension MissingWall {
    /// Whether `byte` begins an announcement.
    public static func begins(with byte: UInt8) -> Bool { byte & 0xE0 == 0x40 }

    /// Reads two bytes of an announcement, or returns `nil` when there is no such wall.
    public init?(_ first: UInt8, _ second: UInt8) {
        guard Self.begins(with: first), let wall = Wall(rawValue: first & 0x1F) else { return nil }
        self.init(wall, ErrorNumber(Int32(second)))
    }
}
