import Commitments
import Evidence
import Primitives
import Testing

@Suite("The appraisal's rules")
struct RuleTests {
    @Test("affirm evidence that meets all of them, waiving nothing but what it is")
    func baseline() throws {
        let appraisal = try Scenario().appraise()
        #expect(appraisal.isAffirmed)
        #expect(appraisal.findings == [])
    }

    @Test("affirm a Turin, whose TCB has another layout")
    func turin() throws {
        var scenario = try Scenario()
        scenario.moveToTurin()
        #expect(try scenario.appraise().contraindications == [])
        #expect(try scenario.appraise().isAffirmed)
    }

    @Test("affirm a cloud provider's key, under which the chip stays unnamed")
    func vlek() throws {
        var scenario = try Scenario()
        scenario.moveToVLEK()
        #expect(try scenario.appraise().isAffirmed)
    }

    @Test("affirm each version of the report", arguments: [3, 4, 5] as [UInt8])
    func versions(_ version: UInt8) throws {
        var scenario = try Scenario()
        scenario.report.setVersion(version)
        if version < 5 { scenario.reference.mitigations = .any }
        #expect(try scenario.appraise().isAffirmed)
    }

    @Test("affirm version 2, whose layout the certificate's product decides")
    func versionTwo() throws {
        var scenario = try Scenario()
        scenario.report.setVersion(2)
        scenario.reference.reportVersion = 2
        scenario.reference.mitigations = .any
        #expect(try scenario.appraise().isAffirmed)

        scenario.moveToTurin()
        scenario.report.setVersion(2)
        #expect(try scenario.appraise().isAffirmed)
    }

    @Test("find exactly what was changed", arguments: RuleCase.all)
    func contraindicate(_ item: RuleCase) throws {
        var scenario = try Scenario()
        item.change(&scenario)
        let appraisal = try scenario.appraise()
        #expect(!appraisal.isAffirmed)
        #expect(Set(appraisal.contraindications) == item.expected)
    }

    @Test("are each seen to refuse by themselves")
    func everyRuleIsTested() {
        let tested = RuleCase.all.reduce(into: Set<Finding.Rule>()) { $0.formUnion($1.expected) }
        // The session's rules, the engine's and the waiver that is not a rule have tests of their own.
        let elsewhere: Set<Finding.Rule> = [
            .nonce, .noncePath, .manifestDigest, .policyEngine, .policyClosed, .policyNotShown, .nothingCompared,
            .simulated,
        ]
        #expect(Set(Finding.Rule.allCases) == tested.union(elsewhere))
        #expect(tested.isDisjoint(with: elsewhere))
    }

    @Test("list every finding, not the first")
    func everyFinding() throws {
        var scenario = try Scenario()
        let combinable = RuleCase.all.filter(\.isCombinable)
        for item in combinable { item.change(&scenario) }
        let found = Set(try scenario.appraise().contraindications)
        #expect(found == combinable.reduce(into: Set<Finding.Rule>()) { $0.formUnion($1.expected) })
    }

    @Test("say first of a report by itself that nothing was compared, and not where anything was")
    func nothingCompared() throws {
        let scenario = try Scenario()
        let bare = scenario.verifier.appraise(try scenario.report.signed(), endorsed: try scenario.verification())
        let finding = try #require(bare.findings.first { $0.severity == .waived })
        #expect(finding.rule == .nothingCompared)
        #expect(finding.message.hasPrefix("nothing was compared"))
        #expect(finding.hint?.contains("--measurement") == true)
        #expect(try !scenario.appraise().findings.contains { $0.rule == .nothingCompared })
    }

    @Test("that were waived are listed, each by its code")
    func waivers() throws {
        var scenario = try Scenario()
        scenario.reference = .unasked
        scenario.reference.platform = .simulated
        scenario.revocation = nil
        scenario.verifier.waivers = [.revocation]
        let appraisal = try scenario.appraise()
        #expect(appraisal.isAffirmed)
        #expect(appraisal.findings.allSatisfy { $0.severity == .waived })
        let codes = Set(appraisal.findings.map(\.rule))
        let bits = Set(GuestPolicyBit.allCases.map(\.name)).count + PlatformInfoBit.allCases.count - 2
        #expect(codes.isSuperset(of: [.measurement, .hostData, .reportData, .tcbMinimum, .chip, .revocationMissing]))
        #expect(codes.count == appraisal.findings.count)
        #expect(codes.count == bits + 15)
    }

    @Test("never let a guest be debugged or moved, whatever was asked")
    func neverGranted() throws {
        for (byte, rule) in [(0x1B, Finding.Rule.debug), (0x17, .migration)] as [(UInt8, Finding.Rule)] {
            var scenario = try Scenario()
            scenario.reference = .unasked
            scenario.reference.platform = .simulated
            scenario.report.set(0x0A, [byte])
            #expect(try scenario.appraise().contraindications == [rule])
        }
    }

    @Test("take stale and missing lists only by name, and never a revoked key")
    func revocationWaiver() throws {
        var scenario = try Scenario()
        scenario.verifier.waivers = [.revocation]
        scenario.revocation = nil
        #expect(try scenario.appraise().isAffirmed)
        #expect(try scenario.appraise().findings.map(\.rule) == [.revocationMissing])
        scenario.revocation = RevocationRecipe(nextUpdate: TestDER.utcTime("260201000000Z"))
        #expect(try scenario.appraise().findings.map(\.rule) == [.revocationStale])
        scenario.revocation?.revoked = [[0x01]]
        #expect(Set(try scenario.appraise().contraindications) == [.revoked])
    }

