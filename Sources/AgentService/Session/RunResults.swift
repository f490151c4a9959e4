internal import Commitments
internal import Execution
internal import Lifecycle
internal import Platform
internal import Primitives

/// What came of a run, and who is told of it.
enum RunResults: Sendable {
    case completed([ReleasedOutput])
    case failed(Notice?)

    /// As the session is told.
    var outcome: SessionOutcome {
        switch self {
        case .completed(let outputs): .completed(outputs.map(\.commitment))
        case .failed: .failed(.code)
        }
    }
}

/// An output and the session's word on it.
struct ReleasedOutput: Sendable {
    let content: CollectedOutput
    let commitment: OutputCommitment

    private static let pieceByteCount = 256 << 10

    /// Reads all of an output. Blocks.
    init(committingTo output: CollectedOutput) throws {
        let salt: FixedBytes<32> = randomBytes()
        var hasher = ContentHasher(salt: salt, byteCount: output.byteCount)
        var offset = 0
        while offset < output.byteCount {
            let piece = try output.read(upTo: Self.pieceByteCount, at: offset)
            guard !piece.isEmpty else { break }
            hasher.update(piece)
            offset += piece.count
        }
        guard let digest = hasher.finalize() else { throw Shortened() }
        content = output
        commitment = OutputCommitment(name: output.name, salt: salt, digest: digest)
    }

    var entry: IndexEntry {
        IndexEntry(name: commitment.name, byteCount: content.byteCount, salt: commitment.salt)
    }

    /// A file that has less than it had.
    private struct Shortened: Error {}
}
