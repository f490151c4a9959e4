import Client
import Commitments
import Evidence
import Keys
import Lifecycle
import Primitives
import Simulation
import TestSupport
import Testing
import Verification

/// Years later and offline, an auditor judges the same bytes, with what the auditor knows by then.
@Suite("An auditor of an appraisal record")
struct AuditorTests {
    private let fixture: OutputsFixture
    private let platform: SimulatedPlatform
    private let intermediate: SerialNumber

    init() throws {
        fixture = try OutputsFixture()
        let keys = try OutputsFixture.simulation.get()
        let start = try #require(Timestamp("2026-01-01")), end = try #require(Timestamp("2027-01-01"))
        platform = try SimulatedPlatform(SimulatedChip(.genoa, keys: keys), keys: keys, validity: start...end)
        intermediate = try #require(fixture.attestation.endorsements.intermediate).serialNumber
    }

    private func list(from start: String, revoking serials: [[UInt8]] = []) throws -> RevocationList {
        let start = try #require(Timestamp(start)), end = try #require(Timestamp("2028-01-01"))
        return try RevocationList(decoding: try platform.revocationList(start...end, revoking: serials))
    }

    /// What a participant signs, whose own lists were these.
    private func record(with lists: [RevocationList] = []) throws -> AppraisalRecord {
        var verifier = fixture.verifier
        verifier.revocationLists = lists
        let nonce = FixedBytes<32>(repeating: 7)
        let appraisal = verifier.appraise(
            fixture.attestation, under: SessionTerms(nonce: nonce, manifest: fixture.manifest))
        guard case .affirmed(.locked(let session)) = appraisal else { throw OutputsFixture.Unexpected() }
        let attestation = Attestation(bundle: fixture.attestation, nonce: nonce, appraisal: appraisal)
        let envelope = AppraisalRecord(attestation, of: session, by: verifier).signed(by: fixture.lab.signing)
        return try AppraisalRecord.verified(envelope.encoded, under: fixture.manifest).record
    }

    private func findings(_ record: AppraisalRecord, by verifier: Verifier) throws -> [Finding.Rule] {
        do throws(OutputsError) {
            _ = try record.appraised(under: fixture.manifest, by: verifier)
            return []
        } catch {
            guard case .contraindicated(let findings) = error else { throw error }
            return findings.filter { $0.severity == .contraindicated }.map(\.rule)
        }
    }

    @Test("judges again by what the record holds alone, and says the same")
    func again() throws {
        #expect(try findings(try record(), by: fixture.verifier) == [])
        var other = try #require(Timestamp("2026-11-23"))
        other = try #require(Timestamp(unixSeconds: other.unixSeconds + 400 * 86_400))
        var later = fixture.verifier
        later.time = other
        #expect(try findings(try record(), by: later).contains(.certificateValidity))
    }

    @Test("finds the newest list that was at hand in the record, and judges the same without one")
    func newest() throws {
        let newest = try list(from: "2026-11-01")
        let record = try record(with: [try list(from: "2026-10-01"), newest, try list(from: "2026-12-01")])
        #expect(record.bundle.endorsements.revocationList == newest)
        var demanding = fixture.verifier
        demanding.revocationNotBefore = newest.thisUpdate
        #expect(try findings(record, by: demanding) == [])
        #expect(try findings(try self.record(), by: demanding) == [.revocationNotBefore])
    }

    @Test("refuses it with a later list that revokes its chain")
    func revokedLater() throws {
        var auditor = fixture.verifier
        auditor.revocationLists = [try list(from: "2027-06-01", revoking: [intermediate.bytes])]
        #expect(try findings(try record(), by: auditor) == [.revoked])
    }

    @Test("judges the evidence beside the receipt by the same lists")
    func besideTheReceipt() throws {
        var auditor = fixture.verifier
        auditor.revocationLists = [try list(from: "2027-06-01", revoking: [intermediate.bytes])]
        let recipe = try StreamRecipe(fixture)
        #expect(throws: OutputsError.self) {
            try VerifiedReceipt(
                recipe.receipt.encoded, beside: fixture.lockEvidence, of: fixture.affirmed, under: fixture.manifest,
                by: auditor)
        }
        _ = try VerifiedReceipt(
            recipe.receipt.encoded, beside: fixture.lockEvidence, of: fixture.affirmed, under: fixture.manifest,
            by: fixture.verifier)
    }

    @Test("takes it in one spelling, of its times and of its bundle too")
    func spelling() throws {
        let payload = try record().signed(by: fixture.lab.signing).payload
        let value = try JSONValue(parsing: payload, maximumByteCount: payload.count)
        let time = fixture.verifier.time.description
        let bundle = try #require(value.at("bundle").flatMap(text)),
            content = try #require(Base64.standard.decode(bundle))
        for other in [
            value.setting("time", to: .string(time.replacing("T00:00:00Z", with: ""))),
            value.setting("bundle", to: .string(Base64.standard.encode(content + [UInt8(ascii: " ")]))),
            value.setting("bundle", to: .string(Base64.standard.encode([UInt8(ascii: " ")] + content))),
        ] {
            try #require(other != value)
            let envelope = Envelope(
                signing: other.canonicalBytes, as: AppraisalRecord.payloadType, by: fixture.lab.signing)
            #expect(throws: OutputsError.record("its content is not written in the one canonical form")) {
                try AppraisalRecord.verified(envelope.encoded, under: fixture.manifest)
            }
        }
    }

    private func text(_ value: JSONValue) -> String? {
        if case .string(let text) = value { text } else { nil }
    }

    @Test("refuses it for another manifest, and without a participant's signature")
    func otherManifest() throws {
        let record = try record()
        let text = String(decoding: fixture.manifest.canonicalBytes, as: UTF8.self)
        let other = try Manifest(decoding: Array(text.replacing("Tests.", with: "Others.").utf8))
        #expect(throws: OutputsError.record("another manifest")) {
            try record.appraised(under: other, by: fixture.verifier)
        }
        let envelope = record.signed(by: fixture.machine.signing)
        #expect(throws: OutputsError.self) {
            try AppraisalRecord.verified(envelope.encoded, under: fixture.manifest)
        }
    }
}
