package import Commitments
package import Primitives

/// What the evidence is compared with (RFC 9334: Reference Values), from whichever source.
///
/// Package access lets tests state one rule at a time; the public ways in are ``Verifier``'s.
package struct ReferenceValues: Sendable {
    package typealias Required = SEVSNPRequirements.Required
    package typealias EndorsementKey = SEVSNPRequirements.EndorsementKey

    /// Whose root must vouch for the chain.
    package enum Authority: String, Sendable {
        case sevSNP = "AMD SEV-SNP"
        case simulated = "a simulated platform"
    }

    /// What a bit must be.
    package enum BitRule: String, Sendable {
        case required = "1"
        case forbidden = "0"
        case any
    }

    package var platform: Authority
    package var measurements: Required<Set<FixedBytes<48>>>
    package var hostData: Required<FixedBytes<32>>
    package var reportData: Required<FixedBytes<64>>
    /// Each product's floor; a product without one is refused.
    package var minimumTCB: Required<[SEVProduct: TCBFloor]>
    package var signingKeys: Required<Set<EndorsementKey>>
    package var chips: SEVSNPRequirements.Chips
    package var vmpl: Required<UInt32>
    package var policy: BitRules<GuestPolicyBit>
    package var platformInfo: BitRules<PlatformInfoBit>
    package var idKeys: SEVSNPRequirements.KeyDigests
    package var authorKeys: SEVSNPRequirements.KeyDigests
    package var guestSVN: UInt32
    package var familyID: Required<FixedBytes<16>>
    package var imageID: Required<FixedBytes<16>>
    package var reportVersion: UInt32
    package var firmware: Required<FirmwareVersion>
    package var provisionalFirmware: SEVSNPRequirements.Permission
    package var mitigations: Required<UInt64>
    /// A rehearsal on a platform that protects nothing anyway: one waiver covers the rest, and its
    /// root publishes no revocation list.
    package var isRehearsal = false

    /// Nothing is asked for but what no requirement can waive. Each waiver is listed.
    package static let unasked = ReferenceValues(
        platform: .sevSNP, measurements: .any, hostData: .any, reportData: .any, minimumTCB: .any, signingKeys: .any,
        chips: .any, vmpl: .any, policy: BitRules { _ in .any }, platformInfo: BitRules { _ in .any }, idKeys: .any,
        authorKeys: .any, guestSVN: 0, familyID: .any, imageID: .any, reportVersion: 2, firmware: .any,
        provisionalFirmware: .allowed, mitigations: .any)
}

/// A rule for every bit of a set: none can be left out.
package struct BitRules<Bit: CaseIterable & Hashable & Sendable>: Sendable {
    private var rules: [Bit: ReferenceValues.BitRule]

    package init(_ rule: (Bit) -> ReferenceValues.BitRule) {
        rules = Dictionary(uniqueKeysWithValues: Bit.allCases.map { ($0, rule($0)) })
    }

    package subscript(bit: Bit) -> ReferenceValues.BitRule {
        get { rules[bit] ?? .forbidden }
        set { rules[bit] = newValue }
    }
}

extension ReferenceValues {
    /// What a manifest's platform requires. What binds the report to a session comes besides.
    package init(_ platform: PlatformRequirements) {
        switch platform {
        case .sevSNP(let requirements): self.init(requirements)
        case .simulated(_, let measurements):
            self = .unasked
            self.platform = .simulated
            self.measurements = .value(Set(measurements))
            isRehearsal = true
        }
    }

    private init(_ requirements: SEVSNPRequirements) {
        self.init(
            platform: .sevSNP, measurements: .value(Set(requirements.measurements)), hostData: .any, reportData: .any,
            minimumTCB: .value(requirements.minimumTCB), signingKeys: .value(requirements.signingKeys),
            chips: requirements.chips, vmpl: .value(UInt32(clamping: requirements.vmpl)),
            policy: BitRules(requirements.policy.rule), platformInfo: BitRules(requirements.platformInfo.rule),
            idKeys: requirements.idKeys, authorKeys: requirements.authorKeys, guestSVN: requirements.guestSVN,
            familyID: requirements.familyID, imageID: requirements.imageID, reportVersion: requirements.reportVersion,
            firmware: requirements.firmware, provisionalFirmware: requirements.provisionalFirmware,
            mitigations: requirements.mitigations)
    }
}

extension GuestPolicyRules {
    fileprivate func rule(for bit: GuestPolicyBit) -> ReferenceValues.BitRule {
        switch bit {
        case .debug, .migrationAgent: .forbidden
        case .smt: smt.rule
        case .cxl: cxl.rule
        case .singleSocket: singleSocket.rule
        case .aes256XTS: aes256XTS.rule
        case .raplDisabled: raplDisabled.rule
        case .ciphertextHiding: ciphertextHiding.rule
        case .pageSwapDisabled: pageSwapDisabled.rule
        }
    }
}

extension GuestPolicyRules.Grant {
    fileprivate var rule: ReferenceValues.BitRule { self == .allowed ? .any : .forbidden }
}

extension GuestPolicyRules.Restriction {
    fileprivate var rule: ReferenceValues.BitRule { self == .required ? .required : .any }
}

extension PlatformInfoRules {
    fileprivate func rule(for bit: PlatformInfoBit) -> ReferenceValues.BitRule {
        switch bit {
        case .smt: smt.bitRule
        case .tsme: tsme.bitRule
        case .ecc: ecc.bitRule
        case .raplDisabled: raplDisabled.bitRule
        case .ciphertextHiding: ciphertextHiding.bitRule
        case .aliasCheck: aliasCheck.bitRule
        case .iommu: iommu.bitRule
        case .tio: tio.bitRule
        }
    }
}

extension PlatformInfoRules.Rule {
    fileprivate var bitRule: ReferenceValues.BitRule {
        switch self {
        case .required: .required
        case .forbidden: .forbidden
        case .any: .any
        }
    }
}
