import Evidence
import Primitives
import TestSupport
import Testing

/// Nothing here may crash, and nothing but the original may be taken for it.
@Suite("Malformed input")
struct HostileInputTests {
    /// What is decoded, and whether a decoded value is more than the bytes that went in.
    enum Form: String, CaseIterable, Sendable {
        case report, certificate, endorsement, list, bundle, policy

        func sample() throws -> [UInt8] {
            let bundle = try SessionScenario().bundle
            switch self {
            case .report: return bundle.report.encoded
            case .certificate: return try #require(bundle.endorsements.root).encoded
            case .endorsement: return try #require(bundle.endorsements.leaf).certificate.encoded
            case .list: return try #require(bundle.endorsements.revocationList).encoded
            case .bundle: return bundle.encoded
            case .policy:
                return PolicyText.file(["products": "[\(PolicyText.product(PolicyText.rule([:])))]"])
            }
        }

        /// Whether the bytes decode.
        func takes(_ bytes: [UInt8]) -> Bool {
            switch self {
            case .report: decodedReport(bytes) != nil
            case .certificate: (try? Certificate(decoding: bytes)) != nil
            case .endorsement: (try? EndorsementCertificate(decoding: bytes)) != nil
            case .list: (try? RevocationList(decoding: bytes)) != nil
            case .bundle: (try? EvidenceBundle(decoding: bytes)) != nil
            case .policy: (try? PolicyFile(decoding: bytes)) != nil
            }
        }
    }

    @Test("is refused when it is cut short anywhere", arguments: Form.allCases)
    func truncations(_ form: Form) throws {
        let sample = try form.sample()
        #expect(form.takes(sample))
        // A text's last byte may be its final newline.
        let end = form == .bundle ? sample.count - 1 : sample.count
        let taken = (0..<end).filter { form.takes(Array(sample[..<$0])) }
        #expect(taken == [])
    }

    @Test("is refused when bytes follow it", arguments: Form.allCases)
    func trailingBytes(_ form: Form) throws {
        #expect(!form.takes(try form.sample() + [0x00]))
    }

    @Test("never crashes when it is random", arguments: Form.allCases)
    func randomBytes(_ form: Form) {
        var generator = SeededNumbers(seed: 1)
        for _ in 0..<2000 {
            let count = Int.random(in: 0...1400, using: &generator)
            var bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            if count > 4 { bytes.replaceSubrange(0..<4, with: [0x30, 0x82, UInt8(count >> 8), UInt8(count & 0xFF)]) }
            #expect(!form.takes(bytes))
        }
    }

    @Test("never crashes when bits, bytes or pieces of it are changed", arguments: Form.allCases)
    func mutations(_ form: Form) throws {
        let sample = try form.sample()
        var generator = SeededNumbers(seed: 2)
        let rounds = form == .bundle ? 300 : 4000
        for _ in 0..<rounds {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let offset = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[offset] ^= 1 << Int.random(in: 0..<8, using: &generator)
                case 1: bytes[offset] = UInt8.random(in: .min ... .max, using: &generator)
                case 2: bytes.remove(at: offset)
                default:
                    let end = min(bytes.count, offset + Int.random(in: 1...32, using: &generator))
                    let target = Int.random(in: 0..<bytes.count, using: &generator)
                    bytes.insert(contentsOf: bytes[offset..<end], at: target)
                }
            }
            _ = form.takes(bytes)
        }
    }

    @Test("is refused when it nests deeper than any certificate")
    func nesting() {
        var bytes: [UInt8] = TestDER.null
        for _ in 0..<900 { bytes = TestDER.element(0x30, bytes) }
        #expect(throws: CertificateError.self) { try Certificate(decoding: bytes) }
    }

    @Test("reads a list that is full of entries")
    func fullList() throws {
        let revoked = (0..<2700).map { [0x01, UInt8($0 >> 8), UInt8($0 & 0xFF)] as [UInt8] }
        let der = try RevocationRecipe(revoked: revoked).signed()
        #expect(der.count <= RevocationList.maximumByteCount)
        #expect(try RevocationList(decoding: der).revoked.count == 2700)
    }
}
