internal import Commitments
internal import Keys
internal import Primitives

/// The members of a bundle with their shapes verified, and their bytes still encoded.
struct BundleFields {
    let report: [UInt8]
    let endorsements: EndorsementFields
    let answer: NonceAnswer
    let session: SessionClaim

    init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        report = try object.required("report").base64(maximumByteCount: AttestationReport.byteCount)
        endorsements = try EndorsementFields(
            certificates: object.object("certificates"), list: object.optional("revocationList"))
        answer = NonceAnswer(nonce: try object.hex("nonce"), path: try Self.path(object.object("noncePath")))
        let bound = BoundDigest(try object.hex("manifestDigest"))
        session = SessionClaim(keys: try Self.keys(object.object("session")), bound: bound)
        try object.finish()
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
        let sealingReader = try object.required("sealingKey")
        guard let sealing = SealingPublicKey(stranger: try sealingReader.fixedBase64()) else {
            throw .wrongForm(sealingReader.path, expected: "an X-Wing key that something can be sealed to")
        }
        let signingReader = try object.required("signingKey")
        guard let signing = SigningPublicKey(stranger: try signingReader.fixedBase64()) else {
            throw .wrongForm(signingReader.path, expected: "an Ed25519 key that only its owner can sign with")
        }
        try object.finish()
        return SessionPublicKeys(sealing: sealing, signing: signing)
    }

    func decodeReport() throws(EvidenceFileError) -> AttestationReport {
        do {
            return try AttestationReport(decoding: report.span)
        } catch {
            throw .report(error)
        }
    }
}

extension JSONReader {
    fileprivate func fixedBase64<let byteCount: Int>() throws(JSONShapeError) -> FixedBytes<byteCount> {
        let characters = (byteCount + 2) / 3 * 4
        return try parsed(as: "base64 of \(byteCount) bytes", maximumByteCount: characters) { text in
            Base64.standard.decode(text).flatMap { FixedBytes<byteCount>($0) }
        }
    }
}
