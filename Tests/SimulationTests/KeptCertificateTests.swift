import Evidence
import Primitives
import Simulation
import Testing

@Suite("A simulated platform's kept certificates")
struct KeptCertificateTests {
    @Test("serve as those that were made anew")
    func serve() throws {
        let rehearsal = try Rehearsal()
        let kept = try SimulatedPlatform(
            rehearsal.chip, keys: rehearsal.keys, certificates: rehearsal.endorsements())
        let report = try kept.report(
            reportData: FixedBytes(repeating: 1), hostData: FixedBytes(repeating: 0),
            measurement: FixedBytes(repeating: 2))
        let leaf = try EndorsementCertificate(decoding: kept.certificates.leaf)
        #expect(leaf.hasSigned(try AttestationReport(decoding: report.span)))
        #expect(kept.rootDigest == rehearsal.keys.rootDigest)
    }

    @Test("are refused in part, for another chip and of other keys")
    func refuse() throws {
        let rehearsal = try Rehearsal()
        let whole = try rehearsal.endorsements()
        var chip = rehearsal.chip
        chip.chipID = FixedBytes(repeating: 9)
        #expect(throws: SimulationError.otherCertificates) {
            try SimulatedPlatform(chip, keys: rehearsal.keys, certificates: whole)
        }
        var part = whole
        part.root = nil
        #expect(throws: SimulationError.otherCertificates) {
            try SimulatedPlatform(rehearsal.chip, keys: rehearsal.keys, certificates: part)
        }
        let others = try SimulationKeys()
        #expect(throws: SimulationError.otherCertificates) {
            try SimulatedPlatform(rehearsal.chip, keys: others, certificates: whole)
        }
        // The same authorities with another key of the chip's.
        let text = String(decoding: rehearsal.keys.encoded, as: UTF8.self)
        let own = try #require(text.firstMatch(of: /"endorsementKey": "([^"]+)"/)).1
        let otherText = String(decoding: others.encoded, as: UTF8.self)
        let other = try #require(otherText.firstMatch(of: /"endorsementKey": "([^"]+)"/)).1
        let mixed = try SimulationKeys(decoding: Array(text.replacing(own, with: other).utf8))
        #expect(throws: SimulationError.otherCertificates) {
            try SimulatedPlatform(rehearsal.chip, keys: mixed, certificates: whole)
        }
    }
}
