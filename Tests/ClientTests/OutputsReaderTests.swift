import Client
import Commitments
import Evidence
import Keys
import Lifecycle
import Primitives
import Sealing
import TestSupport
import Testing
import Verification

@Suite("A recipient's outputs")
struct OutputsReaderTests {
    private func read(
        _ stream: [UInt8], _ fixture: OutputsFixture, as name: String = "lab", pieces: Int = 10_000
    ) throws -> (verified: VerifiedOutputs, kept: Kept) {
        let recipient = try #require(fixture.manifest.participants.first { $0.name.description == name })
        let key = (name == "lab" ? fixture.lab : fixture.clinic).sealing
        var reader = try OutputsReader(
            ofRun: 1, of: fixture.affirmed, under: fixture.manifest, to: recipient, openedWith: key,
            by: fixture.verifier,
            knowing: fixture.attestation.endorsements)
        let kept = Kept()
        var offset = 0
        while offset < stream.count {
            let end = min(stream.count, offset + pieces)
            try reader.append(Array(stream[offset..<end]), to: kept)
            offset = end
        }
        return (try reader.finish(), kept)
    }

    @Test("come whole, in pieces of any size", arguments: [1000, 131_088, 1 << 20])
    func honest(pieces: Int) throws {
        let fixture = try OutputsFixture()
        let (verified, kept) = try read(try StreamRecipe(fixture).sealed(fixture), fixture, pieces: pieces)
        #expect(verified.receipt.receipt.ending == .completed)
        #expect(verified.notice == nil)
        #expect(kept.outputs.map(\.name.description) == ["result", "log"])
        #expect(kept.outputs.map(\.content) == [OutputsFixture.outputs["result"], OutputsFixture.outputs["log"]])
    }

    @Test("are those that the manifest gives this recipient")
    func perRecipient() throws {
        let fixture = try OutputsFixture()
        let stream = try StreamRecipe(fixture, to: "clinic").sealed(fixture)
        #expect(try read(stream, fixture, as: "clinic").kept.outputs.map(\.name.description) == ["result"])
        #expect(throws: OutputsError.self) { try read(stream, fixture, as: "lab") }
    }

    @Test("of a failed run are none, with a receipt and a notice")
    func failed() throws {
        let fixture = try OutputsFixture(failed: true)
        var recipe = try StreamRecipe(fixture)
        recipe.notice = Array("model imports wasi:http".utf8)
        let (verified, kept) = try read(try recipe.sealed(fixture), fixture)
        #expect(verified.receipt.receipt.ending == .failed)
        #expect(verified.notice == "model imports wasi:http")
        #expect(kept.outputs.isEmpty)
    }

