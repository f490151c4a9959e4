import Keys
import Lifecycle
import Primitives
import TestSupport
import Testing

@Suite("A receipt")
struct ReceiptTests {
    private let fixture = SessionFixture()

    private func receipt(failed: Bool = false) throws -> Receipt {
        let output = OutputCommitment(
            name: try fixture.name("result"), salt: FixedBytes(repeating: 1), digest: fixture.data)
        let conclusion = try fixture.conclusion(fixture.executing(), failed ? .failed(.code) : .completed([output]))
        return Receipt(conclusion, of: fixture.identity, engine: "wasmtime 50.0.1")
    }

    @Test("says what was stated, for a completed and a failed run", arguments: [true, false])
    func roundTrip(_ failed: Bool) throws {
        let receipt = try receipt(failed: failed)
        let envelope = receipt.signed(by: fixture.machine.signing)
        #expect(try Receipt(verifying: envelope, from: fixture.identity) == receipt)
        #expect(receipt.outputs.isEmpty == failed)
    }

    @Test("is refused when another key signed it")
    func otherSigner() throws {
        let envelope = try receipt().signed(by: fixture.lab.signing)
        #expect(throws: ReceiptError.self) { try Receipt(verifying: envelope, from: fixture.identity) }
    }

    @Test("is refused from a session with another sealing key")
    func otherSession() throws {
        let envelope = try receipt().signed(by: fixture.machine.signing)
        let other = SessionPublicKeys(
            sealing: fixture.lab.sealing.publicKey, signing: fixture.machine.signing.publicKey)
        #expect(throws: ReceiptError.otherSession) { try Receipt(verifying: envelope, from: other) }
    }

    @Test("never holds a salt, which only recipients may know")
    func noSalts() throws {
        let text = String(decoding: try receipt().payload, as: UTF8.self)
        #expect(!text.contains(FixedBytes<32>(repeating: 1).description))
    }

    /// A session that took and made content of these sizes, and the receipt of it.
    private func receipt(ofSize size: Int) throws -> Receipt {
        let session = try fixture.executing(sizeOfAnyData: size)
        let output = OutputCommitment(
            name: try fixture.name("result"), salt: FixedBytes(repeating: 1),
            digest: try fixture.commitment(toZeros: 100 * size + 1))
        let conclusion = try fixture.conclusion(session, .completed([output]))
        return Receipt(conclusion, of: fixture.identity, engine: "wasmtime 50.0.1")
    }

    @Test("says nothing of how large data and outputs are but what their salted commitments cover", arguments: 1...10)
    func sizes(_ size: Int) throws {
        func masked(_ size: Int) throws -> String {
            let receipt = try receipt(ofSize: size)
            var text = String(decoding: receipt.payload, as: UTF8.self)
            for digest in [receipt.slots[2].digest, receipt.outputs[0].digest] {
                #expect(text.contains(digest.prefixed))
                text = text.replacing(digest.prefixed, with: "a commitment")
            }
            return text
        }
        #expect(try masked(size) == masked(0))
    }

    @Test("is refused when it names outputs of a run that failed")
    func outputsOfAFailedRun() throws {
        let text = String(decoding: try receipt().payload, as: UTF8.self)
        let changed = text.replacing(#""outcome":"completed""#, with: #""outcome":"failed""#)
        #expect(changed != text)
        let envelope = Envelope(signing: Array(changed.utf8), as: Receipt.payloadType, by: fixture.machine.signing)
        #expect(throws: ReceiptError.outputsOfAFailedRun) {
            try Receipt(verifying: envelope, from: fixture.identity)
        }
    }

    @Test("is refused when it gives a size all the same")
    func foreignSize() throws {
        let text = String(decoding: try receipt().payload, as: UTF8.self)
        let changed = text.replacing(#"[{"digest""#, with: #"[{"bytes":3,"digest""#)
        #expect(changed != text)
        let envelope = Envelope(signing: Array(changed.utf8), as: Receipt.payloadType, by: fixture.machine.signing)
        #expect(throws: ReceiptError.self) { try Receipt(verifying: envelope, from: fixture.identity) }
    }
}
