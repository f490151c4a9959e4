import Commitments
import Evidence
import Foundation
import Primitives
import TestSupport
import Testing

/// What a policy makes of one report: the tests' Genoa has SNP 27, microcode 88, firmware 1.55.49 and, from version 5
/// on, the mitigation vectors 0x0A.
@Suite("A policy's advisories")
struct AdvisoryTests {
    private func findings(_ policy: VerifierPolicy, _ change: (inout Scenario) -> Void = { _ in }) throws -> [Finding] {
        var scenario = try Scenario()
        scenario.verifier.policy = policy
        change(&scenario)
        return try scenario.appraise().findings.filter { $0.code.hasPrefix("evidence.policy-file") }
    }

    @Test(
        "are closed by what holds, and open where any part does not",
        arguments: [
            (#"[{"current": {"snp": 27}}]"#, true), (#"[{"current": {"snp": 28}}]"#, false),
            (#"[{"launch": {"snp": 28}}]"#, false), (#"[{"launch": {"snp": 27, "microcode": 88}}]"#, true),
            (#"[{"current": {"snp": 27, "microcode": 89}}]"#, false),
            (#"[{"current": {"firmware": {"major": 1, "minor": 55, "build": 49}}}]"#, true),
            (#"[{"current": {"firmware": {"major": 1, "minor": 55, "build": 50}}}]"#, false),
            (#"[{"current": {"firmware": {"major": 2, "minor": 0, "build": 0}}}]"#, false),
            (#"[{"current": {"mitigations": "000000000000000a"}}]"#, true),
            (#"[{"launch": {"mitigations": "0000000000000004"}}]"#, false),
            (#"[{"platformInfo": {"aliasCheck": "required"}}]"#, true),
            (#"[{"platformInfo": {"aliasCheck": "forbidden"}}]"#, false),
            (#"[{"guestPolicy": {"smt": "forbidden"}}]"#, false),
            (#"[{"guestPolicy": {"singleSocket": "required"}}]"#, true),
            (#"[{"current": {"snp": 28}}, {"current": {"microcode": 88}}]"#, true),
            (#"[{"current": {"snp": 28}}, {"current": {"microcode": 89}}]"#, false), (#""nothing""#, false),
        ])
    func states(_ closedBy: String, _ isClosed: Bool) throws {
        let findings = try findings(try PolicyText.policy(closedBy: closedBy))
        #expect(findings.map(\.rule) == [isClosed ? .policyClosed : .policyOpen])
        #expect(findings.map(\.severity) == [isClosed ? .met : .contraindicated])
        let message = try #require(findings.first?.message)
        #expect(message.contains("ADV-1 (Test)") && message.contains("not confirmed"))
        if !isClosed { #expect(message.contains("the host wins")) }
    }

    @Test("are undecidable by name where the report is of a version without mitigation vectors, or nobody has figures")
    func undecidable() throws {
        let policy = try PolicyText.policy(closedBy: #"[{"current": {"mitigations": "0000000000000002"}}]"#)
        func versionThree(_ scenario: inout Scenario) {
            scenario.report.setVersion(3)
            scenario.reference.mitigations = .any
        }
        let findings = try findings(policy, versionThree)
        #expect(findings.map(\.rule) == [.policyUndecidable])
        #expect(findings.map(\.severity) == [.contraindicated])
        #expect(findings.first?.message.contains("a report of version 3 has no CURRENT_MIT_VECTOR") == true)
        // What could close it counts; what fails for sure does not.
        let either = try PolicyText.policy(
            closedBy: #"[{"current": {"mitigations": "0000000000000002"}}, {"current": {"snp": 99}}]"#)
        #expect(try self.findings(either, versionThree).map(\.rule) == [.policyUndecidable])
        let both = try PolicyText.policy(closedBy: #"[{"current": {"mitigations": "0000000000000002", "snp": 99}}]"#)
        #expect(try self.findings(both, versionThree).map(\.rule) == [.policyOpen])
        #expect(try self.findings(PolicyText.policy(closedBy: #""unknown""#)).map(\.rule) == [.policyUndecidable])
    }

    @Test("are told and not refused where the policy says so, and never silently")
    func told() throws {
        let open = try findings(PolicyText.policy(closedBy: #""nothing""#, open: "told"))
        #expect(open.map(\.severity) == [.waived])
        let undecidable = try findings(PolicyText.policy(closedBy: #""unknown""#, undecidable: "told"))
        #expect(undecidable.map(\.severity) == [.waived])
        var scenario = try Scenario()
        scenario.verifier.policy = try PolicyText.policy(closedBy: #""nothing""#, open: "told")
        #expect(try scenario.appraise().isAffirmed)
    }

    @Test("count from every file, of which the strictest wins in any order")
    func composition() throws {
        let told = try PolicyText.policy(closedBy: #"[{"current": {"snp": 28}}]"#, open: "told").files
        let refused = try PolicyText.policy(closedBy: #"[{"current": {"snp": 27}}]"#).files
        let strict = try PolicyText.policy(closedBy: #"[{"current": {"snp": 29}}]"#).files
        // One closes it, the other leaves it open: open it is, once.
        #expect(try findings(VerifierPolicy(told + refused)).map(\.rule) == [.policyOpen])
        #expect(try findings(VerifierPolicy(told + refused)).map(\.severity) == [.waived])
        for files in [told + strict, strict + told, told + refused + strict] {
            #expect(try findings(VerifierPolicy(files)).map(\.severity) == [.contraindicated])
        }
        let allowed = try PolicyText.policy(["unlistedProcessors": #""allowed""#]).files
        let unlisted = try PolicyText.policy().files
        for files in [allowed + unlisted, unlisted + allowed] {
            #expect(try findings(VerifierPolicy(files)).map(\.rule) == [.policyProcessor])
            #expect(try findings(VerifierPolicy(files)).map(\.severity) == [.contraindicated])
        }
    }

    /// Each a processor of Genoa's root: an A0, another model's, a Bergamo or Siena.
    private static let unlistedProcessors: [[UInt8]] = [[0x19, 0x11, 0], [0x19, 0x10, 1], [0x19, 0xA0, 2]]

    @Test("are not asked of processors that the policy does not list: those are refused", arguments: unlistedProcessors)
    func unlisted(_ processor: [UInt8]) throws {
        let rules = "[\(PolicyText.product(PolicyText.rule(#"[{"current": {"snp": 1}}]"#), stepping: "1"))]"
        for changes in [["products": rules], [:]] {
            let findings = try findings(PolicyText.policy(changes.mapValues { $0 })) { $0.report.set(0x188, processor) }
            #expect(findings.map(\.rule) == [.policyProcessor])
            #expect(findings.map(\.severity) == [.contraindicated])
        }
        let allowed = try PolicyText.policy(["products": rules, "unlistedProcessors": #""allowed""#])
        let findings = try findings(allowed) { $0.report.set(0x188, processor) }
        #expect(findings.map(\.severity) == [.waived])
    }

    @Test("are those of its whole product for a report that does not name its processor, which is none that is listed")
    func versionTwo() throws {
        func versionTwo(_ scenario: inout Scenario) {
            scenario.report.setVersion(2)
            scenario.reference.reportVersion = 2
            scenario.reference.mitigations = .any
        }
        let product = PolicyText.product(PolicyText.rule(#"[{"current": {"snp": 28}}]"#), stepping: "0")
        let policy = try PolicyText.policy(["products": "[\(product)]"])
        #expect(try findings(policy, versionTwo).map(\.rule) == [.policyProcessor, .policyOpen])
        let turin = PolicyText.product(PolicyText.rule(#""nothing""#), family: 26, model: 2)
        let other = try PolicyText.policy(["products": "[\(turin)]", "unlistedProcessors": #""allowed""#])
        #expect(try findings(other, versionTwo).map(\.rule) == [.policyProcessor])
    }

    @Test("come with what no report can show, and with a date for revocation lists")
    func notShownAndRevocation() throws {
        let shown = "{\(PolicyText.advisoryMembers.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", "))}"
        let policy = try PolicyText.policy([
            "notShown": "[\(shown)]", "products": "[\(PolicyText.product())]", "revocationNotBefore": #""2026-01-02""#,
        ])
        #expect(try findings(policy).map(\.rule) == [.policyNotShown])
        #expect(try findings(policy).map(\.severity) == [.waived])
        var scenario = try Scenario()
        scenario.verifier.policy = policy
        #expect(try scenario.appraise().contraindications == [.revocationNotBefore])
        scenario.verifier.revocationNotBefore = Timestamp("2025-01-01")
        #expect(try scenario.appraise().contraindications == [.revocationNotBefore])
    }

    /// By family, model and stepping, with a TCB that the example policies find wanting.
    private func example(_ name: String) throws -> VerifierPolicy {
        let file = Repository.root.appending(path: "docs/examples/policy-\(name).json")
        return VerifierPolicy([try PolicyFile(decoding: [UInt8](try Data(contentsOf: file)))])
    }

    @Test("name what a Milan, a Genoa and a Turin are open to, and refuse an unlisted product, with the examples")
    func examples() throws {
        let strict = try example("strict"), permissive = try example("permissive")
        func appraise(_ policy: VerifierPolicy, _ move: (inout Scenario) -> Void) throws -> Appraisal<AffirmedReport> {
            var scenario = try Scenario()
            scenario.verifier.policy = policy
            move(&scenario)
            return try scenario.appraise()
        }
        func open(_ appraisal: Appraisal<AffirmedReport>) -> String {
            appraisal.findings.filter { $0.rule == .policyOpen }.map(\.message).joined(separator: "\n")
        }
        func milan(_ scenario: inout Scenario) {
            RuleCase.all.first { $0.testDescription == "a Milan" }?.change(&scenario)
            scenario.report.set(0x188, [0x19, 0x01, 0x01])
        }
        #expect(open(try appraise(permissive, milan)).contains("arXiv 2605.12990"))
        let genoa = try appraise(permissive) { _ in }
        #expect(genoa.isAffirmed)
        #expect(open(genoa).contains("CVE-2026-0462") && !open(genoa).contains("EntrySign"))
        #expect(genoa.findings.contains { $0.rule == .policyClosed && $0.message.contains("EntrySign") })
        #expect(genoa.findings.contains { $0.rule == .policyUndecidable && $0.message.contains("BreakFAST") })
        #expect(genoa.findings.contains { $0.rule == .policyNotShown && $0.message.contains("TEE.fail") })
        #expect(try !appraise(strict) { _ in }.isAffirmed)
        let turin = try appraise(permissive) { $0.moveToTurin() }
        #expect(turin.isAffirmed && open(turin).contains("AMD-SB-3016"))
        let bergamo = try appraise(permissive) { $0.report.set(0x188, [0x19, 0xA0, 0x02]) }
        #expect(bergamo.contraindications == [.policyProcessor])
    }
}
