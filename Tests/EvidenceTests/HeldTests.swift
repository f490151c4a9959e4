import Evidence
import Testing

/// What an appraisal says besides, where a verifier asks for what holds too.
@Suite("Checks that hold are told where one asks, and")
struct HeldTests {
    @Test("change no verdict: each rule is broken as before", arguments: RuleCase.all.indices)
    func verdict(_ index: Int) throws {
        var scenario = try Scenario()
        RuleCase.all[index].change(&scenario)
        let before = try scenario.appraise()
        scenario.verifier.listsWhatHolds = true
        let after = try scenario.appraise()
        #expect(before.contraindications == after.contraindications)
        #expect(before.findings == after.findings.filter { $0.severity != .met || before.findings.contains($0) })
        // No rule holds and fails at once, but those on several values.
        let several: Set<Finding.Rule> = [
            .certificateValidity, .certificateSignature, .tcbReserved, .tcbMinimum, .tcbOrder, .revoked,
        ]
        let failing = Set(after.contraindications).subtracting(several)
        let held = Set(after.findings.filter { $0.severity == .met }.map(\.rule))
        #expect(failing.isDisjoint(with: held), "\(failing.intersection(held))")
    }

    @Test("say of each what was expected and what was found")
    func texts() throws {
        var scenario = try Scenario()
        #expect(try scenario.appraise().findings.allSatisfy { $0.severity != .met })
        scenario.verifier.listsWhatHolds = true
        let held = try scenario.appraise().findings.filter { $0.severity == .met }
        let rules = Set(held.map(\.rule))
        let wanted: Set<Finding.Rule> = [
            .certificateSignature, .rootUnknown, .certificateValidity, .revocationStale, .revoked, .reportSignature,
            .measurement, .debug, .migration, .hostData, .reportData, .chipKeyMasked, .migrationAgent,
        ]
        #expect(wanted.isSubset(of: rules), "\(wanted.subtracting(rules))")
        for finding in held {
            #expect(!finding.expected.isEmpty && !finding.found.isEmpty)
            // A text that was written for what fails would lie here.
            #expect(!finding.found.hasPrefix("none that verifies"), "\(finding)")
        }
    }
}
