import Evidence
import Primitives
import Testing

@Suite("A bundle's three parts")
struct BundleEncoderTests {
    @Test("are every bundle of a session, also with another's report and answer", arguments: [1, 2, 3, 8, 33, 300])
    func sameBytes(_ count: Int) throws {
        let nonces = (0..<count).map { SHA256Digest(sha256: Array("\($0)".utf8)) }
        let sample = try SessionScenario().bundle
        let other = try SessionScenario(nonces: nonces)
        let tree = try #require(NonceTree(nonces))
        let encoder = BundleEncoder(endorsements: sample.endorsements, session: sample.session)
        let head = encoder.head(for: other.bundle.report)
        for index in Set([0, 1, count / 2, count - 1]).intersection(0..<count) {
            var bundle = sample
            bundle.report = other.bundle.report
            bundle.answer = NonceAnswer(nonce: nonces[index], path: tree.path(at: index))
            let parts = head + BundleEncoder.answer(bundle.answer) + encoder.tail
            #expect(parts == bundle.encoded)
            #expect(try EvidenceBundle(decoding: parts) == bundle)
        }
    }

    @Test("are the whole without certificates, and with some of them")
    func fewerCertificates() throws {
        let whole = try SessionScenario().bundle
        let none = Endorsements(leaf: nil, intermediate: nil, root: nil, revocationList: nil)
        let some = Endorsements(
            leaf: nil, intermediate: whole.endorsements.intermediate, root: nil,
            revocationList: whole.endorsements.revocationList)
        for endorsements in [none, some] {
            var bundle = whole
            bundle.endorsements = endorsements
            let encoder = BundleEncoder(endorsements: endorsements, session: bundle.session)
            let head = encoder.head(for: bundle.report)
            let parts = head + BundleEncoder.answer(bundle.answer) + encoder.tail
            #expect(parts == bundle.encoded)
            #expect(try EvidenceBundle(decoding: parts) == bundle)
        }
    }
}

@Suite("A host's table as endorsements")
struct TableEndorsementTests {
    // GUIDs as they lie in memory: the first three parts little-endian.
    private static let vcek = Array<UInt8>(hex: "8d75da6364e66445adc5f4b93be8accd")
    private static let vlek = Array<UInt8>(hex: "c24b07a85aa23e48aae639c045a0b8a1")
    private static let ask = Array<UInt8>(hex: "79b3b74aacbbe44fa02f05aef327c782")
    private static let ark = Array<UInt8>(hex: "a406b4c003a8524997433fb6014cd0ae")

    private func table(_ entries: [([UInt8]?, [UInt8])]) throws -> CertificateTable {
        var head: [UInt8] = []
        var content: [UInt8] = []
        let start = (entries.count + 1) * 24
        for (guid, certificate) in entries {
            let offset = start + content.count
            head += try #require(guid)
            for value in [offset, certificate.count] {
                head += (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            }
            content += certificate
        }
        let bytes = head + [UInt8](repeating: 0, count: 24) + content
        return try CertificateTable(decoding: bytes.span)
    }

    @Test("has the certificates that belong to the report, and no list")
    func belongs() throws {
        let scenario = try Scenario()
        let all = try scenario.endorsements()
        let leaf = try #require(all.leaf).certificate.encoded
        let table = try table([
            (Self.ark, try #require(all.root).encoded), (Self.vcek, leaf),
            (Self.ask, try #require(all.intermediate).encoded), (Self.vlek, [1, 2, 3]),
        ])
        // The other kind of key is not looked at, so that it cannot spoil the one that signs.
        let found = try Endorsements(table, for: scenario.report.signed())
        #expect(found.leaf == all.leaf && found.intermediate == all.intermediate && found.root == all.root)
        #expect(found.revocationList == nil)
        #expect(try #require(found.leaf).isForTCB(of: scenario.report.signed()))
    }

    @Test("is empty where the host gives none")
    func empty() throws {
        let found = try Endorsements(table([]), for: Scenario().report.signed())
        #expect(found == Endorsements(leaf: nil, intermediate: nil, root: nil, revocationList: nil))
    }

    @Test("is refused where an entry is not what its GUID says")
    func otherContent() throws {
        let scenario = try Scenario()
        let all = try scenario.endorsements()
        let report = try scenario.report.signed()
        let root = try #require(all.root).encoded
        for entries in [[(Self.vcek, [UInt8]([1, 2, 3]))], [(Self.vcek, root)], [(Self.ask, [0x30, 0x00])]] {
            #expect(throws: CertificateError.self) { try Endorsements(table(entries), for: report) }
        }
        var provider = try Scenario()
        provider.moveToVLEK()
        let vlek = try #require(try provider.endorsements().leaf).certificate.encoded
        #expect(throws: CertificateError.strayExtension(.provider)) {
            try Endorsements(table([(Self.vcek, vlek)]), for: report)
        }
    }
}
