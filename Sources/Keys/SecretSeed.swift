public import Primitives

/// 32 random bytes that a private key grows from. Nothing prints or compares them.
public struct SecretSeed: Sendable {
    package let bytes: FixedBytes<32>

    /// Wraps bytes that the caller drew at random.
    public init(_ bytes: FixedBytes<32>) {
        self.bytes = bytes
    }
}

extension SecretSeed: CustomStringConvertible, CustomReflectable {
    public var description: String { "a secret seed" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
