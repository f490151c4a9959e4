import Evidence
import Primitives
import Testing

/// Figures for docs/BENCHMARKS.md. They are printed, and held far below what an idle machine does,
/// so that a busy one does not fail.
@Suite("Speed", .serialized)
struct SpeedTests {
    @Test("appraises bundles at a bank's pace, from bytes to verdict")
    func appraisals() throws {
        let scenario = try SessionScenario()
        let bytes = scenario.bundle.encoded
        let chain = scenario.bundle.endorsements.verified(simulatedRoot: scenario.verifier.simulatedRoot)
        let cached = try rate("with the chain cached") {
            let bundle = try EvidenceBundle(decoding: bytes)
            return scenario.verifier.appraise(bundle, endorsed: chain, under: scenario.terms).isAffirmed
        }
        let whole = try rate("with the chain and its revocation list") {
            let bundle = try EvidenceBundle(decoding: bytes)
            return scenario.verifier.appraise(bundle, under: scenario.terms).isAffirmed
        }
        #expect(cached > 100)
        #expect(whole > 50)
    }

    private func rate(_ name: String, _ appraise: () throws -> Bool) throws -> Double {
        let count = 300
        let start = ContinuousClock.now
        var affirmed = 0
        for _ in 0..<count where try appraise() { affirmed += 1 }
        let elapsed = ContinuousClock.now - start
        #expect(affirmed == count)
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let rate = Double(count) / seconds
        print("evidence appraisal \(name): \(Int(rate)) a second")
        return rate
    }
}
