import Commitments
import Evidence
import Primitives
import Testing

/// Whatever bit of a report is turned over, it is seen: the report cannot be read any more, or what is signed differs,
/// or the signature does.
@Suite("Every bit of a report")
struct EveryBitTests {
    @Test("of each version counts, and its change is refused", arguments: [2, 3, 4, 5] as [UInt8])
    func everyBit(_ version: UInt8) throws {
        var scenario = try Scenario()
        scenario.report.setVersion(version)
        scenario.reference.reportVersion = UInt32(version)
        if version < 5 { scenario.reference.mitigations = .any }
        let report = try scenario.report.signed()
        let verification = try scenario.verification()
        func appraise(_ report: AttestationReport) -> Appraisal<AffirmedReport> {
            scenario.verifier.appraise(report, endorsed: verification, against: scenario.reference)
        }
        #expect(appraise(report).isAffirmed)
        var unreadable = 0
        for bit in 0..<AttestationReport.byteCount * 8 {
            var bytes = report.encoded
            bytes[bit / 8] ^= 1 << (bit % 8)
            guard let changed = try? AttestationReport(decoding: bytes.span) else {
                unreadable += 1
                continue
            }
            let rules = appraise(changed).contraindications
            #expect(rules.contains(.reportSignature), "bit \(bit)")
        }
        // Reserved bytes and the signature's padding, at least.
        #expect(unreadable > 3000)
    }

    @Test("of a hostile report is read or refused without harm, whatever follows from it in the listing")
    func listings() throws {
        let report = try TestReport().signed()
        for bit in 0..<AttestationReport.signedByteCount * 8 {
            var bytes = report.encoded
            bytes[bit / 8] ^= 1 << (bit % 8)
            guard let changed = try? AttestationReport(decoding: bytes.span) else { continue }
            let difference = ReportDifference(report, changed)
            #expect(!difference.fields.isEmpty, "bit \(bit) shows in no field")
            #expect(ReportDifference(changed, changed).fields == [])
        }
    }
}

@Suite("A difference of two reports")
struct ReportDifferenceTests {
    @Test("names the fields and bits that differ, and which differ in any two reports")
    func differences() throws {
        var recipe = TestReport()
        let first = try recipe.signed()
        recipe.bytes[0x40] ^= 1 << 5
        recipe.set(0x50, [1])
        let second = try recipe.signed()
        let fields = ReportDifference(first, second).fields
        #expect(fields.map(\.name) == ["PLATFORM_INFO", "REPORT_DATA", "SIGNATURE"])
        #expect(fields.map(\.isOfEachReport) == [false, true, true])
        #expect(fields[0].bits.map { $0.first.name } == ["ALIAS_CHECK_COMPLETE"])
        recipe = TestReport()
        recipe.setVersion(3)
        let names = ReportDifference(try recipe.signed(), first).fields.map(\.name)
        #expect(names.contains("VERSION") && names.contains("CURRENT_MIT_VECTOR"))
    }
}