    @Test("have one size, however the run ended")
    func oneSize() throws {
        let good = try OutputsFixture(), bad = try OutputsFixture(failed: true)
        let count = OutputsReader.streamByteCount(for: try #require(Name("lab")), under: good.manifest, run: 1)
        #expect(try StreamRecipe(good).sealed(good).count == count)
        #expect(try StreamRecipe(bad).sealed(bad).count == count)
    }

    @Test("are refused when any part of their stream was changed", arguments: 0..<24)
    func tampered(part: Int) throws {
        let fixture = try OutputsFixture()
        var stream = try StreamRecipe(fixture).sealed(fixture)
        stream[(stream.count - 1) * part / 23] ^= 0x10
        #expect(throws: OutputsError.self) { try read(stream, fixture) }
    }

    @Test("are refused when their stream is cut, or longer", arguments: [-1, -100_000, 1, 200_000])
    func cutOrLonger(change: Int) throws {
        let fixture = try OutputsFixture()
        let stream = try StreamRecipe(fixture).sealed(fixture)
        let changed = change < 0 ? Array(stream.dropLast(-change)) : stream + [UInt8](repeating: 0, count: change)
        #expect(throws: OutputsError.self) { try read(changed, fixture) }
    }

    @Test("are refused when another key than the session's signed their stream")
    func otherSigner() throws {
        let fixture = try OutputsFixture()
        var recipe = try StreamRecipe(fixture)
        recipe.signer = fixture.clinic.signing
        let stream = try recipe.sealed(fixture)
        #expect(throws: OutputsError.sealing(.signatureRefused)) { try read(stream, fixture) }
    }

    @Test("are refused when an output is not what the receipt commits to")
    func otherOutput() throws {
        let fixture = try OutputsFixture()
        var recipe = try StreamRecipe(fixture)
        recipe.outputs[0].content = Array("43\n".utf8)
        let stream = try recipe.sealed(fixture)
        #expect(throws: OutputsError.outputDiffers(try #require(Name("result")))) { try read(stream, fixture) }
    }

    @Test("are refused when an output has another size than the commitment covers", arguments: [1, 1000])
    func otherSize(_ more: Int) throws {
        let fixture = try OutputsFixture()
        var recipe = try StreamRecipe(fixture)
        recipe.outputs[0].content += [UInt8](repeating: 0, count: more)
        let stream = try recipe.sealed(fixture)
        #expect(throws: OutputsError.outputDiffers(try #require(Name("result")))) { try read(stream, fixture) }
    }

    @Test("are refused when they are left out of a completed run")
    func leftOut() throws {
        let fixture = try OutputsFixture()
        var recipe = try StreamRecipe(fixture)
        recipe.outputs = []
        let stream = try recipe.sealed(fixture)
        #expect(throws: OutputsError.outputsDiffer) { try read(stream, fixture) }
    }

    @Test("are refused when something stands behind them")
    func padding() throws {
        let fixture = try OutputsFixture()
        var recipe = try StreamRecipe(fixture)
        recipe.lastPadding = 1
        let stream = try recipe.sealed(fixture)
        #expect(throws: OutputsError.padding) { try read(stream, fixture) }
    }

    @Test("are refused with a notice in a run that completed, or one that is not text")
    func notices() throws {
        let fixture = try OutputsFixture()
        var recipe = try StreamRecipe(fixture)
        recipe.notice = Array("psst".utf8)
        let stream = try recipe.sealed(fixture)
        #expect(throws: OutputsError.notice) { try read(stream, fixture) }

        let failed = try OutputsFixture(failed: true)
        var other = try StreamRecipe(failed)
        other.notice = [0xFF, 0xFE]
        let second = try other.sealed(failed)
        #expect(throws: OutputsError.notice) { try read(second, failed) }
    }

    @Test("are refused with a receipt that another key signed")
    func foreignReceipt() throws {
        let fixture = try OutputsFixture()
        var recipe = try StreamRecipe(fixture)
        recipe.receipt = Envelope(
            signing: recipe.receipt.payload, as: Receipt.payloadType, by: fixture.clinic.signing)
        let stream = try recipe.sealed(fixture)
        #expect(throws: OutputsError.self) { try read(stream, fixture) }
    }

    @Test("are refused with evidence that answers a nonce: it is not the session's own of its lock")
    func otherEvidence() throws {
        let fixture = try OutputsFixture()
        var recipe = try StreamRecipe(fixture)
        recipe.evidence = fixture.attestation.encoded
        let stream = try recipe.sealed(fixture)
        #expect(throws: OutputsError.otherEvidence) { try read(stream, fixture) }
    }

    @Test("are refused where the receipt's evidence is contraindicated by the verifier's own policy")
    func policy() throws {
        let fixture = try OutputsFixture()
        let stream = try StreamRecipe(fixture).sealed(fixture)
        let recipient = fixture.manifest.participants[0]
        var verifier = fixture.verifier
        verifier.simulatedRoot = nil
        var reader = try OutputsReader(
            ofRun: 1, of: fixture.affirmed, under: fixture.manifest, to: recipient, openedWith: fixture.lab.sealing,
            by: verifier, knowing: fixture.attestation.endorsements)
        #expect(throws: OutputsError.self) { try reader.append(stream, to: Kept()) }
    }

    @Test("stay refused once something of them was refused")
    func latch() throws {
        let fixture = try OutputsFixture()
        var stream = try StreamRecipe(fixture).sealed(fixture)
        var reader = try OutputsReader(
            ofRun: 1, of: fixture.affirmed, under: fixture.manifest, to: fixture.manifest.participants[0],
            openedWith: fixture.lab.sealing, by: fixture.verifier, knowing: fixture.attestation.endorsements)
        stream[stream.count - 1] ^= 1
        #expect(throws: OutputsError.self) { try reader.append(stream, to: Kept()) }
        stream[stream.count - 1] ^= 1
        #expect(throws: OutputsError.incomplete) { try reader.append(stream, to: Kept()) }
        #expect(throws: OutputsError.incomplete) { try reader.finish() }
    }

    @Test("are not whole before their last byte")
    func unfinished() throws {
        let fixture = try OutputsFixture()
        let stream = try StreamRecipe(fixture).sealed(fixture)
        for count in [0, 100, 6000, stream.count - 1] {
            #expect(throws: OutputsError.incomplete) { try read(Array(stream.prefix(count)), fixture) }
        }
    }
}

@Suite("An appraisal record")
struct AppraisalRecordTests {
    private func record(_ fixture: OutputsFixture) -> AppraisalRecord {
        let terms = SessionTerms(nonce: FixedBytes(repeating: 7), manifest: fixture.manifest)
        let attestation = Attestation(
            bundle: fixture.attestation, nonce: FixedBytes(repeating: 7),
            appraisal: fixture.verifier.appraise(fixture.attestation, under: terms))
        return AppraisalRecord(attestation, of: fixture.affirmed, by: fixture.verifier)
    }

