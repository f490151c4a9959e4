import Foundation
import Keys
import Primitives
import Sealing
import TestSupport
import Testing

/// Streams that were sealed once and must open for ever. `open_stream.py` beside opens them without this project.
@Suite("Sealed stream vectors")
struct VectorTests {
    private static let folder = Repository.root.appending(path: "Tests/SealingTests/Vectors")

    static var files: [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).filter { $0.hasSuffix(".json") }.sorted()
    }

    @Test("there are vectors")
    func present() {
        #expect(!Self.files.isEmpty)
    }

    @Test("open to the content that they say", arguments: files)
    func opens(_ file: String) throws {
        let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: file)))
        var vector = try JSONReader(JSONValue(parsing: bytes, maximumByteCount: 1 << 20)).object()
        _ = try vector.string("reason", maximumByteCount: 200)
        let fixture = StreamFixture()
        let seed: FixedBytes<32> = try vector.hex("recipientSeed")
        let sender: FixedBytes<32> = try vector.hex("senderKey")
        let session: SHA256Digest = try vector.hex("session")
        let purpose = try vector.choice("purpose", of: Purpose.self)
        let slot = try vector.string("slot", maximumByteCount: 64)
        let digest: SHA256Digest = try vector.hex("contentDigest")
        let stream = try vector.required("stream").base64(maximumByteCount: 1 << 19)
        try vector.finish()

        let content = try fixture.open(
            stream, key: SealingKey(seed: SecretSeed(seed)), purpose: purpose, session: session,
            sender: SigningPublicKey(rawRepresentation: sender))
        #expect(SHA256Digest(sha256: content) == digest)
        let prologue = Array(stream.prefix(StreamFormat.prologueByteCount))
        let claimed = try fixture.claim(
            prologue, key: SealingKey(seed: SecretSeed(seed)), purpose: purpose, session: session)
        #expect(claimed.claim.slot == slot)
    }

    /// Makes a vector anew: only for a new version of the format. Run it with `RECORD_SEALED_VECTORS=1`.
    @Test(
        "are recorded when asked for",
        .enabled(if: ProcessInfo.processInfo.environment["RECORD_SEALED_VECTORS"] == "1"))
    func record() throws {
        let fixture = StreamFixture()
        for (name, count, reason) in [
            ("empty", 0, "No content: one last chunk of a tag alone."),
            ("two-chunks", StreamFormat.chunkByteCount + 1, "A full chunk, and a last one of one byte."),
        ] {
            let content = StreamFixture.content(count)
            let value: JSONValue = [
                "reason": .string(reason),
                "recipientSeed": .string(fixture.recipient.seed.bytes.description),
                "senderKey": .string(fixture.sender.publicKey.rawRepresentation.description),
                "session": .string(fixture.session.description), "purpose": "submission", "slot": "patients-a",
                "contentDigest": .string(SHA256Digest(sha256: content).description),
                "stream": .string(Base64.standard.encode(try fixture.seal(content))),
            ]
            try Data(value.indentedBytes).write(to: Self.folder.appending(path: "\(name).json"))
        }
    }
}
