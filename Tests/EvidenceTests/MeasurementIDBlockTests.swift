import Evidence
import Primitives
import Testing

@Suite("ID blocks")
struct MeasurementIDBlockTests {
    private static let block: IDBlock? = GuestPolicy(rawValue: 0x30000).map { policy in
        IDBlock(
            launchDigest: FixedBytes(repeating: 7), policy: policy, guestSVN: 0x0102_0304,
            ids: (FixedBytes(repeating: 8), FixedBytes(repeating: 9)))
    }

    @Test("are 96 bytes, laid out as the firmware reads them")
    func layout() throws {
        let block = try #require(Self.block)
        #expect(
            block.encoded.hex
                == String(repeating: "07", count: 48) + String(repeating: "08", count: 16)
                + String(repeating: "09", count: 16) + "01000000" + "04030201" + "0000030000000000")
        #expect(try IDBlock(decoding: block.encoded) == block)
    }

    @Test("are refused at any other size", arguments: [0, 95, 97, 4096])
    func refusesSizes(_ count: Int) {
        let bytes = [UInt8](repeating: 0, count: count)
        #expect(throws: IDBlockError.wrongSize(found: count, expected: 96)) { try IDBlock(decoding: bytes) }
    }

    @Test(
        "are refused with another version or a policy with wrong reserved bits",
        arguments: [
            (80, UInt8(0)), (80, 2), (83, 1), (90, 0x01), (91, 0x04), (95, 0x80),
        ])
    func refusesValues(_ offset: Int, _ value: UInt8) throws {
        var bytes = try #require(Self.block).encoded
        bytes[offset] = value
        #expect { try IDBlock(decoding: bytes) } throws: {
            if case IDBlockError.unsupportedValue = $0 { true } else { false }
        }
    }

    @Test("verify with the keys that signed them")
    func verifies() throws {
        let block = try #require(Self.block)
        let (idKey, authorKey) = (IDPrivateKey(), IDPrivateKey())
        for author in [nil, authorKey] {
            let signed = try IDAuthentication(signing: block, with: idKey, authorKey: author)
            let decoded = try IDAuthentication(decoding: signed.encoded)
            #expect(decoded == signed)
            #expect(decoded.encoded.count == 4096)
            #expect(decoded.idKey.digest == idKey.publicKey.digest)
            #expect(decoded.authorKey?.digest == author?.publicKey.digest)
            try decoded.verify(block)
        }
    }

    @Test("are refused when any bit of the block differs")
    func refusesOtherBlock() throws {
        let block = try #require(Self.block)
        let signed = try IDAuthentication(signing: block, with: IDPrivateKey())
        for offset in block.encoded.indices {
            var bytes = block.encoded
            bytes[offset] ^= 1
            guard let other = try? IDBlock(decoding: bytes) else { continue }
            #expect(throws: IDBlockError.wrongSignature(.block), "offset \(offset)") { try signed.verify(other) }
        }
    }

    @Test("are refused when any byte of the authentication differs", arguments: [false, true])
    func refusesOtherAuthentication(_ hasAuthor: Bool) throws {
        let block = try #require(Self.block)
        let signed = try IDAuthentication(
            signing: block, with: IDPrivateKey(), authorKey: hasAuthor ? IDPrivateKey() : nil)
        let bytes = signed.encoded
        // Reserved areas are refused quickly; the signed ones cost a verification each.
        for offset in stride(from: 0, to: bytes.count, by: 3) {
            var mutant = bytes
            mutant[offset] ^= 0x10
            #expect(throws: IDBlockError.self, "offset \(offset)") {
                try IDAuthentication(decoding: mutant).verify(block)
            }
        }
    }

    @Test("are refused under another author's key")
    func refusesOtherAuthor() throws {
        let block = try #require(Self.block)
        let idKey = IDPrivateKey()
        let signed = try IDAuthentication(signing: block, with: idKey, authorKey: IDPrivateKey())
        let other = try IDAuthentication(signing: block, with: idKey, authorKey: IDPrivateKey())
        var bytes = signed.encoded
        bytes.replaceSubrange(0x880..<0x880 + 1028, with: other.encoded[0x880..<0x880 + 1028])
        #expect(throws: IDBlockError.wrongSignature(.idKey)) {
            try IDAuthentication(decoding: bytes).verify(block)
        }
    }

    @Test("an authentication is refused at any other size", arguments: [0, 96, 4095, 4097])
    func refusesAuthenticationSizes(_ count: Int) {
        let bytes = [UInt8](repeating: 0, count: count)
        #expect(throws: IDBlockError.wrongSize(found: count, expected: 4096)) { try IDAuthentication(decoding: bytes) }
    }

    @Test("a key off the curve is refused")
    func refusesPointOffCurve() throws {
        var bytes = try IDAuthentication(signing: #require(Self.block), with: IDPrivateKey()).encoded
        for offset in 0x244..<0x244 + 48 { bytes[offset] = 0 }
        #expect(throws: IDBlockError.unsupportedValue(field: "public key", offset: 0x240)) {
            try IDAuthentication(decoding: bytes)
        }
    }

    @Test(
        "private keys of other kinds, and text that is no key, are refused",
        arguments: [
            "", "-----BEGIN EC PRIVATE KEY-----\n-----END EC PRIVATE KEY-----\n", "no key",
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                + "-----END PRIVATE KEY-----\n",
        ])
    func refusesOtherKeys(_ pem: String) {
        #expect(throws: IDBlockError.unreadableKey) { try IDPrivateKey(pem: pem) }
    }

    @Test("a private key reads back from its PEM")
    func keyRoundTrip() throws {
        let key = IDPrivateKey()
        #expect(try IDPrivateKey(pem: key.pem).publicKey == key.publicKey)
    }

    // Made once with sev-snp-measure 0.0.13 and two keys of openssl; all bytes that are not zero.
    @Test("verifies what another implementation signed")
    func verifiesPeer() throws {
        let fields: [(Int, String)] = [
            (0x000, "0100000001000000"),
            (0x040, "2dca10d42308000ea8d9748d8440884bc2ca11718e8cb46646bff155e7d93715d4eedf4eb9553d325b4549d78c4885e2"),
            (0x088, "a20ff7cca07bf4a8cd8158e50a1b0e95552598025bde664431cdc7a42068f8e687b45cedcdbe7dab2ce6aaa26b592232"),
            (0x240, "02000000"),
            (0x244, "55368967026642eb8c7813206dc42026206f72425a41986f94a72c906b79afeff9949084a38d0afbf93fae1f7ea5be1c"),
            (0x28C, "f17f3fcfe37aae2445327a53a54ed2c2f80821573d68ca67e3d30a22c45d3c201c9d26598af8465461eec550228e6cc9"),
            (0x680, "6b35cbe824c5892254b74c08999ab26184f931842cecd87af16efb3a6bf54994fba009a2bdd5e473c82ef9a7d6f55cd7"),
            (0x6C8, "f482ef4124ed5a92947bb6475e3ad524d502d3b61585218f42db918e08932ab87138ea4b8b2bab1a51745d79a2900c93"),
            (0x880, "02000000"),
            (0x884, "2e49872d8449d1f39164d1910a8cb43a74da9a4c3df122791d1ad9afc41cee96fbe6191c9e6c7b45db738935f1c8d480"),
            (0x8CC, "7cc46a5d5f2dfb6ce215f8dbdcd4faa6fc091f5928956ab93f80aadb9afc9bb04413211669ce1e8c4a8f6f967a473689"),
        ]
        var bytes = [UInt8](repeating: 0, count: IDAuthentication.byteCount)
        for (offset, hex) in fields {
            let value = try #require([UInt8](hex: hex))
            bytes.replaceSubrange(offset..<offset + value.count, with: value)
        }
        let digest = try #require(FixedBytes<48>(Array(0..<48)))
        let block = IDBlock(launchDigest: digest, policy: try #require(GuestPolicy(rawValue: 0x30000)))
        let authentication = try IDAuthentication(decoding: bytes)
        try authentication.verify(block)
        #expect(authentication.encoded == bytes)
        #expect(
            authentication.idKey.digest.description
                == "f1c733505f6d64c5378bdb3a889e6693de7bb648a218761c735347d412d8605dfc6b216cff4d6447232b49a224e3d49b")
        #expect(
            authentication.authorKey?.digest.description
                == "f6d4ee13ea4caec9af2409261ab3408788914365fff748d5304c66b77b6516ec062320121953a1aa34b4b9a222157686")
    }
}
