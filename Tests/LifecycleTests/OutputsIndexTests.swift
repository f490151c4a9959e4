import Commitments
import Lifecycle
import Primitives
import Testing

@Suite("The index of an outputs stream")
struct OutputsIndexTests {
    private let manifest: Manifest
    private let name: Name
    private let output: Name

    init() throws {
        manifest = try SessionFixture().manifest().manifest
        name = try #require(Name("lab"))
        output = try #require(Name("result"))
    }

    private var index: OutputsIndex {
        OutputsIndex(
            receiptByteCount: 2000, evidenceByteCount: 9000, noticeByteCount: 0,
            outputs: [.init(name: output, byteCount: 77, salt: FixedBytes(repeating: 3))])
    }

    private func decode(_ bytes: [UInt8]) throws -> OutputsIndex {
        try OutputsIndex(decoding: bytes[...], for: name, under: manifest, run: 1)
    }

    /// A content that begins with `json` as it stands.
    private func content(_ json: String) -> [UInt8] {
        let bytes = Array(json.utf8)
        return [0, 0, UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes
    }

    private var json: String { String(decoding: index.encoded.dropFirst(4), as: UTF8.self) }

    @Test("comes back as it was, whatever follows it", arguments: [0, 1, 1000])
    func roundTrip(_ more: Int) throws {
        let decoded = try decode(index.encoded + [UInt8](repeating: 0xFF, count: more))
        #expect(decoded == index)
        let none = OutputsIndex(receiptByteCount: 1, evidenceByteCount: 1, noticeByteCount: 5, outputs: [])
        #expect(try decode(none.encoded) == none)
    }

    @Test("says where everything lies, without gaps")
    func ranges() {
        #expect(index.receipt.lowerBound == index.encoded.count)
        #expect(index.receipt.count == 2000 && index.evidence.count == 9000 && index.notice.isEmpty)
        #expect(index.evidence.lowerBound == index.receipt.upperBound)
        #expect(index.outputRanges == [index.notice.upperBound..<index.notice.upperBound + 77])
    }

    @Test("never points beyond the content that its manifest fixes")
    func largest() throws {
        let entries = manifest.components.count + manifest.data.count + manifest.outputs.count
        let largest = OutputsIndex(
            receiptByteCount: 8192 + 256 * entries, evidenceByteCount: OutputsIndex.maximumEvidenceByteCount,
            noticeByteCount: OutputsIndex.maximumNoticeByteCount,
            outputs: [.init(name: output, byteCount: 1000, salt: FixedBytes(repeating: 3))])
        let decoded = try decode(largest.encoded)
        let end = try #require(decoded.outputRanges.last).upperBound
        #expect(end <= OutputsIndex.contentByteCount(for: name, under: manifest, run: 1))
    }

    @Test(
        "is refused with anything changed",
        arguments: [
            ("\"version\":1", "\"version\":2"), ("\"receiptBytes\":2000", "\"receiptBytes\":0"),
            ("\"receiptBytes\":2000", "\"receiptBytes\":9300"), ("\"receiptBytes\":2000", "\"receiptBytes\":-1"),
            ("\"receiptBytes\":2000", "\"receiptBytes\":2e3"), ("\"receiptBytes\":2000,", ""),
            ("\"evidenceBytes\":9000", "\"evidenceBytes\":131073"),
            ("\"evidenceBytes\":9000", "\"evidenceBytes\":0"),
            ("\"noticeBytes\":0", "\"noticeBytes\":16385"), ("\"noticeBytes\":0", "\"noticeBytes\":null"),
            ("\"bytes\":77", "\"bytes\":1001"), ("\"bytes\":77", "\"bytes\":\"77\""),
            ("\"name\":\"result\"", "\"name\":\"other\""), ("\"name\":\"result\"", "\"name\":\"../x\""),
            ("\"salt\":\"03", "\"salt\":\"3"), ("{\"evidence", "{\"a\":1,\"evidence"),
            ("\"version\":1}", "\"version\":1} "),
            ("{\"evidence", "{ \"evidence"),
        ])
    func changed(_ found: String, _ replacement: String) throws {
        let changed = json.replacing(found, with: replacement)
        #expect(changed != json)
        #expect(throws: OutputsIndexError.self) { try decode(content(changed)) }
    }

    @Test("is refused with an output twice, and with one of another recipient")
    func otherOutputs() throws {
        let entry = index.outputs[0]
        let twice = OutputsIndex(
            receiptByteCount: 1, evidenceByteCount: 1, noticeByteCount: 0, outputs: [entry, entry])
        #expect(throws: OutputsIndexError.self) { try decode(twice.encoded) }
        let foreign = OutputsIndex(
            receiptByteCount: 1, evidenceByteCount: 1, noticeByteCount: 0,
            outputs: [.init(name: try #require(Name("other")), byteCount: 1, salt: entry.salt)])
        #expect(throws: OutputsIndexError.outputsDiffer(expected: [output])) { try decode(foreign.encoded) }
    }

    @Test("is refused when cut anywhere, and when it says that it is larger than it can be")
    func cut() {
        for count in 0..<index.encoded.count {
            let expected = count < OutputsIndex.headByteCount ? OutputsIndex.headByteCount : index.encoded.count
            #expect(throws: OutputsIndexError.tooShort(expected: expected, found: count)) {
                try decode(Array(index.encoded.prefix(count)))
            }
        }
        #expect(throws: OutputsIndexError.tooLarge(maximum: 704, found: 0xFFFF_FFFF)) {
            try decode([0xFF, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0x20, count: 5000))
        }
        #expect(throws: OutputsIndexError.self) { try decode([0, 0, 0, 0]) }
    }

    @Test("is found under a token that differs by recipient, run and manifest")
    func tokens() throws {
        let other = try #require(Name("clinic"))
        let token = OutputsIndex.token(of: name, under: manifest, run: 1)
        #expect(token != OutputsIndex.token(of: other, under: manifest, run: 1))
        #expect(token != OutputsIndex.token(of: name, under: manifest, run: 2))
        let content = Array("2cvm outputs v1".utf8) + [0] + manifest.salt.bytes + [0, 0, 0, 1] + Array("lab".utf8)
        #expect(token == SHA256Digest(sha256: content))
    }
}
