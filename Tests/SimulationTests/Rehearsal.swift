import Commitments
import Evidence
import Primitives
import Simulation
import Testing

/// One simulated platform, what it reports, and what is asked of it. As it stands it is affirmed with
/// nothing waived; each test changes one thing.
struct Rehearsal {
    var chip: SimulatedChip
    var report: SimulatedReport
    var reference: ReferenceValues
    var verifier: Verifier
    var keys: SimulationKeys
    var revoked: [[UInt8]] = []

    /// RSA keys take seconds, so one set serves every test.
    static let keys = Result { () throws(SimulationError) in try SimulationKeys() }

    init(_ product: SEVProduct = .genoa, _ endorsement: SimulatedChip.Endorsement = .vcek) throws {
        keys = try Self.keys.get()
        chip = SimulatedChip(product, keys: keys, endorsement: endorsement)
        report = SimulatedReport(chip)
        report.guestSVN = 3
        report.familyID = FixedBytes(repeating: 0xF1)
        report.imageID = FixedBytes(repeating: 0xF2)
        report.reportData = FixedBytes(repeating: 0x5A)
        report.measurement = FixedBytes(repeating: 0xA5)
        report.hostData = FixedBytes(repeating: 0xC0)
        report.idKeyDigest = FixedBytes(repeating: 0xE0)
        report.authorKeyDigest = FixedBytes(repeating: 0xE1)
        report.signerInfo |= 1
        reference = ReferenceValues.unasked
        verifier = Verifier(at: try #require(Timestamp("2026-11-23")), policy: .none)
        verifier.simulatedRoot = keys.rootDigest
        reference = Self.reference(of: chip, report)
    }

    /// Exactly what the report has.
    private static func reference(of chip: SimulatedChip, _ report: SimulatedReport) -> ReferenceValues {
        var values = ReferenceValues.unasked
        values.platform = .simulated
        values.measurements = .value([report.measurement])
        values.hostData = .value(report.hostData)
        values.reportData = .value(report.reportData)
        let tcb = chip.tcb
        values.minimumTCB = .value([
            chip.product: TCBFloor(
                fmc: tcb.fmc ?? 0, bootLoader: tcb.bootLoader, tee: tcb.tee, snp: tcb.snp, microcode: tcb.microcode)
        ])
        values.signingKeys = .value([chip.endorsement == .vcek ? .vcek : .vlek])
        values.chips = .listed(chipIDs: [chip.chipID], providers: ["CN=cloud"])
        values.vmpl = .value(report.vmpl)
        values.policy = BitRules { report.policy >> UInt64($0.rawValue) & 1 == 1 ? .required : .forbidden }
        values.platformInfo = BitRules { report.platformInfo >> UInt64($0.rawValue) & 1 == 1 ? .required : .forbidden }
        values.idKeys = .listed([report.idKeyDigest])
        values.authorKeys = .listed([report.authorKeyDigest])
        values.guestSVN = report.guestSVN
        values.familyID = .value(report.familyID)
        values.imageID = .value(report.imageID)
        values.reportVersion = report.version
        values.firmware = .value(report.currentFirmware)
        values.provisionalFirmware = .refused
        values.mitigations = .value(report.currentMitigations)
        return values
    }

    func platform() throws -> SimulatedPlatform {
        let start = try #require(Timestamp("2026-01-01"))
        let end = try #require(Timestamp("2053-01-01"))
        return try SimulatedPlatform(chip, keys: keys, validity: start...end)
    }

    func endorsements() throws -> Endorsements {
        let platform = try platform()
        let start = try #require(Timestamp("2026-11-01"))
        let end = try #require(Timestamp("2026-12-01"))
        return Endorsements(
            leaf: try EndorsementCertificate(decoding: platform.certificates.leaf),
            intermediate: try Certificate(decoding: platform.certificates.intermediate),
            root: try Certificate(decoding: platform.certificates.root),
            revocationList: try RevocationList(
                decoding: platform.revocationList(start...end, revoking: revoked)))
    }

    func appraise() throws -> Appraisal<AffirmedReport> {
        let bytes = try platform().sign(report.encoded)
        let verification = try endorsements().verified(simulatedRoot: verifier.simulatedRoot)
        return verifier.appraise(
            try AttestationReport(decoding: bytes.span), endorsed: verification, against: reference)
    }

    /// The rules that count against the evidence; empty when it is affirmed.
    func contraindications() throws -> Set<Finding.Rule> {
        switch try appraise() {
        case .affirmed: []
        case .contraindicated(let findings): Set(findings.filter { $0.severity == .contraindicated }.map(\.rule))
        }
    }
}
