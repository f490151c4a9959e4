public import Commitments
public import Primitives

/// What names a participant's stream to a host that is not to know the participant's name.
public struct StreamToken: Equatable, Sendable {
    /// What the stream holds.
    public enum Kind: Equatable, Sendable {
        case outputs
        case review(Review.Subject)

        fileprivate var words: String {
            switch self {
            case .outputs: "2cvm outputs v1"
            case .review(.question): "2cvm question v1"
            case .review(.result): "2cvm result v1"
            }
        }
    }

    private let beginning: [UInt8]

    /// For the streams of one kind and run.
    public init(_ kind: Kind, of run: Int, under manifest: Manifest) {
        let number = (0..<4).map { UInt8(truncatingIfNeeded: run >> (24 - 8 * $0)) }
        beginning = Array(kind.words.utf8) + [0] + manifest.salt.bytes + number
    }

    /// SHA-256 over the kind's words, a zero byte, the manifest's salt, the run (4, big-endian) and the name.
    public func digest(for participant: Name) -> SHA256Digest {
        SHA256Digest(sha256: beginning + Array(participant.description.utf8))
    }
}
