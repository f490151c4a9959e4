public import Primitives
internal import SwiftASN1

/// An X.509 certificate of the profile that AMD writes (RFC 5280), decoded and not yet trusted.
///
/// Taken: version 3, RSASSA-PSS with SHA-384 by an RSA-4096 key, plain names, a key of RSA-4096 or P-384, no unique
/// identifiers, no unknown critical extension. Everything else is refused.
public struct Certificate: Sendable {
    public static let maximumByteCount = 4096
    static let maximumExtensionCount = 32

    /// The DER that was decoded.
    public let encoded: [UInt8]
    public let serialNumber: SerialNumber
    public let issuer: DistinguishedName
    public let subject: DistinguishedName
    public let validity: Validity
    /// What it may sign as an authority.
    public let authority: Authority

    let document: SignedDocument
    let publicKey: CertificateKey
    private let subjectPublicKeyInfo: ASN1Node
    /// Values by identifier, basic constraints and key usage included.
    let extensions: [ASN1ObjectIdentifier: [UInt8]]

    /// Decodes one certificate.
    ///
    /// - Parameter der: at most ``maximumByteCount`` bytes.
    /// - Throws: ``CertificateError``, naming the part.
    public init(decoding der: [UInt8]) throws(CertificateError) {
        document = try SignedDocument(decoding: der, maximumByteCount: Self.maximumByteCount)
        encoded = der
        var fields = try DERElements(of: document.content, in: .outline)
        guard let version = try fields.next(if: .context(0)),
            try version.unwrapped(in: .version).decoded(as: Int.self, in: .version) == 2
        else { throw .unsupported(.version) }
        serialNumber = try SerialNumber(fields.next())
        try document.requireAlgorithm(fields.next())
        issuer = try DistinguishedName(fields.next(), in: .issuer)
        validity = try Validity(fields.next())
        subject = try DistinguishedName(fields.next(), in: .subject)
        subjectPublicKeyInfo = try fields.next()
        publicKey = try CertificateKey(subjectPublicKeyInfo: subjectPublicKeyInfo)
        if let list = try fields.next(if: .context(3)) {
            extensions = try decodeExtensions(list.unwrapped(in: .extensions))
        } else {
            extensions = [:]
        }
        try fields.finish()
        authority = try Authority(extensions)
    }

    /// SHA-256 over the SubjectPublicKeyInfo: how roots are pinned.
    public var publicKeyDigest: SHA256Digest {
        SHA256Digest(sha256: subjectPublicKeyInfo.encodedBytes)
    }
}

extension Certificate: Equatable {
    public static func == (left: Certificate, right: Certificate) -> Bool { left.encoded == right.encoded }
}

/// What a certificate's owner may do as an authority (RFC 5280, sections 4.2.1.3 and 4.2.1.9).
public struct Authority: Hashable, Sendable {
    /// Basic constraints say that it is an authority.
    public let isAuthority: Bool
    public let signsCertificates: Bool
    public let signsRevocationLists: Bool

    init(_ extensions: [ASN1ObjectIdentifier: [UInt8]]) throws(CertificateError) {
        var isAuthority = false
        if let value = extensions[.basicConstraints] {
            var constraints = try DERElements(
                of: ASN1Node(parsing: value, in: .basicConstraints), in: .basicConstraints)
            if let flag = try constraints.next(if: .boolean) {
                isAuthority = try flag.decoded(as: Bool.self, in: .basicConstraints)
            }
            if let pathLength = try constraints.next(if: .integer) {
                _ = try pathLength.decoded(as: UInt8.self, in: .basicConstraints)
            }
            try constraints.finish()
        }
        var usage: UInt8 = 0
        if let value = extensions[.keyUsage] {
            let bits = try ASN1Node(parsing: value, in: .keyUsage).decoded(as: ASN1BitString.self, in: .keyUsage)
            usage = bits.bytes.first ?? 0
        }
        self.isAuthority = isAuthority
        // Bits are numbered from the left: keyCertSign is 5, cRLSign 6.
        signsCertificates = usage & 0b100 != 0
        signsRevocationLists = usage & 0b10 != 0
    }
}

/// Decodes an Extensions sequence and refuses what it may not ignore.
///
/// - Parameter known: the critical extensions that the caller looks at.
func decodeExtensions(
    _ node: ASN1Node, known: Set<ASN1ObjectIdentifier> = [.basicConstraints, .keyUsage]
) throws(CertificateError) -> [ASN1ObjectIdentifier: [UInt8]] {
    var list = try DERElements(of: node, in: .extensions)
    var values: [ASN1ObjectIdentifier: [UInt8]] = [:]
    while !list.isAtEnd {
        guard values.count < Certificate.maximumExtensionCount else { throw .malformed(.extensions) }
        var entry = try DERElements(of: list.next(), in: .extensions)
        let identifier = try entry.next().decoded(as: ASN1ObjectIdentifier.self, in: .extensions)
        if let critical = try entry.next(if: .boolean), try critical.decoded(as: Bool.self, in: .extensions) {
            guard known.contains(identifier) else {
                throw .unknownCriticalExtension(oid: identifier.shortDescription)
            }
        }
        let value = try entry.next().decoded(as: ASN1OctetString.self, in: .extensions)
        try entry.finish()
        guard values.updateValue(Array(value.bytes), forKey: identifier) == nil else {
            throw .duplicateExtension(oid: identifier.shortDescription)
        }
    }
    return values
}
