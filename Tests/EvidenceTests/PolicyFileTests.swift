import Commitments
import Evidence
import Primitives
import Testing

@Suite("The policy file")
struct PolicyFileTests {
    private static let floor = RuleCase.floor(stepping: "1", snp: 28)

    /// A policy file, one member of which a test replaces, or removes with `nil`.
    private func text(_ name: String = "version", _ value: String? = "1") -> [UInt8] {
        let members = [
            ("version", "1"), ("date", #""2026-11-01""#), ("refusedMeasurements", "[]"), ("minimumTCB", "[]"),
            ("unlistedProcessors", #""refused""#), ("earliestEngine", #""any""#),
        ]
        let changed = members.filter { $0.0 != name } + (value.map { [(name, $0)] } ?? [])
        return Array("{\(changed.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", "))}".utf8)
    }

    private func decode(floors: String) throws -> VerifierPolicy {
        try VerifierPolicy(decoding: text("minimumTCB", "[\(floors)]"))
    }

    @Test(
        "is refused without any of its keys",
        arguments: [
            "version", "date", "refusedMeasurements", "minimumTCB", "unlistedProcessors", "earliestEngine",
        ])
    func missing(_ name: String) throws {
        _ = try VerifierPolicy(decoding: text())
        #expect(throws: EvidenceFileError.self) { try VerifierPolicy(decoding: text(name, nil)) }
    }

    @Test(
        "is refused with another form",
        arguments: [
            ("version", "2"), ("date", #""2026-1-1""#), ("earliestEngine", #""50.0""#), ("earliestEngine", "null"),
            ("minimumTCB", "[{}]"), ("refusedMeasurements", #"[""]"#), ("allow", "1"),
            ("unlistedProcessors", #""any""#), ("unlistedProcessors", "true"),
        ])
    func refusals(_ name: String, _ value: String) {
        #expect(throws: EvidenceFileError.self) { try VerifierPolicy(decoding: text(name, value)) }
        #expect(throws: EvidenceFileError.self) { try VerifierPolicy(decoding: Array("[]".utf8)) }
    }

    @Test("asks for an FMC version on Turin and refuses one elsewhere")
    func fmc() throws {
        let turin = Self.floor.replacing("\"family\": 25", with: "\"family\": 26")
        #expect(throws: EvidenceFileError.self) { try decode(floors: turin) }
        let withFMC = turin.replacing("\"tee\"", with: "\"fmc\": 1, \"tee\"")
        #expect(try decode(floors: withFMC).floors.first?.minimum.fmc == 1)
        #expect(throws: EvidenceFileError.self) {
            try decode(floors: Self.floor.replacing("\"tee\"", with: "\"fmc\": 1, \"tee\""))
        }
    }

    /// Each a processor of Genoa's root: an A0, another model's, a Bergamo or Siena.
    private static let unlistedProcessors: [[UInt8]] = [[0x19, 0x11, 0], [0x19, 0x10, 1], [0x19, 0xA0, 2]]

    @Test("refuses processors that it has no floor for, whatever their TCB", arguments: unlistedProcessors)
    func unlisted(_ processor: [UInt8]) throws {
        var scenario = try Scenario()
        scenario.report.set(0x188, processor)
        scenario.verifier.policy = RuleCase.policy(floors: Self.floor, unlisted: "refused")
        #expect(try scenario.appraise().contraindications == [.policyProcessor])
        scenario.verifier.policy = RuleCase.policy(unlisted: "refused")
        #expect(try scenario.appraise().contraindications == [.policyProcessor])
    }

    @Test("takes them where it says so, and then every appraisal lists that", arguments: unlistedProcessors)
    func allowed(_ processor: [UInt8]) throws {
        var scenario = try Scenario()
        scenario.report.set(0x188, processor)
        scenario.verifier.policy = RuleCase.policy(floors: RuleCase.floor(stepping: "1", snp: 99), unlisted: "allowed")
        #expect(try scenario.appraise().isAffirmed)
        #expect(try scenario.appraise().findings.map(\.rule) == [.policyProcessor])
        #expect(try scenario.appraise().findings.map(\.severity) == [.waived])
    }

    @Test("refuses a report that does not name its processor, also one that reaches every floor of its product")
    func versionTwo() throws {
        var scenario = try Scenario()
        scenario.report.setVersion(2)
        scenario.reference.reportVersion = 2
        scenario.reference.mitigations = .any
        let floor = RuleCase.floor(stepping: #""any""#, snp: 1)
        scenario.verifier.policy = RuleCase.policy(floors: floor, unlisted: "refused")
        #expect(try scenario.appraise().contraindications == [.policyProcessor])
        scenario.verifier.policy = RuleCase.policy(floors: floor, unlisted: "allowed")
        #expect(try scenario.appraise().isAffirmed)
    }

    @Test("refuses engines before the earliest")
    func engines() throws {
        let policy = try VerifierPolicy(decoding: text("earliestEngine", #""50.0.1""#))
        for (text, isRefused) in [("50.0.0", true), ("49.9.9", true), ("50.0.1", false), ("50.1.0", false)] {
            let findings = policy.findings(onEngine: try #require(EngineVersion(text)))
            #expect(findings.map(\.rule) == (isRefused ? [.policyEngine] : []))
        }
        #expect(VerifierPolicy.none.findings(onEngine: try #require(EngineVersion("0.0.1"))) == [])
        for text in ["", "50", "50.0.1.2", "50.0.-1", "050.0.1", "50.0.99999", "50.0.1 "] {
            #expect(EngineVersion(text) == nil)
        }
    }
}
