import Crypto
import CryptoExtras
import Evidence
import Foundation
import Primitives

/// A certificate to be signed, with every part open to change.
struct CertificateRecipe {
    var version: [UInt8] = TestDER.explicit(0, TestDER.integer(2))
    var serialNumber: [UInt8] = [0x01]
    var algorithm = TestDER.pss()
    /// What stands outside the signed part, where that differs.
    var outerAlgorithm: [UInt8]?
    var issuer: String
    var subject: String
    var validity = TestDER.sequence(TestDER.utcTime("250101000000Z"), TestDER.utcTime("350101000000Z"))
    var publicKey: [UInt8]
    var extensions: [Extension] = []
    /// Anything between the key and the extensions.
    var extra: [UInt8] = []

    struct Extension {
        var oid: String
        var isCritical = false
        var value: [UInt8]
    }

    func signed(by key: _RSA.Signing.PrivateKey) throws -> [UInt8] {
        let list = extensions.flatMap {
            TestDER.sequence(TestDER.oid($0.oid), $0.isCritical ? TestDER.yes : [], TestDER.octets($0.value))
        }
        let content = TestDER.sequence(
            version, TestDER.integer(bytes: serialNumber), algorithm, TestDER.name(issuer), validity,
            TestDER.name(subject), publicKey, extra,
            extensions.isEmpty ? [] : TestDER.explicit(3, TestDER.element(0x30, list)))
        return try TestChain.document(content, algorithm: outerAlgorithm ?? algorithm, signedBy: key)
    }

    /// As an authority: basic constraints and key usage, both critical.
    static func authority(
        _ subject: String, issuer: String, publicKey: [UInt8], usage: UInt8 = 0x06
    ) -> CertificateRecipe {
        var recipe = CertificateRecipe(issuer: issuer, subject: subject, publicKey: publicKey)
        recipe.extensions = [
            Extension(oid: "2.5.29.19", isCritical: true, value: TestDER.sequence(TestDER.yes)),
            Extension(oid: "2.5.29.15", isCritical: true, value: TestDER.bits([usage], padding: 1)),
        ]
        return recipe
    }
}

/// A revocation list to be signed.
struct RevocationRecipe {
    var version: UInt8 = 1
    var issuer = TestChain.rootName
    var thisUpdate = TestDER.utcTime("260101000000Z")
    var nextUpdate = TestDER.utcTime("261231000000Z")
    var revoked: [[UInt8]] = []
    var extensions: [UInt8] = []

    func signed(by key: _RSA.Signing.PrivateKey = TestChain.rootKey) throws -> [UInt8] {
        let entries = revoked.flatMap {
            TestDER.sequence(TestDER.integer(bytes: $0), TestDER.utcTime("260101000000Z"))
        }
        let content = TestDER.sequence(
            TestDER.integer(version), TestDER.pss(), TestDER.name(issuer), thisUpdate, nextUpdate,
            entries.isEmpty ? [] : TestDER.element(0x30, entries), extensions)
        return try TestChain.document(content, algorithm: TestDER.pss(), signedBy: key)
    }
}

/// A root, an intermediate and a report key of the tests' own, made at each run. Everything under
/// them can be signed again after any change, so that each rule is seen to refuse by itself.
enum TestChain {
    static let rootName = "ARK-Genoa"
    static let intermediateName = "SEV-Genoa"

    static let rootKey = makeRSAKey(.bits4096)
    static let intermediateKey = makeRSAKey(.bits4096)
    static let smallKey = makeRSAKey(.bits2048)
    static let reportKey = P384.Signing.PrivateKey()
    static let otherReportKey = P384.Signing.PrivateKey()

    static var rootDigest: FixedBytes<32> { FixedBytes<32>(sha256: publicKey(rootKey)) }

    static let root = CertificateRecipe.authority(rootName, issuer: rootName, publicKey: publicKey(rootKey))
    static let intermediate = CertificateRecipe.authority(
        intermediateName, issuer: rootName, publicKey: publicKey(intermediateKey), usage: 0x04)

    static let rootDER = Result { try root.signed(by: rootKey) }
    static let intermediateDER = Result { try intermediate.signed(by: rootKey) }

    static func publicKey(_ key: _RSA.Signing.PrivateKey) -> [UInt8] {
        [UInt8](key.publicKey.derRepresentation)
    }

    static func publicKey(_ key: P384.Signing.PrivateKey) -> [UInt8] {
        [UInt8](key.publicKey.derRepresentation)
    }

    static func document(
        _ content: [UInt8], algorithm: [UInt8], signedBy key: _RSA.Signing.PrivateKey
    ) throws -> [UInt8] {
        let signature = try key.signature(for: SHA384.hash(data: content), padding: .PSS)
        return TestDER.sequence(content, algorithm, TestDER.bits([UInt8](signature.rawRepresentation)))
    }

    private static func makeRSAKey(_ size: _RSA.Signing.KeySize) -> _RSA.Signing.PrivateKey {
        do {
            return try _RSA.Signing.PrivateKey(keySize: size)
        } catch {
            preconditionFailure("no RSA key: \(error)")
        }
    }
}

/// AMD's extensions of a report key's certificate, open to change.
struct LeafRecipe {
    var structVersion: UInt8 = 0
    var productName = "Genoa"
    var subject = "SEV-VCEK"
    var issuer = TestChain.intermediateName
    /// By their last arcs under 1.3.6.1.4.1.3704.1.3.
    var securityVersions: [(arc: Int, value: UInt8)] = [
        (1, 10), (2, 0), (4, 0), (5, 0), (6, 0), (7, 0), (3, 27), (8, 88),
    ]
    var hardwareID: [UInt8]? = Array(0..<64)
    var provider: String?
    var validity: [UInt8]?
    var isAuthority = false

    var recipe: CertificateRecipe {
        var recipe = CertificateRecipe(
            issuer: issuer, subject: subject,
            publicKey: TestChain.publicKey(TestChain.reportKey))
        if let validity { recipe.validity = validity }
        let arc = "1.3.6.1.4.1.3704.1."
        recipe.extensions = [
            .init(oid: arc + "1", value: TestDER.integer(structVersion)),
            .init(oid: arc + "2", value: TestDER.ia5(productName)),
        ]
        for (last, value) in securityVersions {
            recipe.extensions.append(.init(oid: arc + "3.\(last)", value: TestDER.integer(value)))
        }
        if let hardwareID { recipe.extensions.append(.init(oid: arc + "4", value: hardwareID)) }
        if let provider { recipe.extensions.append(.init(oid: arc + "5", value: TestDER.ia5(provider))) }
        if isAuthority {
            recipe.extensions.append(
                .init(oid: "2.5.29.19", isCritical: true, value: TestDER.sequence(TestDER.yes)))
        }
        return recipe
    }

    static let turin: LeafRecipe = {
        var leaf = LeafRecipe()
        leaf.structVersion = 1
        leaf.productName = "Turin"
        leaf.issuer = "SEV-Turin"
        leaf.securityVersions = [(9, 1), (1, 1), (2, 1), (3, 4), (5, 0), (6, 0), (7, 0), (8, 81)]
        leaf.hardwareID = Array(0..<8)
        return leaf
    }()
}
