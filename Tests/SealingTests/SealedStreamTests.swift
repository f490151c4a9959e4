import Keys
import Primitives
import Sealing
import Testing

@Suite("Sealed streams")
struct SealedStreamTests {
    private let fixture = StreamFixture()

    @Test("open to what was sealed, whatever the size", arguments: [0, 1, 131_071, 131_072, 131_073, 400_000])
    func roundTrip(_ byteCount: Int) throws {
        let content = StreamFixture.content(byteCount)
        let stream = try fixture.seal(content)
        #expect(stream.count == StreamFormat.streamByteCount(ofContent: byteCount))
        #expect(try fixture.open(stream) == content)
    }

    @Test("do not open after any one bit of the prologue was changed, sampled")
    func changedPrologue() throws {
        let stream = try fixture.seal(StreamFixture.content(10))
        for position in stride(from: 0, to: StreamFormat.prologueByteCount, by: 37) {
            var changed = stream
            changed[position] ^= 1 << UInt8(position % 8)
            #expect(throws: SealingError.self) { try fixture.open(changed) }
        }
    }

    @Test("do not open when truncated at a chunk's end")
    func truncated() throws {
        let stream = try fixture.seal(StreamFixture.content(3 * StreamFormat.chunkByteCount))
        let chunk = StreamFormat.chunkByteCount + StreamFormat.tagByteCount
        for chunks in 0..<3 {
            let cut = Array(stream[..<(StreamFormat.prologueByteCount + chunks * chunk)])
            #expect(throws: (any Error).self) { try fixture.open(cut) }
        }
    }

    @Test("do not open when two chunks changed places")
    func reordered() throws {
        var stream = try fixture.seal(StreamFixture.content(3 * StreamFormat.chunkByteCount))
        let chunk = StreamFormat.chunkByteCount + StreamFormat.tagByteCount
        let start = StreamFormat.prologueByteCount
        for offset in 0..<chunk { stream.swapAt(start + offset, start + chunk + offset) }
        #expect(throws: SealingError.cannotOpen(chunk: 1)) { try fixture.open(stream) }
    }

    @Test("do not open with another stream's chunks behind their header")
    func spliced() throws {
        let first = try fixture.seal(StreamFixture.content(100))
        let second = try fixture.seal(StreamFixture.content(100))
        let start = StreamFormat.prologueByteCount
        #expect(throws: SealingError.cannotOpen(chunk: 1)) {
            try fixture.open(Array(first[..<start] + second[start...]))
        }
    }

    @Test("open in their own session and for their own purpose only")
    func retargeted() throws {
        let stream = try fixture.seal(StreamFixture.content(1))
        #expect(throws: SealingError.cannotOpen(chunk: 0)) {
            try fixture.open(stream, session: FixedBytes(repeating: 8))
        }
        for purpose in Purpose.allCases where purpose != .submission {
            #expect(throws: SealingError.cannotOpen(chunk: 0)) { try fixture.open(stream, purpose: purpose) }
        }
        #expect(throws: SealingError.cannotOpen(chunk: 0)) {
            try fixture.open(stream, key: SealingKey(seed: SecretSeed(FixedBytes(repeating: 9))))
        }
    }

    @Test("are refused under another sender's name")
    func otherSender() throws {
        let stream = try fixture.seal(StreamFixture.content(1))
        let stranger = SigningKey(seed: SecretSeed(FixedBytes(repeating: 10))).publicKey
        #expect(throws: SealingError.signatureRefused) { try fixture.open(stream, sender: stranger) }
    }

    @Test("take exactly the content that the header announced")
    func wrongContent() throws {
        var sealer = try fixture.sealer(length: 10)
        #expect(throws: SealingError.wrongChunkSize(chunk: 1, expected: 10, found: 9)) {
            try sealer.seal([UInt8](repeating: 0, count: 9))
        }
        _ = try sealer.seal([UInt8](repeating: 0, count: 10))
        #expect(throws: SealingError.tooManyChunks(expected: 1)) { try sealer.seal([]) }
    }

    @Test("announce no more than the format allows")
    func tooLarge() {
        let length = StreamFormat.maximumContentByteCount + 1
        #expect(throws: SealingError.contentTooLarge(found: length)) { try fixture.sealer(length: length) }
    }

    @Test("show neither name nor length in the size of their header")
    func paddedHeader() throws {
        let small = try fixture.sealer(length: 1)
        let large = try fixture.sealer(length: 1 << 39, slot: "a")
        #expect(small.prologue.count == large.prologue.count)
    }

    @Test("are refused when cut anywhere in the prologue")
    func cutPrologue() throws {
        let stream = try fixture.seal([])
        for count in stride(from: 0, to: StreamFormat.prologueByteCount, by: 501) {
            #expect(throws: SealingError.notASealedStream) { try fixture.claim(Array(stream[..<count])) }
        }
    }
}

/// One session, one sender, and both ends of a stream.
struct StreamFixture {
    let session = FixedBytes<32>(repeating: 7)
    let recipient = SealingKey(seed: SecretSeed(FixedBytes(repeating: 1)))
    let sender = SigningKey(seed: SecretSeed(FixedBytes(repeating: 2)))

    static func content(_ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    func sealer(length: Int, slot: String = "patients-a") throws -> StreamSealer {
        let header = StreamHeader(
            session: session, purpose: .submission, slot: slot, length: length, salt: FixedBytes(repeating: 3))
        return try StreamSealer(to: recipient.publicKey, header: header, signedBy: sender)
    }

    func seal(_ content: [UInt8]) throws -> [UInt8] {
        var sealer = try sealer(length: content.count)
        var stream = sealer.prologue
        var rest = content[...]
        while let count = sealer.nextContentByteCount {
            stream += try sealer.seal(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return stream
    }

    func claim(
        _ prologue: [UInt8], key: SealingKey? = nil, purpose: Purpose = .submission, session: FixedBytes<32>? = nil
    ) throws -> ClaimedStream {
        try ClaimedStream(prologue, for: purpose, in: session ?? self.session, openedWith: key ?? recipient)
    }

    func open(
        _ stream: [UInt8], key: SealingKey? = nil, purpose: Purpose = .submission, session: FixedBytes<32>? = nil,
        sender: SigningPublicKey? = nil
    ) throws -> [UInt8] {
        let prologue = Array(stream.prefix(StreamFormat.prologueByteCount))
        let claimed = try claim(prologue, key: key, purpose: purpose, session: session)
        var opened = try claimed.verified(by: sender ?? self.sender.publicKey)
        var content: [UInt8] = []
        var rest = stream.dropFirst(prologue.count)
        while let count = opened.nextChunkByteCount {
            content += try opened.open(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        try #require(rest.isEmpty, "bytes after the last chunk")
        return content
    }
}
