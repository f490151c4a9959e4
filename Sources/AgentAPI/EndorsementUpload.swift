public import Evidence
internal import Primitives

/// Certificates and a revocation list as an operator puts them: each optional, at least one.
extension Endorsements {
    /// The largest body that is looked at: three certificates and a revocation list in base64, and room for spaces.
    package static let maximumUploadByteCount = 131_072

    /// As `PUT /v1/endorsements` takes them, as JSON.
    public var upload: [UInt8] {
        JSONValue.object([JSONMember("version", 1)] + members).canonicalBytes
    }

    /// Decodes an ``upload``.
    ///
    /// - Throws: ``EvidenceRefusal/endorsementsForm`` and ``EvidenceRefusal/endorsementsEncoding``.
    package init(upload bytes: [UInt8]) throws(EvidenceRefusal) {
        let fields: EndorsementFields
        do {
            let value = try JSONValue(parsing: bytes, maximumByteCount: Self.maximumUploadByteCount)
            var object = try JSONReader(value).object()
            _ = try object.integer("version", in: 1...1)
            fields = try EndorsementFields(
                certificates: object.optional("certificates")?.object(), list: object.optional("revocationList"))
            try object.finish()
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
