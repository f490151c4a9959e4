import Evidence
import Primitives
import Testing

/// Who shows evidence chooses the list beside it, and a network that carries lists can hold back new ones.
@Suite("The revocation lists at hand")
struct RevocationTests {
    /// By the tests' root, from the first of a month of 2026 until the end of the year.
    private func list(
        of month: String, revoking serials: [[UInt8]] = [], until nextUpdate: String = "261231"
    ) throws -> RevocationList {
        var recipe = RevocationRecipe()
        recipe.thisUpdate = TestDER.utcTime("26\(month)01000000Z")
        recipe.nextUpdate = TestDER.utcTime("\(nextUpdate)000000Z")
        recipe.revoked = serials
        return try RevocationList(decoding: try recipe.signed())
    }

    /// An intermediate with a number of its own, and a bundle's list of March that revokes nothing.
    private func scenario() throws -> Scenario {
        var scenario = try Scenario()
        scenario.intermediate.serialNumber = [0x02, 0x00, 0x01]
        scenario.revocation?.thisUpdate = TestDER.utcTime("260301000000Z")
        #expect(try scenario.appraise().isAffirmed)
        return scenario
    }

    @Test("refuse a replayed list from before a revocation that a newer one at hand tells")
    func replayed() throws {
        var scenario = try scenario()
        scenario.verifier.revocationLists = [try list(of: "08", revoking: [[0x02, 0x00, 0x01]])]
        #expect(try scenario.appraise().contraindications == [.revoked])
    }

    @Test(
        "keep a revocation for ever, whichever list tells it and whatever newer one does not",
        arguments: ["01", "02", "04", "08"])
    func forEver(_ month: String) throws {
        var scenario = try scenario()
        let lists = try ["01", "02", "04", "08"].map {
            try list(of: $0, revoking: $0 == month ? [[0x05], [0x02, 0x00, 0x01]] : [])
        }
        for order in [lists, lists.reversed()] {
            scenario.verifier.revocationLists = order
            #expect(try scenario.appraise().contraindications == [.revoked])
            scenario.revocation = nil
            #expect(try scenario.appraise().contraindications == [.revoked])
            scenario.revocation = RevocationRecipe()
        }
    }

    @Test("count also where no list need hold, in a rehearsal too, and where the time is before the revocation")
    func waived() throws {
        var scenario = try scenario()
        scenario.verifier.revocationLists = [try list(of: "08", revoking: [[0x02, 0x00, 0x01]])]
        scenario.verifier.waivers = [.revocation]
        scenario.reference.isRehearsal = true
        #expect(try scenario.appraise().contraindications == [.revoked])
        scenario.verifier.time = try #require(Timestamp("2026-04-01"))
        #expect(try scenario.appraise().contraindications == [.revoked])
    }

    @Test("stand in for one that the evidence lacks, and are judged by the newest")
    func freshness() throws {
        var scenario = try scenario()
        scenario.revocation = nil
        scenario.verifier.revocationLists = [try list(of: "02"), try list(of: "03", until: "260401")]
        #expect(try scenario.appraise().contraindications == [.revocationStale])
        scenario.verifier.revocationLists.append(try list(of: "04"))
        let appraisal = try scenario.appraise()
        guard case .affirmed(let evidence) = appraisal else {
            Issue.record("not affirmed: \(appraisal.findings.map(\.message))")
            return
        }
        #expect(evidence.revocationList == scenario.verifier.revocationLists[2])
    }

    @Test("do not make evidence of an earlier time stale or early by being newer")
    func later() throws {
        var scenario = try scenario()
        scenario.verifier.revocationLists = [try list(of: "10"), try list(of: "12")]
        #expect(try scenario.appraise().isAffirmed)
        scenario.revocation = nil
        #expect(try scenario.appraise().contraindications == [.revocationEarly])
    }

    @Test("of other issuers say nothing")
    func otherIssuers() throws {
        var scenario = try scenario()
        var recipe = RevocationRecipe(issuer: "ARK-Turin")
        recipe.revoked = [[0x02, 0x00, 0x01]]
        scenario.verifier.revocationLists = [try RevocationList(decoding: try recipe.signed())]
        #expect(try scenario.appraise().isAffirmed)
        scenario.revocation = nil
        #expect(try scenario.appraise().contraindications == [.revocationMissing])
    }

    @Test("are refused in the root's name when the root did not sign them, and count for nothing")
    func forged() throws {
        var scenario = try scenario()
        let forged = try RevocationRecipe().signed(by: TestChain.intermediateKey)
        scenario.verifier.revocationLists = [try RevocationList(decoding: forged)]
        #expect(try scenario.appraise().contraindications == [.revocationSignature])
        scenario.revocation = nil
        #expect(Set(try scenario.appraise().contraindications) == [.revocationSignature, .revocationMissing])
    }

    @Test("are too old before the date that the verifier names, and no waiver does without it")
    func notBefore() throws {
        var scenario = try scenario()
        scenario.verifier.waivers = [.revocation]
        for (date, isAffirmed) in [("2026-03-01", true), ("2026-03-02", false)] as [(String, Bool)] {
            let time = try #require(Timestamp(date))
            scenario.verifier.revocationNotBefore = time
            #expect(try scenario.appraise().contraindications == (isAffirmed ? [] : [.revocationNotBefore]))
        }
        scenario.verifier.revocationLists = [try list(of: "08")]
        #expect(try scenario.appraise().isAffirmed)
        scenario.revocation = nil
        scenario.verifier.revocationLists = []
        scenario.reference.isRehearsal = true
        #expect(try scenario.appraise().contraindications == [.revocationNotBefore])
    }
}