    @Test("take a Milan only by name")
    func milanWaiver() throws {
        var scenario = try Scenario()
        let item = try #require(RuleCase.all.first { $0.testDescription == "a Milan" })
        item.change(&scenario)
        scenario.report.set(0x188, [0x19, 0x01, 0x01])
        scenario.reference.minimumTCB = .value([.milan: TCBFloor(fmc: 0, bootLoader: 0, tee: 0, snp: 0, microcode: 0)])
        #expect(try scenario.appraise().contraindications == [.milan])
        scenario.verifier.waivers = [.milan]
        #expect(try scenario.appraise().isAffirmed)
        #expect(try scenario.appraise().findings.map(\.rule) == [.milan])
    }

    @Test("take what begins up to five minutes later, for a clock behind AMD's, and nothing that has ended")
    func clockTolerance() throws {
        for (start, isAffirmed) in [("260901000002Z", true), ("260901000500Z", true), ("260901000501Z", false)] {
            var scenario = try Scenario()
            scenario.leaf.validity = TestDER.sequence(TestDER.utcTime(start), TestDER.utcTime("350101000000Z"))
            #expect(try scenario.appraise().contraindications == (isAffirmed ? [] : [.certificateValidity]))
            scenario = try Scenario()
            scenario.revocation?.thisUpdate = TestDER.utcTime(start)
            #expect(try scenario.appraise().contraindications == (isAffirmed ? [] : [.revocationEarly]))
        }
        var ended = try Scenario()
        ended.leaf.validity = TestDER.sequence(TestDER.utcTime("250101000000Z"), TestDER.utcTime("260831235959Z"))
        #expect(try ended.appraise().contraindications == [.certificateValidity])
        let hint = try ended.appraise().findings.first?.hint
        #expect(hint?.contains("your clock is behind") == true)
        ended = try Scenario()
        ended.revocation?.nextUpdate = TestDER.utcTime("260831235959Z")
        #expect(try ended.appraise().contraindications == [.revocationStale])
    }

    @Test("never accept a report that hides its chip, and do not send anyone for a certificate")
    func maskedChip() throws {
        var scenario = try Scenario()
        scenario.report.set(0x1A0, [UInt8](repeating: 0, count: 64))
        scenario.reference.chips = .any
        let appraisal = try scenario.appraise()
        #expect(appraisal.contraindications == [.chipCertificate])
        let finding = try #require(appraisal.findings.first)
        #expect(finding.found.contains("MASK_CHIP_ID"))
        #expect(finding.hint?.contains("never accepted") == true && finding.hint?.contains("fetch") == false)
    }

    /// Venice, and others of its family that no release knows yet.
    static let unknownProcessors: [[UInt8]] = [
        [0x1A, 0x50, 0x01], [0x1A, 0x57, 0x00], [0x1A, 0x90, 0x00], [0x1A, 0xAF, 0x00], [0x1A, 0xC0, 0x00],
        [0x1A, 0xC7, 0x00], [0x1B, 0x00, 0x00], [0x19, 0x20, 0x00],
    ]

    @Test(
        "know no layout for a processor that they do not know, and refuse it by its name",
        arguments: unknownProcessors)
    func unknownProcessor(_ processor: [UInt8]) throws {
        var scenario = try Scenario()
        scenario.moveToTurin()
        scenario.report.set(0x188, processor)
        #expect(try scenario.appraise().contraindications == [.processor])
        let report = try scenario.report.signed()
        let fields = report.listing.filter { $0.name.hasSuffix("_TCB") }
        #expect(fields.count == 4)
        #expect(fields.allSatisfy { $0.meaning.hasSuffix(": not interpreted") })
        #expect(report.listing.contains { $0.meaning.contains("no product that is known to this release") })
    }

    @Test("take a hardware ID as it is and in an OCTET STRING, and of no other length")
    func hardwareIDs() throws {
        var scenario = try Scenario()
        let plain = try #require(scenario.leaf.hardwareID)
        scenario.leaf.hardwareID = [0x04, 0x40] + plain
        #expect(try scenario.appraise().isAffirmed)
        for wrong in [[0x04, 0x41] + plain, [0x03, 0x40] + plain, [0x04, 0x40] + plain + [0], [0x04, 0x3F] + plain] {
            scenario.leaf.hardwareID = wrong
            #expect(throws: CertificateError.malformedExtension(.hardwareID)) { try scenario.appraise() }
        }
        scenario = try Scenario()
        scenario.moveToTurin()
        scenario.leaf.hardwareID = [0x04, 0x08] + (try #require(scenario.leaf.hardwareID))
        #expect(try scenario.appraise().isAffirmed)
    }

    @Test("have a subject in their message and a code of their own")
    func texts() {
        let codes = Finding.Rule.allCases.map(\.rawValue)
        #expect(Set(codes).count == codes.count)
        for rule in Finding.Rule.allCases {
            #expect(rule.subject != "the evidence", "\(rule)")
            #expect(rule.rawValue.wholeMatch(of: /evidence(\.[a-z0-9-]+)+/) != nil)
        }
    }
}
