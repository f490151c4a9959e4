/// Exactly `byteCount` bytes; the count is part of the type.
///
/// A launch measurement is a `FixedBytes<48>` and report data a `FixedBytes<64>`, so one cannot
/// be passed where the other is meant.
public struct FixedBytes<let byteCount: Int>: Hashable, Sendable {
    public let bytes: [UInt8]

    /// Wraps `bytes`, or returns `nil` when there are not exactly `byteCount` of them.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == byteCount else { return nil }
        self.bytes = [UInt8](bytes)
    }

    /// One byte throughout, as in an all-zero digest.
    public init(repeating byte: UInt8) {
        bytes = [UInt8](repeating: byte, count: byteCount)
    }

    /// Copies `byteCount` bytes out of `source`.
    ///
    /// - Precondition: `offset..<offset + byteCount` lies within `source`.
    public init(_ source: Span<UInt8>, at offset: Int) {
        bytes = (offset..<offset + byteCount).map { source[$0] }
    }

    /// Parses exactly two lowercase hexadecimal digits a byte, so that one value has one spelling.
    public init?(hex: some StringProtocol) {
        guard let bytes = [UInt8](hex: hex), bytes.count == byteCount else { return nil }
        self.bytes = bytes
    }

    /// Whether every byte is zero.
    public var isZero: Bool { bytes.allSatisfy { $0 == 0 } }
}

extension FixedBytes: CustomStringConvertible {
    /// Lowercase hexadecimal.
    public var description: String { bytes.hex }
}
