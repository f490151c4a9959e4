import Formats
import Platform
import Primitives
import WorkerJob

/// The life of one output's gate: walls, job, the parent's word that the content is there, the released bytes, one
/// verdict.
///
/// It is started as a worker is (`WorkerDescriptors`), behind the same walls and before there is any content. Its word
/// is worth nothing: the parent holds what it wrote against the format once more.
struct GateProcess: ~Copyable {
    private let parent: WorkerDescriptors

    static func run(arguments: [String]) {
        guard arguments.count == 2, let policy = WallPolicy(rawValue: arguments[1]),
            let parent = try? WorkerDescriptors()
        else {
            print("2cvm-gate is started by 2cvm and not by hand")
            return
        }
        // A parent that cannot be told anything is gone, and takes this process with it.
        try? GateProcess(parent: parent).run(policy)
    }

    private init(parent: consuming WorkerDescriptors) {
        self.parent = parent
    }

    private func run(_ policy: WallPolicy) throws(PlatformError) {
        let walls = parent.raiseWalls()
        try parent.send(walls.announcement)
        guard walls.isComplete || policy == .reported else { return try send(.finished(.wallMissing)) }
        try send(.walled)
        let read: (job: GateJob, gate: Gate)
        do {
            read = try GateJob.read(try parent.folder.read("job.json", maximumBytes: GateJob.maximumByteCount))
        } catch {
            return try send(.finished(.jobUnreadable))
        }
        try send(.compiled)
        guard try parent.waitForGo() else { return }
        try send(.finished(try pass(read.gate, tellingMore: read.job.diagnostics)))
    }

    /// From content to released bytes.
    private func pass(_ gate: Gate, tellingMore: Bool) throws(PlatformError) -> Verdict {
        let content = try parent.folder.read(GateJob.contentPath, maximumBytes: gate.maximumBytes)
        var key: NoiseKey?
        if !gate.rules.noise.isEmpty {
            let bytes = try parent.folder.read(GateJob.noisePath, maximumBytes: GateJob.noiseByteCount)
            guard let secret = FixedBytes<32>(bytes) else { return .jobUnreadable }
            key = NoiseKey(secret)
        }
        let released: (bytes: [UInt8], report: GateReport)
        do {
            released = try gate.release(content, noise: key)
        } catch {
            if tellingMore { tell(.refused(GateRefusal(error))) }
            return .declined
        }
        var file = try parent.folder.create(GateJob.releasedPath, maximumBytes: gate.maximumBytes)
        try file.append(released.bytes)
        if tellingMore { tell(.passed(released.report)) }
        return .completed
    }

    private func tell(_ finding: GateFinding) {
        parent.diagnose(String(decoding: finding.json.canonicalBytes, as: UTF8.self))
    }

    private func send(_ signal: WorkerSignal) throws(PlatformError) {
        try parent.send([signal.byte])
    }
}
