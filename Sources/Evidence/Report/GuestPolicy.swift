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

/// A bit of ``GuestPolicy``, by its position.
public enum GuestPolicyBit: Int, CaseIterable, Sendable {
    case smt = 16
    case migrationAgent = 18
    case debug = 19
    case singleSocket = 20
    case cxl = 21
    case aes256XTS = 22
    case raplDisabled = 23
    case ciphertextHiding = 24
    case pageSwapDisabled = 25
}

extension GuestPolicyBit {
    /// The specification's name.
    public var name: String {
        switch self {
        case .smt: "SMT"
        case .migrationAgent: "MIGRATE_MA"
        case .debug: "DEBUG"
        case .singleSocket: "SINGLE_SOCKET"
        case .cxl: "CXL_ALLOW"
        case .aes256XTS: "MEM_AES_256_XTS"
        case .raplDisabled: "RAPL_DIS"
        case .ciphertextHiding: "CIPHERTEXT_HIDING"
        case .pageSwapDisabled: "PAGE_SWAP_DISABLE"
        }
    }

    /// What the bit means at 0 and at 1.
    public var meanings: (zero: String, one: String) {
        switch self {
        case .smt: ("simultaneous multithreading must be off", "simultaneous multithreading may be on")
        case .migrationAgent: ("no migration agent", "a migration agent may move the guest")
        case .debug: ("the host cannot debug the guest", "the host can read and write the guest's memory")
        case .singleSocket: ("the guest may run on several sockets", "the guest runs on one socket")
        case .cxl: ("no CXL memory", "CXL memory may be in use")
        case .aes256XTS: ("any memory encryption mode", "memory must be encrypted with AES-256 XTS")
        case .raplDisabled: ("energy counters may be on", "energy counters (RAPL) must be off")
        case .ciphertextHiding: ("ciphertext hiding not required", "ciphertext hiding must be on")
        case .pageSwapDisabled: ("guest pages may be swapped", "guest pages may not be swapped")
        }
    }
}
