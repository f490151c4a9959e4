import Commitments
import Evidence
import Keys
import Primitives
import TestSupport

extension Target {
    /// What a host hands over as evidence. Its seeds are recorded ones, which `scripts/fuzz` takes from the tests.
    static let evidence: [Target] = [
        Target("report") { bytes in
            report(bytes)
            let size = AttestationReport.byteCount
            report(bytes.prefix(size) + [UInt8](repeating: 0, count: max(0, size - bytes.count)))
        },
        Target("certificate", .der) { bytes in certificate(bytes) },
        Target("revocation-list", .der) { bytes in
            guard let list = decoded({ try RevocationList(decoding: bytes) }) else { return }
            claim(list.encoded == bytes, "a list is its bytes")
            claimShown(list.issuer.commonName, "an issuer")
            claim(list.revoked.count * 10 <= bytes.count, "each entry has its bytes")
        },
        Target("pem") { bytes in
            for label in [PEMLabel.certificate, .revocationList] {
                guard let der = decoded({ try derBytes(of: bytes, as: label) }) else { continue }
                claim(der.count <= bytes.count, "PEM is longer than what it holds")
            }
            guard let chain = decoded({ try CertificateChainText(decoding: bytes) }) else { return }
            claim(chain.root.encoded.count + chain.intermediate.encoded.count < bytes.count, "a chain holds both")
        },
        Target("certificate-table") { bytes in table(bytes) },
        Target("bundle", .json) { bytes in
            guard let bundle = decoded({ try EvidenceBundle(decoding: bytes) }) else { return }
            let again = made("a bundle gives back") { try EvidenceBundle(decoding: bundle.encoded) }
            claim(again == bundle, "a bundle gives back")
            for record in [ConceptualMessage.json(bundle), ConceptualMessage.cbor(bundle)] {
                claim(ConceptualMessage.isRecord(record), "a record is one")
                claim(decoded { try ConceptualMessage.content(of: record) } == bundle.encoded, "a record gives back")
            }
        },
        Target("record", seeds: { recordSeeds }) { bytes in
            guard let content = decoded({ try ConceptualMessage.content(of: bytes) }) else { return }
            claim(content.count < bytes.count, "a record is longer than what it holds")
        },
        Target("token", .json, seeds: { [tokenSeed] }) { bytes in token(bytes) },
        Target("nonce-path") { bytes in noncePath(bytes) },
        Target("timestamp", seeds: { [Array("2026-11-27T18:00:00Z".utf8)] }) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            guard let time = Timestamp(text) else { return }
            claim(Timestamp(time.description) == time, "a time gives back")
            claim(Timestamp(unixSeconds: time.unixSeconds) == time, "a time is its seconds")
        },
    ]

    private static func report(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard let report = decoded({ try AttestationReport(decoding: bytes.span) }) else { return }
        claim(report.encoded == bytes, "a report is its bytes")
        claim(ReportDifference(report, report).fields.isEmpty, "a report differs from itself in nothing")
        for field in report.listing {
            claim(field.offset < AttestationReport.byteCount, "a field lies in the report")
            claimShown(field.value + field.meaning, "a field")
        }
        for product in [nil] + SEVProduct.allCases.map(Optional.init) {
            guard let service = decoded({ try KeyDistribution(report, product: product) }) else { continue }
            for file in [service.leaf, service.chain, service.revocationList].compactMap({ $0 }) {
                let isPlain = (file.url + file.name).utf8.allSatisfy { (0x21...0x7E).contains($0) }
                claim(isPlain && file.url.hasPrefix("https://kdsintf.amd.com/"), "the service alone is asked")
                claim(!file.name.contains("/"), "a cache's name is a name")
            }
        }
    }

    private static func certificate(_ bytes: [UInt8]) {
        if let certificate = decoded({ try Certificate(decoding: bytes) }) {
            claim(certificate.encoded == bytes, "a certificate is its bytes")
            claimShown(certificate.issuer.commonName + certificate.subject.commonName, "a name")
            claimShown("\(certificate.serialNumber) \(certificate.validity)", "a number")
            _ = certificate.publicKeyDigest
        }
        guard let leaf = decoded({ try EndorsementCertificate(decoding: bytes) }) else { return }
        claim(leaf.certificate.encoded == bytes, "an endorsement is its bytes")
        claimShown(leaf.productName, "a product")
        if case .vlek(let provider) = leaf.key { claimShown(provider, "a provider") }
        let endorsements = Endorsements(
            leaf: leaf, intermediate: leaf.certificate, root: leaf.certificate, revocationList: nil)
        if case .verified = endorsements.verified() { fatalError("does not hold: a leaf vouches for itself") }
    }

    private static func table(_ bytes: [UInt8]) {
        guard let table = decoded({ try CertificateTable(decoding: bytes.span) }) else { return }
        let known = CertificateTable.Kind.allCases.compactMap { table[$0] }
        claim(known.reduce(0) { $0 + $1.count } <= bytes.count, "certificates lie in the table")
        claim(table.isEmpty || !known.isEmpty || !table.otherEntries.isEmpty, "each entry is told")
        for guid in table.otherEntries { claimShown(guid.description, "an identifier") }
    }

    private static let recordSeeds: [[UInt8]] = {
        let type = Array(EvidenceBundle.mediaType.utf8)
        let cbor: [UInt8] = [0x83, 0x78, UInt8(type.count)] + type + [0x42, 1, 2, 6]
        return [Array("[\"\(EvidenceBundle.mediaType)\",\"AAAA\",6]".utf8), cbor]
    }()

    private static let tokenSeed: [UInt8] = JSONValue.object([
        JSONMember("eat_profile", .string(AppraisalToken.profile)), JSONMember("iat", 1_700_000_000),
        JSONMember("exp", 1_800_000_000), JSONMember("ear_status", "affirming"),
        JSONMember("submods", .object([JSONMember(AppraisalToken.submodule, ["ear_status": "affirming"])])),
    ]).canonicalBytes

    /// The payload is the input, signed by the right key.
    private static func token(_ bytes: [UInt8]) {
        let key = Scene.session.signing
        let header = JSONValue.object([
            JSONMember("alg", "EdDSA"), JSONMember("typ", "eat+jwt"), JSONMember("kid", .string(key.publicKey.didKey)),
        ])
        let content = [header.canonicalBytes, bytes].map { Base64.urlUnpadded.encode($0) }.joined(separator: ".")
        let text = content + "." + Base64.urlUnpadded.encode(key.signature(over: Array(content.utf8)).bytes)
        guard let time = Timestamp(unixSeconds: 1_750_000_000) else { return }
        let token = decoded { try VerifiedAppraisalToken(text, by: key.publicKey, audience: nil, at: time) }
        guard let token else { return }
        claim(token.issued.unixSeconds <= time.unixSeconds + 300, "a token is not from the future")
        let other = Scene.parties[0].signing.publicKey
        claim(
            decoded { try VerifiedAppraisalToken(text, by: other, audience: nil, at: time) } == nil,
            "it is its signer's")
        claim(
            decoded { try VerifiedAppraisalToken(text, by: key.publicKey, audience: "x", at: time) } == nil,
            "or nobody's")
    }

    /// A path leads to its tree's root from its own nonce alone.
    private static func noncePath(_ bytes: [UInt8]) {
        var input = InputReader(bytes)
        let count = 1 + input.number(below: 40)
        let nonces = (0..<count).map { index in
            FixedBytes<32>(repeating: UInt8(index))
        }
        guard let tree = NonceTree(nonces) else { fatalError("does not hold: nonces have a tree") }
        let index = input.number(below: count)
        let path = tree.path(at: index)
        claim(path.root(of: nonces[index]) == tree.root, "a path leads to the root")
        let other = FixedBytes<32>(repeating: 0xEE)
        claim(path.root(of: other) != tree.root, "and from no other nonce")
        var hashes = path.hashes
        for place in hashes.indices where input.byte() & 1 == 1 {
            hashes[place] = FixedBytes(input.bytes(32)) ?? hashes[place]
        }
        let changed = InclusionPath(index: input.number(below: count), size: count, hashes: hashes)
        guard changed != path else { return }
        claim(changed.root(of: nonces[index]) != tree.root, "one path leads there")
    }
}
