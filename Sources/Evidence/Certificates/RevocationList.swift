internal import SwiftASN1

/// A certificate revocation list (RFC 5280, section 5), decoded and not yet trusted.
public struct RevocationList: Sendable {
    public static let maximumByteCount = 65_536

    /// The DER that was decoded.
    public let encoded: [UInt8]
    public let issuer: DistinguishedName
    public let thisUpdate: Timestamp
    public let nextUpdate: Timestamp
    public let revoked: Set<SerialNumber>

    let document: SignedDocument

    /// Decodes one list. `nextUpdate` is required: a list without it would never be stale.
    ///
    /// - Parameter der: at most ``maximumByteCount`` bytes.
    /// - Throws: ``CertificateError``, naming the part.
    public init(decoding der: [UInt8]) throws(CertificateError) {
        document = try SignedDocument(decoding: der, maximumByteCount: Self.maximumByteCount)
        encoded = der
        var fields = try DERElements(of: document.content, in: .outline)
        guard try fields.next().decoded(as: Int.self, in: .version) == 1 else { throw .unsupported(.version) }
        try document.requireAlgorithm(fields.next())
        issuer = try DistinguishedName(fields.next(), in: .issuer)
        thisUpdate = try Timestamp(fields.next())
        nextUpdate = try Timestamp(fields.next())
        if let list = try fields.next(if: .sequence) {
            revoked = try Self.decodeEntries(list)
        } else {
            revoked = []
        }
        if let list = try fields.next(if: .context(0)) {
            // A delta list or a partial one says so in a critical extension, and is refused.
            _ = try decodeExtensions(list.unwrapped(in: .extensions), known: [])
        }
        try fields.finish()
    }

    private static func decodeEntries(_ node: ASN1Node) throws(CertificateError) -> Set<SerialNumber> {
        var entries = try DERElements(of: node, in: .revokedCertificates)
        var revoked: Set<SerialNumber> = []
        while !entries.isAtEnd {
            var entry = try DERElements(of: entries.next(), in: .revokedCertificates)
            revoked.insert(try SerialNumber(entry.next()))
            _ = try Timestamp(entry.next())
            if let list = try entry.next(if: .sequence) { _ = try decodeExtensions(list, known: []) }
            try entry.finish()
        }
        return revoked
    }
}

extension RevocationList: Equatable {
    public static func == (left: RevocationList, right: RevocationList) -> Bool { left.encoded == right.encoded }
}
