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

    /// The bits that no ``PlatformInfoBit`` names.
    public var unknownBits: UInt64 {
        PlatformInfoBit.allCases.reduce(rawValue) { $0 & ~(1 << UInt64($1.rawValue)) }
    }
}

/// A bit of ``PlatformInfo``, by its position.
public enum PlatformInfoBit: Int, CaseIterable, Sendable {
    case smt = 0
    case tsme = 1
    case ecc = 2
    case raplDisabled = 3
    case ciphertextHiding = 4
    case aliasCheck = 5
    case iommu = 6
    case tio = 7
}

extension PlatformInfoBit {
    /// The specification's name.
    public var name: String {
        switch self {
        case .smt: "SMT_EN"
        case .tsme: "TSME_EN"
        case .ecc: "ECC_EN"
        case .raplDisabled: "RAPL_DIS"
        case .ciphertextHiding: "CIPHERTEXT_HIDING_DRAM_EN"
        case .aliasCheck: "ALIAS_CHECK_COMPLETE"
        case .iommu: "IOMMU"
        case .tio: "TIO_EN"
        }
    }

    /// What the bit means at 0 and at 1.
    public var meanings: (zero: String, one: String) {
        switch self {
        case .smt: ("simultaneous multithreading is off", "simultaneous multithreading is on")
        case .tsme: ("transparent memory encryption is off", "transparent memory encryption is on")
        case .ecc: ("memory has no error correction", "memory has error correction")
        case .raplDisabled: ("energy counters (RAPL) are on", "energy counters (RAPL) are off")
        case .ciphertextHiding: ("the host can read ciphertext", "ciphertext is hidden from the host")
        case .aliasCheck: ("memory was not searched for aliases", "memory was searched for aliases")
        case .iommu: ("the IOMMU is not reported on", "the IOMMU is on")
        case .tio: ("trusted I/O is off", "trusted I/O is on")
        }
    }
}
