public import Primitives

/// What the evidence must show, as the participants fixed it (RFC 9334: Reference Values).
///
/// Every key is required: nothing is accepted because it was left out.
public enum PlatformRequirements: Equatable, Sendable {
    /// A software platform for rehearsals and tests. It protects nothing.
    case simulated(binding: Binding, measurements: [FixedBytes<48>])
    case sevSNP(SEVSNPRequirements)

    /// When the manifest's digest becomes part of the evidence.
    public enum Binding: String, CaseIterable, Equatable, Sendable {
        /// From boot on, as HOST_DATA.
        case launch
        /// When the first fully signed manifest locks the session. HOST_DATA is zero.
        case lock
    }

    public var binding: Binding {
        switch self {
        case .simulated(let binding, _): binding
        case .sevSNP(let requirements): requirements.binding
        }
    }

    public var measurements: [FixedBytes<48>] {
        switch self {
        case .simulated(_, let measurements): measurements
        case .sevSNP(let requirements): requirements.measurements
        }
    }
}

/// One field for each row of the attestation report that a verifier can choose.
/// Source of the rows: AMD 56860, SEV-SNP Firmware ABI, table ATTESTATION_REPORT.
public struct SEVSNPRequirements: Equatable, Sendable {
    public let binding: PlatformRequirements.Binding
    /// Launch measurements, any of which is accepted. Never empty.
    public let measurements: [FixedBytes<48>]
    /// Each product's floor. A product that is not listed is refused.
    public let minimumTCB: [SEVProduct: TCBFloor]
    public let signingKeys: Set<EndorsementKey>
    public let chips: Chips
    /// 0 to 3.
    public let vmpl: Int
    public let policy: BitRules<GuestPolicyBit>
    public let platformInfo: BitRules<PlatformInfoBit>
    public let idKeys: KeyDigests
    public let authorKeys: KeyDigests
    /// The least GUEST_SVN.
    public let guestSVN: UInt32
    public let familyID: Required<FixedBytes<16>>
    public let imageID: Required<FixedBytes<16>>
    /// The least report version, 2 to 5.
    public let reportVersion: UInt32
    public let firmware: Required<FirmwareVersion>
    /// Whether COMMITTED_TCB may lie below CURRENT_TCB.
    public let provisionalFirmware: Permission
    /// Mitigation bits that must be set at launch and now; needs report version 5.
    public let mitigations: Required<UInt64>

    /// A value that is demanded, or `any`: a waiver, spelled out and printed.
    public enum Required<Value: Equatable & Sendable>: Equatable, Sendable {
        case value(Value)
        case any
    }

    /// Whether something may be.
    public enum Permission: String, CaseIterable, Equatable, Sendable {
        case allowed, refused
    }

    /// What signs reports: a key of the chip, or one that AMD gave to a cloud provider.
    public enum EndorsementKey: String, CaseIterable, Hashable, Sendable {
        case vcek, vlek
    }

    /// Which chips, by CHIP_ID (VCEK) or by cloud provider (VLEK's CSP id).
    public enum Chips: Equatable, Sendable {
        case listed(chipIDs: Set<FixedBytes<64>>, providers: Set<String>)
        /// Any AMD chip anywhere, also one opened in a laboratory.
        case any
    }

    /// Digests of the keys that may have signed the ID block.
    public enum KeyDigests: Equatable, Sendable {
        case listed(Set<FixedBytes<48>>)
        /// With or without a signed ID block.
        case any
    }
}

/// The least security version of each firmware part. FMC exists on Turin only and is 0 elsewhere.
public struct TCBFloor: Equatable, Sendable {
    public let fmc: UInt8
    public let bootLoader: UInt8
    public let tee: UInt8
    public let snp: UInt8
    public let microcode: UInt8

    package init(fmc: UInt8, bootLoader: UInt8, tee: UInt8, snp: UInt8, microcode: UInt8) {
        self.fmc = fmc
        self.bootLoader = bootLoader
        self.tee = tee
        self.snp = snp
        self.microcode = microcode
    }
}

/// The least SNP firmware version, compared major, minor, build.
public struct FirmwareVersion: Equatable, Sendable {
    public let major: UInt8
    public let minor: UInt8
    public let build: UInt8

    package init(major: UInt8, minor: UInt8, build: UInt8) {
        self.major = major
        self.minor = minor
        self.build = build
    }
}
