import Keys
import Primitives
import Sealing
import Testing

/// What is opened before its sender is known, as a signed manifest is that names who may have sent it.
@Suite("Content of an unknown sender")
struct UnverifiedContentTests {
    private let fixture = StreamFixture()
    private let bound = 300_000

    private func open(_ stream: [UInt8]) throws -> UnverifiedContent {
        try fixture.claim(Array(stream.prefix(StreamFormat.prologueByteCount)))
            .opened(stream.dropFirst(StreamFormat.prologueByteCount), unverifiedUpTo: bound)
    }

    @Test("opens whole, and is the sender's word once the sender is found", arguments: [0, 1, 131_072, 300_000])
    func roundTrip(_ byteCount: Int) throws {
        let content = StreamFixture.content(byteCount)
        let opened = try open(try fixture.seal(content))
        #expect(opened.untrustedBytes == content)
        #expect(opened.claimedSender == fixture.sender.publicKey)
        #expect(try opened.verified(by: fixture.sender.publicKey) == content)
    }

    @Test("is nobody else's word")
    func otherSender() throws {
        let opened = try open(try fixture.seal([1]))
        let stranger = SigningKey(seed: SecretSeed(FixedBytes(repeating: 10))).publicKey
        #expect(throws: SealingError.signatureRefused) { try opened.verified(by: stranger) }
    }

    @Test("is refused by its length before any of it is opened")
    func tooLarge() throws {
        let stream = try fixture.seal(StreamFixture.content(bound + 1))
        let prologue = Array(stream.prefix(StreamFormat.prologueByteCount))
        #expect(throws: SealingError.contentOverBound(maximum: bound, found: bound + 1)) { try open(prologue) }
    }

    @Test("is refused when cut, changed, or longer than announced")
    func damaged() throws {
        let stream = try fixture.seal(StreamFixture.content(200_000))
        for count in [0, 1, 15, 16, 17, 131_088, 131_089] {
            let cut = Array(stream.prefix(StreamFormat.prologueByteCount + count))
            #expect(throws: SealingError.self) { try open(cut) }
        }
        #expect(throws: SealingError.tooManyChunks(expected: 2)) { try open(stream + [0]) }
        var changed = stream
        changed[stream.count - 1] ^= 1
        #expect(throws: SealingError.cannotOpen(chunk: 2)) { try open(changed) }
    }
}
