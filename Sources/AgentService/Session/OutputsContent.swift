internal import Execution
internal import Platform

/// The content of one outputs stream, read once from its start to its end: never more of it in memory than is asked
/// for.
struct OutputsContent {
    enum Part {
        case bytes([UInt8])
        case output(CollectedOutput)
        case file(RegularFile)
        case kept(KeptContent)

        var byteCount: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .output(let output): output.byteCount
            case .file(let file): file.byteCount
            case .kept(let content): content.byteCount
            }
        }

        /// - Parameter offset: where the last piece ended.
        func read(upTo count: Int, at offset: Int) throws -> [UInt8] {
            switch self {
            case .bytes(let bytes): Array(bytes[offset...].prefix(count))
            case .output(let output): try output.read(upTo: count, at: offset)
            case .file(let file): try file.read(upTo: count, at: offset)
            case .kept(let content): try content.read(upTo: count)
            }
        }
    }

    /// What is not read yet, the last part first.
    private var parts: [Part]
    private var offset = 0

    /// - Parameter head: index, receipt, evidence and notice.
    init(head: [UInt8], outputs: [CollectedOutput]) {
        self.init([.bytes(head)] + outputs.map(Part.output))
    }

    /// - Parameter parts: the first one first.
    init(_ parts: [Part]) {
        self.parts = parts.reversed()
    }

    /// Whether all that is not padding was read.
    var isAtPadding: Bool {
        parts.reduce(0) { $0 + $1.byteCount } == offset
    }

    /// The next `count` bytes: zeros behind the last part.
    mutating func read(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count, let part = parts.last {
            if offset == part.byteCount {
                parts.removeLast()
                offset = 0
                continue
            }
            let piece = try part.read(upTo: count - bytes.count, at: offset)
            guard !piece.isEmpty else { throw ShortOutput() }
            bytes += piece
            offset += piece.count
        }
        return bytes + [UInt8](repeating: 0, count: count - bytes.count)
    }

    /// A file that has less than it had.
    private struct ShortOutput: Error {}
}
