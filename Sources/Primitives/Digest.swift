internal import Crypto

/// A SHA-256 digest: 32 bytes.
public typealias SHA256Digest = FixedBytes<32>

extension FixedBytes<32> {
    /// The SHA-256 digest of `content`.
    public init(sha256 content: some Collection<UInt8>) {
        var hash = SHA256Hasher()
        hash.update([UInt8](content))
        self = hash.finalize()
    }

    /// Parses `sha256:` and 64 lowercase hexadecimal digits.
    public init?(prefixed text: String) {
        guard text.hasPrefix("sha256:") else { return nil }
        self.init(hex: text.dropFirst("sha256:".count))
    }

    /// `sha256:` and 64 lowercase hexadecimal digits.
    public var prefixed: String { "sha256:" + description }
}

/// Hashes content that arrives in pieces.
public struct SHA256Hasher: Sendable {
    private var state = SHA256()

    public init() {}

    /// Takes the next piece.
    public mutating func update(_ piece: [UInt8]) {
        state.update(data: piece)
    }

    /// The digest of all pieces so far.
    public func finalize() -> SHA256Digest {
        guard let digest = SHA256Digest(Array(state.finalize())) else {
            preconditionFailure("SHA-256 digests are 32 bytes")
        }
        return digest
    }
}
