import Evidence
import Primitives
import Testing

@Suite("Certificates")
struct CertificateTests {
    /// One change to a leaf that decodes, and the error that must follow.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let error: CertificateError
        let change: @Sendable (inout CertificateRecipe) -> Void

        init(
            _ name: String, _ error: CertificateError, _ change: @escaping @Sendable (inout CertificateRecipe) -> Void
        ) {
            testDescription = name
            self.error = error
            self.change = change
        }
    }

    static let sha256 = "2.16.840.1.101.3.4.2.1"
    static let cases: [Case] = [
        Case("version 1", .unsupported(.version)) { $0.version = [] },
        Case("version 2", .unsupported(.version)) { $0.version = TestDER.explicit(0, TestDER.integer(1)) },
        Case("a negative serial number", .unsupported(.serialNumber)) { $0.serialNumber = [0x80] },
        Case("a serial number of 21 bytes", .unsupported(.serialNumber)) {
            $0.serialNumber = [UInt8](repeating: 1, count: 21)
        },
        Case("a serial number with a needless zero", .malformed(.serialNumber)) { $0.serialNumber = [0, 1] },
        Case("PSS with SHA-256", .unsupported(.algorithm)) { $0.algorithm = TestDER.pss(hash: sha256) },
        Case("PSS with another salt", .unsupported(.algorithm)) { $0.algorithm = TestDER.pss(salt: 32) },
        Case("PSS with another trailer", .unsupported(.algorithm)) { $0.algorithm = TestDER.pss(trailer: 2) },
        Case("PSS without parameters", .malformed(.algorithm)) {
            $0.algorithm = TestDER.sequence(TestDER.oid("1.2.840.113549.1.1.10"))
        },
        Case("PSS with SHA-1, the default", .unsupported(.algorithm)) {
            $0.algorithm = TestDER.sequence(TestDER.oid("1.2.840.113549.1.1.10"), TestDER.sequence())
        },
        Case("PKCS #1 v1.5", .unsupported(.algorithm)) {
            $0.algorithm = TestDER.sequence(TestDER.oid("1.2.840.113549.1.1.12"), TestDER.null)
        },
        Case("two encodings of one algorithm", .algorithmsDiffer) { $0.outerAlgorithm = TestDER.pss(trailer: 1) },
        Case("a name with a control character", .unsupported(.issuer)) { $0.issuer = "\u{7}" },
        Case("a name of 65 characters", .unsupported(.issuer)) { $0.issuer = String(repeating: "a", count: 65) },
        Case("a time with a fraction of a second", .unsupported(.validity)) {
            $0.validity = TestDER.sequence(
                TestDER.element(0x18, Array("20250101000000.5Z".utf8)), TestDER.utcTime("350101000000Z"))
        },
        Case("an empty validity", .malformed(.validity)) { $0.validity = TestDER.sequence() },
        Case("a month that does not exist", .malformed(.validity)) {
            $0.validity = TestDER.sequence(TestDER.utcTime("251301000000Z"), TestDER.utcTime("350101000000Z"))
        },
        Case("an unknown critical extension", .unknownCriticalExtension(oid: "2.5.29.30")) {
            $0.extensions.append(.init(oid: "2.5.29.30", isCritical: true, value: TestDER.null))
        },
        Case("an extension that occurs twice", .duplicateExtension(oid: "1.3.6.1.4.1.3704.1.1")) {
            $0.extensions.append($0.extensions[0])
        },
        Case("a unique identifier", .malformed(.outline)) { $0.extra = TestDER.element(0x81, [0]) },
        Case("too many extensions", .malformed(.extensions)) { recipe in
            for arc in 0..<40 { recipe.extensions.append(.init(oid: "1.2.3.\(arc)", value: [])) }
        },
        Case("an RSA key", .unsupported(.publicKey)) { $0.publicKey = TestChain.publicKey(TestChain.rootKey) },
        Case("a key that is no key", .malformed(.publicKey)) { $0.publicKey = TestDER.null },
        Case("no key at all", .malformed(.publicKey)) { $0.publicKey = [] },
        Case("a key with more behind it", .malformed(.publicKey)) {
            $0.publicKey = TestDER.sequence(
                TestDER.sequence(TestDER.oid("1.2.840.10045.2.1")), TestDER.bits([1]), TestDER.null)
        },
        Case("a key that is cut", .malformed(.publicKey)) {
            $0.publicKey = spki("1.2.840.113549.1.1.1", [0x30, 2, 2])
        },
        Case("an RSA key whose algorithm has more", .malformed(.publicKey)) {
            $0.publicKey = spki("1.2.840.113549.1.1.1", [0x30, 0], TestDER.null)
        },
        Case("a point on no curve", .unsupported(.publicKey)) { $0.publicKey = spki("1.2.840.10045.2.1", [4, 1, 1]) },
        Case("an algorithm that AMD does not use", .unsupported(.publicKey)) {
            $0.publicKey = spki("1.3.101.112", [UInt8](repeating: 1, count: 32))
        },
        Case("a key of no algorithm", .malformed(.publicKey)) {
            $0.publicKey = TestDER.sequence(TestDER.sequence(TestDER.null), TestDER.bits([1]))
        },
        Case("a security version without a name", .unknownSecurityVersion(oid: "1.3.6.1.4.1.3704.1.3.10")) {
            $0.extensions.append(.init(oid: "1.3.6.1.4.1.3704.1.3.10", value: TestDER.integer(1)))
        },
    ]

    private static func spki(_ algorithm: String, _ key: [UInt8], _ more: [UInt8] = []) -> [UInt8] {
        TestDER.sequence(TestDER.sequence(TestDER.oid(algorithm), TestDER.null, more), TestDER.bits(key))
    }

    @Test("are refused when they are not of AMD's profile", arguments: cases)
    func refusals(_ item: Case) throws {
        var recipe = LeafRecipe().recipe
        item.change(&recipe)
        let der = try recipe.signed(by: TestChain.intermediateKey)
        #expect(throws: item.error) { try EndorsementCertificate(decoding: der) }
    }

    @Test("of a report key are refused with a hardware ID that only looks like an octet string of its length")
    func hardwareIDs() throws {
        for (head, isTaken) in [([0x04, 64], true), ([0x05, 64], false), ([0x04, 63], false)] as [([UInt8], Bool)] {
            var recipe = LeafRecipe().recipe
            let place = try #require(recipe.extensions.firstIndex { $0.oid == "1.3.6.1.4.1.3704.1.4" })
            recipe.extensions[place].value = head + [UInt8](repeating: 1, count: 64)
            let der = try recipe.signed(by: TestChain.intermediateKey)
            #expect((try? EndorsementCertificate(decoding: der)) != nil || !isTaken)
            #expect((try? EndorsementCertificate(decoding: der)) == nil || isTaken)
        }
    }

    @Test("are refused with a signature of another length")
    func signatureLengths() throws {
        let der = try LeafRecipe().recipe.signed(by: TestChain.smallKey)
        #expect(throws: CertificateError.unsupported(.signature)) { try EndorsementCertificate(decoding: der) }
    }

    @Test("are taken with either encoding of the algorithm", arguments: [nil, 1] as [UInt8?])
    func trailers(_ trailer: UInt8?) throws {
        var recipe = LeafRecipe().recipe
        recipe.algorithm = TestDER.pss(trailer: trailer)
        let der = try recipe.signed(by: TestChain.intermediateKey)
        let issuer = try Certificate(decoding: try TestChain.intermediateDER.get())
        #expect(try EndorsementCertificate(decoding: der).certificate.isSigned(by: issuer))
    }

    @Test("of a report key have every extension that AMD writes", arguments: [0, 1, 2, 3, 6, 7])
    func missingExtensions(_ index: Int) throws {
        var leaf = LeafRecipe()
        leaf.securityVersions.remove(at: index)
        let der = try leaf.recipe.signed(by: TestChain.intermediateKey)
        let isReserved = [2, 3].contains(index)
        #expect((try? EndorsementCertificate(decoding: der)) == nil || isReserved)
    }

    @Test("of a report key are refused when AMD's extensions contradict one another")
    func contradictions() throws {
        try expect(.malformedExtension(.structVersion)) { $0.structVersion = 2 }
        try expect(.missingExtension(.fmc)) { $0.structVersion = 1 }
        try expect(.strayExtension(.fmc)) { $0.securityVersions.append((9, 1)) }
        try expect(.malformedExtension(.reserved5)) { $0.securityVersions[3].value = 1 }
        try expect(.malformedExtension(.productName)) { $0.productName = "Rome" }
        try expect(.malformedExtension(.productName)) { $0.productName = "Genoa-" }
        try expect(.malformedExtension(.productName)) { $0.productName = "Turin" }
        try expect(.malformedExtension(.hardwareID)) { $0.hardwareID = Array(0..<8) }
        try expect(.malformedExtension(.hardwareID)) { $0.hardwareID = TestDER.octets(Array(0..<8)) }
        try expect(.missingExtension(.hardwareID)) { $0.hardwareID = nil }
        try expect(.strayExtension(.provider)) { $0.provider = "CN=csp" }
        try expect(.malformedExtension(.provider)) {
            $0.hardwareID = nil
            $0.provider = "\u{1B}[31m"
        }
    }

    @Test("of a report key are read with security versions over 127")
    func highVersions() throws {
        var leaf = LeafRecipe()
        leaf.securityVersions[7].value = 0xD9
        let der = try leaf.recipe.signed(by: TestChain.intermediateKey)
        #expect(try EndorsementCertificate(decoding: der).tcb.microcode == 0xD9)
    }

    @Test("larger than any of AMD's are refused before they are parsed")
    func sizes() {
        let large = [UInt8](repeating: 0x30, count: Certificate.maximumByteCount + 1)
        #expect(throws: CertificateError.tooLarge(found: 4097, maximum: 4096)) { try Certificate(decoding: large) }
        let list = [UInt8](repeating: 0x30, count: RevocationList.maximumByteCount + 1)
        #expect(throws: CertificateError.tooLarge(found: 65_537, maximum: 65_536)) {
            try RevocationList(decoding: list)
        }
    }

    @Test("revocation lists are refused when they are partial, endless or of another version")
    func lists() throws {
        var recipe = RevocationRecipe()
        recipe.version = 0
        #expect(throws: CertificateError.unsupported(.version)) { try RevocationList(decoding: recipe.signed()) }
        recipe = RevocationRecipe(nextUpdate: [])
        #expect(throws: CertificateError.self) { try RevocationList(decoding: recipe.signed()) }
        recipe = RevocationRecipe()
        let partial = TestDER.sequence(TestDER.oid("2.5.29.28"), TestDER.yes, TestDER.octets(TestDER.sequence()))
        recipe.extensions = TestDER.explicit(0, TestDER.sequence(partial))
        #expect(throws: CertificateError.unknownCriticalExtension(oid: "2.5.29.28")) {
            try RevocationList(decoding: recipe.signed())
        }
    }

    @Test("an authority's RSA key has 4,096 bits")
    func smallKeys() throws {
        var recipe = TestChain.intermediate
        recipe.publicKey = TestChain.publicKey(TestChain.smallKey)
        let der = try recipe.signed(by: TestChain.rootKey)
        #expect(throws: CertificateError.unsupported(.publicKey)) { try Certificate(decoding: der) }
    }

    private func expect(_ error: CertificateError, _ change: (inout LeafRecipe) -> Void) throws {
        var leaf = LeafRecipe()
        change(&leaf)
        let der = try leaf.recipe.signed(by: TestChain.intermediateKey)
        #expect(throws: error) { try EndorsementCertificate(decoding: der) }
    }
}
