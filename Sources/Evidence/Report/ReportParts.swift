/// Which key signed, and how it was chosen (offset 0x48).
public struct SignerInfo: Hashable, Sendable {
    public let rawValue: UInt32
    public let signingKey: SigningKey

    /// The key that signs reports.
    public enum SigningKey: UInt32, Hashable, Sendable {
        /// Versioned Chip Endorsement Key: one a chip and TCB.
        case vcek = 0
        /// Versioned Loaded Endorsement Key: one a cloud provider and TCB.
        case vlek = 1
        /// The platform was told not to sign.
        case none = 7
    }

    init(rawValue: UInt32) throws(ReportError) {
        guard rawValue >> 5 == 0 else { throw .reservedNotZero(offset: 0x48) }
        guard let signingKey = SigningKey(rawValue: rawValue >> 2) else {
            throw .outOfRange(field: "SIGNING_KEY", offset: 0x48)
        }
        self.rawValue = rawValue
        self.signingKey = signingKey
    }

    /// Whether an author key signed the ID key.
    public var authorKeyEnabled: Bool { rawValue & 1 != 0 }

    /// Whether the platform keeps its chip's key to itself.
    public var chipKeyMasked: Bool { rawValue & 2 != 0 }
}

/// The four TCB versions of a report.
public struct ReportTCB: Hashable, Sendable {
    /// What runs now.
    public let current: EncodedTCB
    /// What the platform claims, and derives its VCEK from.
    public let reported: EncodedTCB
    /// What it can no longer fall below.
    public let committed: EncodedTCB
    /// What ran when the guest was launched.
    public let launch: EncodedTCB

    init(_ bytes: Span<UInt8>, processor: Processor?) throws(ReportError) {
        // A version 2 report does not name its processor: there, bytes 4 and 5 are all that both
        // layouts reserve, and the rest is refused once the certificate says which layout it is.
        // A processor that is not known here is refused by the appraisal, whatever it reserves.
        let reserved = processor?.tcbLayout?.reserved ?? 4..<6
        for offset in [0x38, 0x180, 0x1E0, 0x1F0] {
            try bytes.requireZero(offset + reserved.lowerBound..<offset + reserved.upperBound)
        }
        current = EncodedTCB(bytes, at: 0x38)
        reported = EncodedTCB(bytes, at: 0x180)
        committed = EncodedTCB(bytes, at: 0x1E0)
        launch = EncodedTCB(bytes, at: 0x1F0)
    }
}

/// Which known weaknesses the firmware had mitigated: one bit each (version 5).
public struct Mitigations: Hashable, Sendable {
    /// When the guest was launched.
    public let launch: UInt64
    public let current: UInt64
}