    @Test("is a participant's word, and appraised again gives the same session")
    func roundTrip() throws {
        let fixture = try OutputsFixture()
        let bytes = record(fixture).signed(by: fixture.clinic.signing).encoded
        let (record, signer) = try AppraisalRecord.verified(bytes, under: fixture.manifest)
        #expect(signer.name.description == "clinic")
        #expect(record.time == fixture.verifier.time)
        #expect(try record.appraised(under: fixture.manifest, by: fixture.verifier).id == fixture.affirmed.id)
    }

    @Test("is refused from anyone else")
    func stranger() throws {
        let fixture = try OutputsFixture()
        let bytes = record(fixture).signed(by: fixture.machine.signing).encoded
        #expect(throws: OutputsError.self) { try AppraisalRecord.verified(bytes, under: fixture.manifest) }
    }

    @Test("is refused when a byte of it changed", arguments: 1..<20)
    func changed(part: Int) throws {
        let fixture = try OutputsFixture()
        var bytes = record(fixture).signed(by: fixture.clinic.signing).encoded
        bytes[bytes.count * part / 20] ^= 0x02
        #expect(throws: OutputsError.self) {
            try AppraisalRecord.verified(bytes, under: fixture.manifest)
                .record.appraised(under: fixture.manifest, by: fixture.verifier)
        }
    }

    @Test("affirms nothing for a verifier that does not take its root, or judges it after its certificates")
    func strictVerifier() throws {
        let fixture = try OutputsFixture()
        let bytes = record(fixture).signed(by: fixture.clinic.signing).encoded
        let record = try AppraisalRecord.verified(bytes, under: fixture.manifest).record
        var verifier = fixture.verifier
        verifier.simulatedRoot = nil
        #expect(throws: OutputsError.self) { try record.appraised(under: fixture.manifest, by: verifier) }
        verifier = fixture.verifier
        verifier.time = try #require(Timestamp("2031-01-01"))
        #expect(throws: OutputsError.self) { try record.appraised(under: fixture.manifest, by: verifier) }
    }
}
