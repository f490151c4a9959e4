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
    /// Nobody named any of these values.
    package var comparesNothing = false

    /// Nothing is asked for but what no requirement can waive. Each waiver is listed.
    package static let unasked = ReferenceValues(
        platform: .sevSNP, measurements: .any, hostData: .any, reportData: .any, minimumTCB: .any, signingKeys: .any,
        chips: .any, vmpl: .any, policy: BitRules { _ in .any }, platformInfo: BitRules { _ in .any }, idKeys: .any,
        authorKeys: .any, guestSVN: 0, familyID: .any, imageID: .any, reportVersion: 2, firmware: .any,
        provisionalFirmware: .allowed, mitigations: .any)
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
            policy: requirements.policy, platformInfo: requirements.platformInfo,
            idKeys: requirements.idKeys, authorKeys: requirements.authorKeys, guestSVN: requirements.guestSVN,
            familyID: requirements.familyID, imageID: requirements.imageID, reportVersion: requirements.reportVersion,
            firmware: requirements.firmware, provisionalFirmware: requirements.provisionalFirmware,
            mitigations: requirements.mitigations)
    }
}
