public import Primitives

/// What a session is bound to: the 32 bytes that HOST_DATA, REPORT_DATA, its id, its status and its evidence name.
///
/// It is the digest of the one manifest that was agreed, and zeros while there is none. What was agreed, and by whom,
/// is a manifest's own digest: receipts and seeds name that one. The two are equal today, and different
/// questions: no function that asks the one takes the other.
public struct BoundDigest: Hashable, Sendable, CustomStringConvertible {
    /// As a report's HOST_DATA has it.
    public let hostData: FixedBytes<32>

    /// Bound to nothing yet.
    public static let none = BoundDigest(FixedBytes(repeating: 0))

    /// What a machine's HOST_DATA, or somebody's word for it, says.
    public init(_ hostData: FixedBytes<32>) {
        self.hostData = hostData
    }

    /// Whether the session still waits for what it will be bound to.
    public var isNone: Bool { hostData.isZero }

    /// 64 hexadecimal digits.
    public var description: String { hostData.description }
}
