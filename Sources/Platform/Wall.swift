public import WorkerJob

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
    /// What the worker writes to its status descriptor before it says that its walls are up.
    public var announcement: [UInt8] {
        missing.flatMap { AnnouncedWall($0.wall, errorCode: UInt8(clamping: $0.error.rawValue)).bytes }
    }
}

extension MissingWall {
    /// What a worker announced.
    public init(_ announced: AnnouncedWall) {
        self.init(announced.wall, ErrorNumber(Int32(announced.errorCode)))
    }
}
