internal import Commitments
package import Evidence
internal import Primitives

extension Endorsements {
    /// The largest body that is looked at: three certificates and a revocation list in base64, and room for spaces.
    package static let maximumUploadByteCount = 131_072

    /// Decodes what an operator puts (``upload``): certificates and a revocation list, each optional, at least one.
    ///
    /// - Throws: ``EvidenceRefusal/endorsementsForm`` and ``EvidenceRefusal/endorsementsEncoding``.
    package init(upload bytes: [UInt8]) throws(EvidenceRefusal) {
        let fields: UploadFields
        do {
            fields = try UploadFields(bytes)
        } catch {
            throw .endorsementsForm
        }
        do {
            self = try fields.decoded()
        } catch {
            throw .endorsementsEncoding
        }
        guard leaf != nil || intermediate != nil || root != nil || revocationList != nil else {
            throw .endorsementsForm
        }
    }
}

private struct UploadFields {
    private var vcek: [UInt8]?
    private var vlek: [UInt8]?
    private var ask: [UInt8]?
    private var ark: [UInt8]?
    private var revocationList: [UInt8]?

    init(_ bytes: [UInt8]) throws {
        let value = try JSONValue(parsing: bytes, maximumByteCount: Endorsements.maximumUploadByteCount)
        var object = try JSONReader(value).object()
        _ = try object.integer("version", in: 1...1)
        if let reader = object.optional("certificates") {
            var certificates = try reader.object()
            let maximum = Certificate.maximumByteCount
            vcek = try base64("vcek", of: &certificates, maximumByteCount: maximum)
            vlek = try base64("vlek", of: &certificates, maximumByteCount: maximum)
            ask = try base64("ask", of: &certificates, maximumByteCount: maximum)
            ark = try base64("ark", of: &certificates, maximumByteCount: maximum)
            try certificates.finish()
            guard vcek == nil || vlek == nil else {
                throw JSONShapeError.unknownName(certificates.path.appending("vlek"))
            }
        }
        revocationList = try base64(
            "revocationList", of: &object, maximumByteCount: RevocationList.maximumByteCount)
        try object.finish()
    }

    func decoded() throws -> Endorsements {
        let leaf = try (vcek ?? vlek).map { try EndorsementCertificate(decoding: $0) }
        if let leaf, (leaf.key.kind == .vcek) != (vcek != nil) {
            throw CertificateError.strayExtension(vcek == nil ? .hardwareID : .provider)
        }
        return Endorsements(
            leaf: leaf, intermediate: try ask.map { try Certificate(decoding: $0) },
            root: try ark.map { try Certificate(decoding: $0) },
            revocationList: try revocationList.map { try RevocationList(decoding: $0) })
    }
}

private func base64(
    _ name: String, of object: inout JSONObjectReader, maximumByteCount: Int
) throws(JSONShapeError) -> [UInt8]? {
    guard let reader = object.optional(name) else { return nil }
    let characters = (maximumByteCount + 2) / 3 * 4
    return try reader.parsed(as: "base64", maximumByteCount: characters) { text in
        Base64.standard.decode(text).flatMap { $0.count <= maximumByteCount ? $0 : nil }
    }
}
