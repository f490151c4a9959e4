public import Commitments

/// What the platform says of itself, and the firmware signs.
///
/// Source: AMD 56860, SEV-SNP Firmware ABI, table "PLATFORM_INFO".
public struct PlatformInfo: Hashable, Sendable {
    public let rawValue: UInt64

    /// Any value: bits that this release does not know are the appraisal's question.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Whether the bit is 1.
    public func contains(_ bit: PlatformInfoBit) -> Bool { rawValue >> UInt64(bit.rawValue) & 1 == 1 }

    /// The bits that no `PlatformInfoBit` names.
    public var unknownBits: UInt64 {
        PlatformInfoBit.allCases.reduce(rawValue) { $0 & ~(1 << UInt64($1.rawValue)) }
    }
}
