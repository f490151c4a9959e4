import Commitments
import Evidence
import Primitives
import Simulation
import Testing

/// A change to simulated evidence, and what must follow from it.
struct SimulatedRule: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Empty: the evidence stays affirmed.
    let findings: Set<Finding.Rule>
    let change: @Sendable (inout Rehearsal) -> Void

    static func affirmed(_ name: String, _ change: @escaping @Sendable (inout Rehearsal) -> Void) -> SimulatedRule {
        SimulatedRule(testDescription: name, findings: [], change: change)
    }

    static func refused(
        _ name: String, _ findings: Set<Finding.Rule>, _ change: @escaping @Sendable (inout Rehearsal) -> Void
    ) -> SimulatedRule {
        SimulatedRule(testDescription: name, findings: findings, change: change)
    }

    static let guest: [SimulatedRule] = [
        .affirmed("a second measurement is listed") {
            $0.reference.measurements = .value([other, $0.report.measurement])
        },
        .refused("the measurement differs", [.measurement]) { $0.report.measurement = other },
        .affirmed("VMPL 2 is asked for") { ($0.report.vmpl, $0.reference.vmpl) = (2, .value(2)) },
        .refused("VMPL 1 where 0 is asked for", [.vmpl]) { $0.report.vmpl = 1 },
        .affirmed("a newer guest") { $0.report.guestSVN = .max },
        .refused("an older guest", [.guestSVN]) { $0.report.guestSVN = 2 },
        .affirmed("any family") { ($0.report.familyID, $0.reference.familyID) = (FixedBytes(repeating: 9), .any) },
        .refused("another family", [.familyID]) { $0.report.familyID = FixedBytes(repeating: 9) },
        .affirmed("any image") { ($0.report.imageID, $0.reference.imageID) = (FixedBytes(repeating: 9), .any) },
        .refused("another image", [.imageID]) { $0.report.imageID = FixedBytes(repeating: 9) },
        .affirmed("a second ID key is listed") { $0.reference.idKeys = .listed([other, $0.report.idKeyDigest]) },
        .refused("another ID key", [.idKey]) { $0.report.idKeyDigest = other },
        .affirmed("any author key, and none") {
            $0.reference.authorKeys = .any
            ($0.report.authorKeyDigest, $0.report.signerInfo) = (FixedBytes(repeating: 0), 0)
        },
        .refused("another author key", [.authorKey]) { $0.report.authorKeyDigest = other },
        .refused("an author key that is not enabled", [.authorKey, .authorKeyUnused]) { $0.report.signerInfo = 0 },
        .refused("a migration agent", [.migrationAgent]) {
            $0.report.migrationAgentReportID = FixedBytes(repeating: 0)
        },
        .affirmed("other host data is asked for") {
            $0.report.hostData = FixedBytes(repeating: 9)
            $0.reference.hostData = .value(FixedBytes(repeating: 9))
        },
        .refused("other host data", [.hostData]) { $0.report.hostData = FixedBytes(repeating: 9) },
        .affirmed("other report data is asked for") {
            $0.report.reportData = FixedBytes(repeating: 9)
            $0.reference.reportData = .value(FixedBytes(repeating: 9))
        },
        .refused("other report data", [.reportData]) { $0.report.reportData = FixedBytes(repeating: 9) },
        .refused("debugging is allowed", [.debug]) { $0.report.policy |= 1 << 19 },
        .refused("migration is allowed", [.migration]) { $0.report.policy |= 1 << 18 },
    ]

    static let platform: [SimulatedRule] = [
        .affirmed("a second chip is listed") {
            $0.reference.chips = .listed(chipIDs: [FixedBytes(repeating: 9), $0.chip.chipID], providers: [])
        },
        .refused("a chip that is not listed", [.chip]) { $0.reference.chips = .listed(chipIDs: [], providers: []) },
        .refused("a chip that the certificate does not name", [.chip, .chipCertificate]) {
            $0.report.chipID = FixedBytes(repeating: 9)
        },
        .refused("a masked chip key", [.chipKeyMasked]) { $0.report.signerInfo |= 2 },
        .affirmed("either key") { $0.reference.signingKeys = .value([.vcek, .vlek]) },
        .refused("a key that is not asked for", [.signingKey]) { $0.reference.signingKeys = .value([.vlek]) },
        .refused("a report that says VLEK under a VCEK", [.signingKey, .signingKeyCertificate]) {
            $0.report.signerInfo |= 1 << 2
        },
        .affirmed("another Genoa") { $0.report.processor.model = 0xA0 },
        .refused("a processor of another product", [.processor]) { $0.report.processor.model = 0x01 },
        .affirmed("an older version is enough") { $0.reference.reportVersion = 3 },
        .refused("a version that is too old", [.reportVersion, .mitigations]) { $0.report.version = 4 },
        .affirmed("TCB parts above the floor") {
            let tcb = $0.chip.tcb
            $0.chip.tcb = TCBVersion(
                fmc: nil, bootLoader: tcb.bootLoader, tee: 1, snp: tcb.snp + 1, microcode: tcb.microcode)
            $0.report.setEveryTCB($0.chip.encodedTCB)
        },
        .refused("a launch below the floor", [.tcbMinimum]) { $0.report.launchTCB = FixedBytes(repeating: 0) },
        .refused("a reported TCB that the certificate does not state", [.tcbCertificate, .tcbMinimum]) {
            $0.report.reportedTCB = FixedBytes(repeating: 0)
        },
        .refused("a reported TCB above the current one", [.tcbMinimum, .tcbOrder, .tcbProvisional]) {
            $0.report.currentTCB = FixedBytes(repeating: 0)
        },
        .refused("no floor for the product", [.product]) { $0.reference.minimumTCB = .value([:]) },
        .affirmed("provisional firmware is allowed") {
            $0.reference.provisionalFirmware = .allowed
            $0.report.committedTCB = FixedBytes(repeating: 0)
        },
        .refused("provisional firmware", [.tcbProvisional]) { $0.report.committedTCB = FixedBytes(repeating: 0) },
        .affirmed("newer firmware") {
            $0.report.currentFirmware = FirmwareVersion(major: 2, minor: 0, build: 0)
            $0.report.committedFirmware = $0.report.currentFirmware
        },
        .refused("older firmware", [.firmware]) {
            $0.report.currentFirmware = FirmwareVersion(major: 1, minor: 55, build: 48)
            $0.report.committedFirmware = $0.report.currentFirmware
        },
        .refused("firmware committed above what runs", [.firmwareOrder, .tcbProvisional]) {
            $0.report.committedFirmware = FirmwareVersion(major: 1, minor: 56, build: 0)
        },
        .affirmed("more mitigations than asked for") {
            ($0.report.launchMitigations, $0.report.currentMitigations) = (.max, .max)
        },
        .refused("a mitigation that was missing at launch", [.mitigations]) { $0.report.launchMitigations = 0x3 },
        .refused("a platform bit without a name", [.platformUnknown]) { $0.report.platformInfo |= 1 << 63 },
    ]

    /// Each bit turned over: affirmed where either value is asked for, else refused.
    static let bits: [SimulatedRule] = {
        var rules: [SimulatedRule] = []
        for (bit, rule) in policyRules {
            rules.append(
                .affirmed("either value of policy \(bit.name)") {
                    $0.reference.policy[bit] = .any
                    $0.report.policy ^= 1 << UInt64(bit.rawValue)
                })
            rules.append(
                .refused("policy \(bit.name) turned over", [rule]) { $0.report.policy ^= 1 << UInt64(bit.rawValue) })
        }
        for (bit, rule) in platformRules {
            rules.append(
                .affirmed("either value of platform \(bit.name)") {
                    $0.reference.platformInfo[bit] = .any
                    $0.report.platformInfo ^= 1 << UInt64(bit.rawValue)
                })
            rules.append(
                .refused("platform \(bit.name) turned over", [rule]) {
                    $0.report.platformInfo ^= 1 << UInt64(bit.rawValue)
                })
        }
        return rules
    }()

    private static let other = FixedBytes<48>(repeating: 0x77)
    private static let policyRules = rules(of: GuestPolicyBit.self)
    private static let platformRules = rules(of: PlatformInfoBit.self)

    private static func rules<Bit: ReportBit>(of bits: Bit.Type) -> [(Bit, Finding.Rule)] {
        Bit.allCases.filter { $0.facts.words != .none }.compactMap { bit in
            Finding.Rule(rawValue: "evidence.\(Bit.fieldCode).\(bit.facts.code)").map { (bit, $0) }
        }
    }
}

@Suite("Simulated evidence, signed again after each change")
struct SimulatedRuleTests {
    @Test(
        "is affirmed or refused by exactly the rules that the change touches",
        arguments: SimulatedRule.guest + SimulatedRule.platform + SimulatedRule.bits)
    func verdict(_ rule: SimulatedRule) throws {
        var rehearsal = try Rehearsal()
        rule.change(&rehearsal)
        #expect(try rehearsal.contraindications() == rule.findings)
    }

    @Test("is affirmed as it stands, with nothing waived")
    func baseline() throws {
        guard case .affirmed(let affirmed) = try Rehearsal().appraise() else {
            Issue.record("not affirmed")
            return
        }
        #expect(affirmed.waived.isEmpty)
    }
}
