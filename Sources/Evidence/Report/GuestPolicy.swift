public import Commitments

/// What the guest's owner lets the platform do, fixed at launch.
///
/// Source: AMD 56860, SEV-SNP Firmware ABI, table "Guest Policy".
public struct GuestPolicy: Hashable, Sendable {
    public let rawValue: UInt64

    /// Bits 63:26 are reserved as 0, bit 17 as 1.
    static let reservedZero: UInt64 = ~((1 << 26) - 1)
    static let reservedOne: UInt64 = 1 << 17

    /// Takes the value as it stands in a report, or returns `nil` when a reserved bit is wrong.
    public init?(rawValue: UInt64) {
        guard rawValue & Self.reservedZero == 0, rawValue & Self.reservedOne != 0 else { return nil }
        self.rawValue = rawValue
    }

    /// The least firmware ABI that the guest asks for.
    public var abiMajor: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 8) }
    public var abiMinor: UInt8 { UInt8(truncatingIfNeeded: rawValue) }

    /// Whether the bit is 1.
    public func contains(_ bit: GuestPolicyBit) -> Bool { rawValue >> UInt64(bit.rawValue) & 1 == 1 }
}
