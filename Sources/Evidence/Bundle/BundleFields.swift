internal import Commitments
internal import Keys
internal import Primitives

/// The members of a bundle with their shapes verified, and their bytes still encoded.
struct BundleFields {
    let report: [UInt8]
    let vcek: Encoded?
    let vlek: Encoded?
    let ask: Encoded?
    let ark: Encoded?
    let revocationList: Encoded?
    let answer: NonceAnswer
    let session: SessionClaim

    /// DER, and where it stood.
    struct Encoded {
        let path: JSONPath
        let bytes: [UInt8]
    }

    init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        report = try object.required("report").base64(maximumByteCount: AttestationReport.byteCount)
        var certificates = try object.object("certificates")
        vcek = try Self.encoded("vcek", of: &certificates)
        vlek = try Self.encoded("vlek", of: &certificates)
        ask = try Self.encoded("ask", of: &certificates)
        ark = try Self.encoded("ark", of: &certificates)
        try certificates.finish()
        guard vcek == nil || vlek == nil else { throw .unknownName(certificates.path.appending("vlek")) }
        revocationList = try Self.encoded(
            "revocationList", of: &object, maximumByteCount: RevocationList.maximumByteCount)
        answer = NonceAnswer(nonce: try object.hex("nonce"), path: try Self.path(object.object("noncePath")))
        let manifestDigest: SHA256Digest = try object.hex("manifestDigest")
        session = SessionClaim(keys: try Self.keys(object.object("session")), manifestDigest: manifestDigest)
        try object.finish()
    }

    private static func encoded(
        _ name: String, of object: inout JSONObjectReader, maximumByteCount: Int = Certificate.maximumByteCount
    ) throws(JSONShapeError) -> Encoded? {
        guard let reader = object.optional(name) else { return nil }
        return Encoded(path: reader.path, bytes: try reader.base64(maximumByteCount: maximumByteCount))
    }

    private static func path(_ reader: JSONObjectReader) throws(JSONShapeError) -> InclusionPath {
        var object = reader
        let size = try object.integer("size", in: 1...NonceTree.maximumCount)
        let index = try object.integer("index", in: 0...size - 1)
        var hashes: [SHA256Digest] = []
        for reader in try object.array("hashes", maximumCount: InclusionPath.maximumHashCount) {
            hashes.append(try reader.hex())
        }
        try object.finish()
        return InclusionPath(index: index, size: size, hashes: hashes)
    }

    private static func keys(_ reader: JSONObjectReader) throws(JSONShapeError) -> SessionPublicKeys {
        var object = reader
        let sealing: FixedBytes<1216> = try object.required("sealingKey").fixedBase64()
        let signing: FixedBytes<32> = try object.required("signingKey").fixedBase64()
        try object.finish()
        return SessionPublicKeys(
            sealing: SealingPublicKey(rawRepresentation: sealing), signing: SigningPublicKey(rawRepresentation: signing)
        )
    }

    func decodeReport() throws(EvidenceFileError) -> AttestationReport {
        do {
            return try AttestationReport(decoding: report.span)
        } catch {
            throw .report(error)
        }
    }

    func decodeEndorsements() throws(EvidenceFileError) -> Endorsements {
        Endorsements(
            leaf: try leaf(), intermediate: try certificate(ask), root: try certificate(ark),
            revocationList: try list())
    }

    private func leaf() throws(EvidenceFileError) -> EndorsementCertificate? {
        guard let encoded = vcek ?? vlek else { return nil }
        do throws(CertificateError) {
            let leaf = try EndorsementCertificate(decoding: encoded.bytes)
            guard (leaf.key.kind == .vcek) == (vcek != nil) else {
                throw .strayExtension(vcek == nil ? .hardwareID : .provider)
            }
            return leaf
        } catch {
            throw .certificate(encoded.path, error)
        }
    }

    private func certificate(_ encoded: Encoded?) throws(EvidenceFileError) -> Certificate? {
        guard let encoded else { return nil }
        do {
            return try Certificate(decoding: encoded.bytes)
        } catch {
            throw .certificate(encoded.path, error)
        }
    }

    private func list() throws(EvidenceFileError) -> RevocationList? {
        guard let encoded = revocationList else { return nil }
        do {
            return try RevocationList(decoding: encoded.bytes)
        } catch {
            throw .certificate(encoded.path, error)
        }
    }
}

extension JSONReader {
    /// Bytes as padded base64, at most `maximumByteCount` of them.
    fileprivate func base64(maximumByteCount: Int) throws(JSONShapeError) -> [UInt8] {
        let characters = (maximumByteCount + 2) / 3 * 4
        return try parsed(as: "base64 of at most \(maximumByteCount) bytes", maximumByteCount: characters) { text in
            Base64.standard.decode(text).flatMap { $0.count <= maximumByteCount ? $0 : nil }
        }
    }

    fileprivate func fixedBase64<let byteCount: Int>() throws(JSONShapeError) -> FixedBytes<byteCount> {
        let characters = (byteCount + 2) / 3 * 4
        return try parsed(as: "base64 of \(byteCount) bytes", maximumByteCount: characters) { text in
            Base64.standard.decode(text).flatMap { FixedBytes<byteCount>($0) }
        }
    }
}
