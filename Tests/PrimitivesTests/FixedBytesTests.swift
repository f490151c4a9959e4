import Primitives
import Testing

@Suite("Fixed bytes")
struct FixedBytesTests {
    @Test("refuses any other count", arguments: [0, 1, 31, 33])
    func refusesOtherCounts(_ count: Int) {
        #expect(FixedBytes<32>([UInt8](repeating: 7, count: count)) == nil)
        #expect(FixedBytes<32>(hex: String(repeating: "07", count: count)) == nil)
    }

    @Test("refuses other spellings of hexadecimal", arguments: ["AB", "0xab", "a ", "g0", "ab\u{301}"])
    func refusesOtherSpellings(_ text: String) {
        #expect(FixedBytes<1>(hex: text) == nil)
    }

    @Test("prints what it parses")
    func roundTrip() {
        #expect(FixedBytes<3>(hex: "00ff7a")?.description == "00ff7a")
    }

    @Test("hashes as FIPS 180-4's example does")
    func sha256() {
        let digest = SHA256Digest(sha256: Array("abc".utf8))
        #expect(digest.description == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(SHA256Digest(prefixed: digest.prefixed) == digest)
        #expect(SHA256Digest(prefixed: digest.description) == nil)
    }
}
