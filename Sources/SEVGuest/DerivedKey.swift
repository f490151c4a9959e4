public import Primitives

/// What a derived key is to depend on.
///
/// Source: AMD 56860, SEV-SNP Firmware ABI, table MSG_KEY_REQ.
public struct DerivedKeyRequest: Equatable, Sendable {
    public let root: Root
    public let fields: Fields
    public let level: PrivilegeLevel
    /// Counts with ``Fields/guestSVN``; not above the guest's own.
    public let guestSVN: UInt32
    /// Counts with ``Fields/tcb``; not above the guest's own. As in a report.
    public let tcb: FixedBytes<8>

    /// The key to derive from.
    public enum Root: UInt32, Sendable {
        /// The chip's.
        case vcek = 0
        /// A root that a migration agent hands over.
        case vmrk = 1
    }

    /// Values of the guest that go into the key: another value, another key.
    public struct Fields: OptionSet, Sendable {
        public let rawValue: UInt64

        /// Takes the bits as the message has them.
        public init(rawValue: UInt64) {
            self.rawValue = rawValue
        }

        public static let policy = Fields(rawValue: 1 << 0)
        public static let imageID = Fields(rawValue: 1 << 1)
        public static let familyID = Fields(rawValue: 1 << 2)
        public static let measurement = Fields(rawValue: 1 << 3)
        public static let guestSVN = Fields(rawValue: 1 << 4)
        public static let tcb = Fields(rawValue: 1 << 5)
        /// All of them.
        public static let all: Fields = [.policy, .imageID, .familyID, .measurement, .guestSVN, .tcb]
    }

    /// Takes the parts, or returns `nil` for fields that no version of the message has.
    public init?(
        fields: Fields, level: PrivilegeLevel, root: Root = .vcek,
        versions: (guestSVN: UInt32, tcb: FixedBytes<8>) = (0, FixedBytes(repeating: 0))
    ) {
        guard Fields.all.isSuperset(of: fields) else { return nil }
        self.root = root
        self.fields = fields
        self.level = level
        guestSVN = versions.guestSVN
        tcb = versions.tcb
    }

    /// snp_derived_key_req: 32 bytes.
    var encoded: [UInt8] {
        root.rawValue.littleEndianBytes + UInt32(0).littleEndianBytes + fields.rawValue.littleEndianBytes
            + level.rawValue.littleEndianBytes + guestSVN.littleEndianBytes + tcb.bytes
    }
}

/// A secret that the firmware derived for this guest.
public struct DerivedKey: Sendable, CustomStringConvertible {
    /// The secret itself.
    public let bytes: FixedBytes<32>

    /// Never the secret.
    public var description: String { "a derived key" }
}
