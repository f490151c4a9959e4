import Keys
import Primitives
import Testing

@Suite("Public keys in text")
struct PublicKeyTests {
    /// RFC 8032, section 7.1, test 1.
    static let signing = SigningKey(
        seed: seed("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
    static let did = "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw"

    @Test("derives the RFC's public key and the specification's spelling")
    func derives() {
        let raw = Self.signing.publicKey.rawRepresentation
        #expect(raw.description == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        #expect(Self.signing.publicKey.didKey == Self.did)
        #expect(SigningPublicKey(didKey: Self.did) == Self.signing.publicKey)
    }

    @Test("refuses whatever is not exactly an Ed25519 did:key")
    func refusesDIDs() {
        let key = Self.signing.publicKey.rawRepresentation.bytes
        let wrong = [
            "", "did:key:", "did:key:z", Self.did + " ", " " + Self.did, Self.did + "#1", Self.did.uppercased(),
            "did:web:example.org", String(Self.did.dropLast()), Self.did + "1", "did:key:z1" + Self.did.dropFirst(9),
            // A P-256 key's multicodec, no multicodec, 31 and 33 bytes.
            "did:key:z" + Base58.encode([0x80, 0x24] + key), "did:key:z" + Base58.encode(key),
            "did:key:z" + Base58.encode([0xED, 0x01] + key.dropLast()),
            "did:key:z" + Base58.encode([0xED, 0x01] + key + [0]),
            "did:key:u7QHXWpgBgrEKt9VL_tPJZAc6DuFy89qmIyWvAhpo9wdRGg",
        ]
        for text in wrong { #expect(SigningPublicKey(didKey: text) == nil, "\(text)") }
    }

    @Test(
        "refuses points for which anyone can sign, and second encodings",
        arguments: [
            String(repeating: "0", count: 64), "01" + String(repeating: "0", count: 62),
            "01" + String(repeating: "0", count: 60) + "80", "ec" + String(repeating: "f", count: 60) + "7f",
            "ec" + String(repeating: "f", count: 62), "ed" + String(repeating: "f", count: 60) + "7f",
            "ee" + String(repeating: "f", count: 60) + "7f", String(repeating: "f", count: 64),
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        ])
    func refusesWeakPoints(_ hex: String) throws {
        let raw = try #require(FixedBytes<32>(hex: hex))
        #expect(SigningPublicKey(didKey: SigningPublicKey(rawRepresentation: raw).didKey) == nil)
    }

    @Test("reads back an X-Wing key and refuses any other spelling")
    func xwing() throws {
        let key = SealingKey(seed: seed(String(repeating: "7a", count: 32))).publicKey
        #expect(key.text.utf8.count == 1628)
        #expect(SealingPublicKey(text: key.text) == key)
        for text in [key.text + "=", key.text + "A", String(key.text.dropLast()), "XWING:" + key.text.dropFirst(6), ""]
        {
            #expect(SealingPublicKey(text: text) == nil)
        }
        let standard = "xwing:" + Base64.standard.encode(key.rawRepresentation.bytes)
        #expect(SealingPublicKey(text: standard) == nil)
    }

    @Test("refuses an X-Wing key that nobody could seal to")
    func refusesBrokenXWing() throws {
        let good = SealingKey(seed: seed(String(repeating: "7a", count: 32))).publicKey.rawRepresentation.bytes
        func text(_ change: (inout [UInt8]) -> Void) throws -> String {
            var bytes = good
            change(&bytes)
            return SealingPublicKey(rawRepresentation: try #require(FixedBytes<1216>(bytes))).text
        }
        #expect(SealingPublicKey(text: try text { _ in }) != nil)
        // 3329 in either half of three bytes, at the beginning and the end of the vector.
        #expect(SealingPublicKey(text: try text { $0.replaceSubrange(0..<2, with: [0x01, 0x0D]) }) == nil)
        #expect(SealingPublicKey(text: try text { $0.replaceSubrange(1149..<1152, with: [0, 0x10, 0xD0]) }) == nil)
        #expect(
            SealingPublicKey(text: try text { $0.replaceSubrange(1184..<1216, with: repeatElement(0, count: 32)) })
                == nil)
        #expect(SealingPublicKey(text: try text { $0[1215] |= 0x80 }) == nil)
    }

    @Test("gives keys fingerprints that differ and stay")
    func fingerprints() {
        let other = SigningKey(seed: seed(String(repeating: "00", count: 32))).publicKey
        let fingerprint = Self.signing.publicKey.fingerprint
        #expect(fingerprint.wholeMatch(of: /(?:[0-9a-hj-km-np-tv-z]{4}-){5}[0-9a-hj-km-np-tv-z]{4}/) != nil)
        #expect(fingerprint != other.fingerprint)
        let label = Array("2cvm fingerprint v1".utf8) + [0]
        let digest = SHA256Digest(sha256: label + Self.signing.publicKey.rawRepresentation.bytes)
        let first = Array("0123456789abcdefghjkmnpqrstvwxyz")[Int(digest.bytes[0] >> 3)]
        #expect(fingerprint.first == first)
    }

    @Test("prints no private key, by description, interpolation or dump")
    func printsNoSecret() {
        let hex = String(repeating: "7a", count: 32)
        let keys = PrivateKeys(signingSeed: seed(hex), sealingSeed: seed(hex))
        var dumped = ""
        dump(keys, to: &dumped)
        for text in ["\(keys)", String(reflecting: keys), dumped, "\(keys.signing)", "\(keys.sealing)", "\(seed(hex))"]
        {
            #expect(!text.contains("7a7a"))
            #expect(!text.contains("122, 122"))
            #expect(!text.contains("\n    - 122"))
        }
    }
}

func seed(_ hex: String) -> SecretSeed {
    guard let bytes = FixedBytes<32>(hex: hex) else { preconditionFailure("a test's seed is 32 bytes") }
    return SecretSeed(bytes)
}
