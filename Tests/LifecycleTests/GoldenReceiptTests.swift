import Foundation
import Keys
import Lifecycle
import Primitives
import TestSupport
import Testing

/// A receipt that somebody keeps must be readable by every later release: this one was recorded once.
@Suite("A recorded receipt")
struct GoldenReceiptTests {
    private let fixture = SessionFixture()

    private func recorded() throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Repository.root.appending(path: "Tests/LifecycleTests/Golden/receipt.json")))
    }

    @Test("is read and verified, and written again byte for byte")
    func bytes() throws {
        let output = OutputCommitment(
            name: try fixture.name("result"), salt: FixedBytes(repeating: 1), digest: fixture.data)
        let conclusion = try fixture.conclusion(fixture.executing(), .completed([output]))
        let receipt = Receipt(conclusion, of: fixture.identity, engine: "wasmtime 50.0.1")
        let envelope = receipt.signed(by: fixture.machine.signing)
        let recorded = try recorded()
        #expect(envelope.encoded == recorded)
        let kept = try Envelope(decoding: recorded, as: Receipt.payloadType)
        #expect(try Receipt(verifying: kept, from: fixture.identity) == receipt)
    }
}
