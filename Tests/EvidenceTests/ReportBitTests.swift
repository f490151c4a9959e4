import Commitments
import Evidence
import Foundation
import TestSupport
import Testing

/// One row for each bit, as the page on evidence has it from the specification.
@Suite("The bits of a report")
struct ReportBitTests {
    /// A row of docs/EVIDENCE.md: `| `evidence.policy.smt` | bit 16, SMT, as `policy.smt` says | … |`.
    private struct Row: Hashable {
        let position: Int
        let name: String
        let code: String
        /// Empty for a bit that no manifest has a word for.
        let key: String
    }

    private func rows(of field: String) throws -> Set<Row> {
        let file = Repository.root.appending(path: "docs/EVIDENCE.md")
        let pattern = #/\n\| `(evidence\.[a-z.-]+\.[a-z0-9-]+)` \| bit (\d+), (\w+)(?:, as `(\w+\.\w+)` says| is 0) \|/#
        return Set(
            try String(contentsOf: file, encoding: .utf8).matches(of: pattern).compactMap { match in
                guard match.1.hasPrefix("evidence.\(field)."), let position = Int(match.2) else { return nil }
                return Row(
                    position: position, name: String(match.3), code: String(match.1), key: String(match.4 ?? ""))
            })
    }

    private func compare<Bit: ReportBit>(_ bits: Bit.Type) throws {
        let known = Bit.allCases.map { bit in
            Row(
                position: bit.rawValue, name: bit.facts.name, code: "evidence.\(Bit.fieldCode).\(bit.facts.code)",
                key: bit.facts.words == .none ? "" : "\(Bit.fieldKey).\(bit.facts.key)")
        }
        #expect(try rows(of: Bit.fieldCode) == Set(known))
        for row in known { #expect(Finding.Rule(rawValue: row.code) != nil, "\(row.name)") }
    }

    @Test("have the places and names that docs/EVIDENCE.md has from the specification, and a rule each")
    func documented() throws {
        try compare(GuestPolicyBit.self)
        try compare(PlatformInfoBit.self)
    }

    @Test("hand memory to nobody, whatever rule is set for those that would")
    func neverGranted() {
        var rules = BitRules<GuestPolicyBit> { _ in .any }
        rules[.debug] = .any
        #expect(rules[.debug] == .forbidden && rules[.migrationAgent] == .forbidden)
        #expect(rules[.smt] == .any)
    }

    @Test("are demanded where the product reports them: safe IOMMU writes of a Turin, not of a Genoa")
    func products() throws {
        var scenario = try Scenario()
        scenario.reference.platformInfo[.iommuWriteSafe] = .required
        let genoa = try scenario.appraise()
        #expect(genoa.isAffirmed)
        #expect(genoa.findings.map(\.rule) == [.platformIOMMUWriteSafe])
        #expect(genoa.findings.map(\.severity) == [.waived])
        #expect(genoa.findings.first?.message.contains("which no Genoa reports") == true)

        scenario.moveToTurin()
        #expect(try scenario.appraise().contraindications == [.platformIOMMUWriteSafe])
        scenario.report.bytes[0x40] |= 1 << 6
        #expect(try scenario.appraise().isAffirmed)
    }
}
