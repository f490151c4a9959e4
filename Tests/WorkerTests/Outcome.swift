import Platform
import WorkerJob

/// What a parent saw of a worker.
struct Outcome {
    private(set) var missingWalls: [AnnouncedWall] = []
    private(set) var signals: [WorkerSignal] = []
    /// Bytes that are neither.
    private(set) var strangeBytes: [UInt8] = []
    private(set) var diagnostics = ""
    private(set) var memories: MemoryReport?
    /// Whether the process ended by itself.
    private(set) var ended = false

    var verdict: Verdict? {
        guard case .finished(let verdict) = signals.last else { return nil }
        return verdict
    }

    /// Follows the worker until it ends or patience does.
    init(of worker: inout WorkerProcess, isToGo: Bool, patience: Duration) throws {
        let deadline = ContinuousClock.now + patience
        var status: [UInt8] = []
        while true {
            switch try worker.nextEvent(until: deadline, or: nil) {
            case .status(let bytes):
                status += bytes
                if isToGo, bytes.contains(WorkerSignal.compiled.byte) { try worker.go() }
            case .diagnostics(let bytes): diagnostics += String(decoding: bytes, as: UTF8.self)
            case .ended:
                ended = true
                read(status)
                return
            case .timeout, .cancelled:
                read(status)
                return
            }
        }
    }

    private static func report(_ first: UInt8, _ rest: inout ArraySlice<UInt8>) -> MemoryReport? {
        guard let count = MemoryReport.byteCount(of: [first] + rest.prefix(2)), count > 0 else { return nil }
        defer { rest = rest.dropFirst(count - 1) }
        return MemoryReport([first] + rest.prefix(count - 1))
    }

    private mutating func read(_ status: [UInt8]) {
        var rest = status[...]
        while let byte = rest.popFirst() {
            if byte == MemoryReport.firstByte, let report = Self.report(byte, &rest) {
                memories = report
            } else if AnnouncedWall.begins(with: byte), let error = rest.popFirst(),
                let wall = AnnouncedWall(byte, error)
            {
                missingWalls.append(wall)
            } else if let signal = WorkerSignal(byte: byte) {
                signals.append(signal)
            } else {
                strangeBytes.append(byte)
            }
        }
    }
}
