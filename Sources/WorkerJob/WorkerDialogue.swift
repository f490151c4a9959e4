/// What a worker's status bytes mean, in the order in which they may come.
///
///     missing walls… ▸ walled ▸ compiled ▸ (go) ▸ (a memory report, in a rehearsal) ▸ verdict
///
/// A verdict may come early where something is wrong. Anything else is no worker of ours. A value: no pipe, no clock.
package struct WorkerDialogue: Equatable, Sendable {
    /// How far the worker has come.
    package enum Stage: Equatable, Sendable {
        case starting, walled, compiled, running, ended
    }

    /// What a byte decided.
    package enum Reply: Equatable, Sendable {
        case walled, compiled
        case verdict(Verdict)
        case misbehaved
    }

    package private(set) var stage = Stage.starting
    package private(set) var missing: [AnnouncedWall] = []
    package private(set) var memories: MemoryReport?
    private let takesMemories: Bool
    private var firstByte: UInt8?
    private var report: [UInt8] = []

    /// Begins with a worker that was just started.
    ///
    /// - Parameter takesMemories: Whether a memory report may come: in a rehearsal only.
    package init(takesMemories: Bool) {
        self.takesMemories = takesMemories
    }

    /// Notes that the worker was told to go on.
    package mutating func wentOn() {
        if stage == .compiled { stage = .running }
    }

    /// Takes one byte; `nil` when nothing is decided by it.
    package mutating func read(_ byte: UInt8) -> Reply? {
        if let first = firstByte {
            firstByte = nil
            guard let wall = AnnouncedWall(first, byte), !missing.contains(where: { $0.wall == wall.wall }) else {
                return end(.misbehaved)
            }
            missing.append(wall)
            return nil
        }
        if stage == .starting, AnnouncedWall.begins(with: byte) {
            firstByte = byte
            return nil
        }
        if !report.isEmpty || begins(byte) { return readReport(byte) }
        switch (WorkerSignal(byte: byte), stage) {
        case (.walled, .starting):
            stage = .walled
            return .walled
        case (.compiled, .walled):
            stage = .compiled
            return .compiled
        case (.finished(let verdict), _) where Self.canEnd(verdict, in: stage):
            return end(.verdict(verdict))
        default:
            return end(.misbehaved)
        }
    }

    private func begins(_ byte: UInt8) -> Bool {
        byte == MemoryReport.firstByte && stage == .running && takesMemories && memories == nil
    }

    private mutating func readReport(_ byte: UInt8) -> Reply? {
        report.append(byte)
        guard let count = MemoryReport.byteCount(of: report), report.count >= count else { return nil }
        memories = MemoryReport(report)
        report = []
        return memories == nil ? end(.misbehaved) : nil
    }

    private mutating func end(_ reply: Reply) -> Reply {
        stage = .ended
        return reply
    }

    /// Nothing that has not run can have completed, declined or trapped.
    private static func canEnd(_ verdict: Verdict, in stage: Stage) -> Bool {
        switch verdict {
        case .wallMissing: stage == .starting
        case .jobUnreadable: stage != .ended && stage != .compiled
        case .importsDiffer, .keptCodeRefused: stage == .walled
        case .refusedByEngine: stage == .walled || stage == .running
        case .completed, .declined, .trapped, .notInstantiated: stage == .running
        }
    }
}
