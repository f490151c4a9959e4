public import Primitives

/// Why bytes are not a certificate or a revocation list of the profile that AMD writes.
public enum CertificateError: Error, Equatable, Sendable {
    case tooLarge(found: Int, maximum: Int)
    /// Not DER, or not the structure that stands there.
    case malformed(CertificatePart)
    /// The right structure with a choice that is not accepted, such as another algorithm.
    case unsupported(CertificatePart)
    case algorithmsDiffer
    /// PEM blocks where one is expected.
    case severalDocuments(Int)
    /// A PEM block of another kind.
    case otherDocument(expected: PEMLabel)
    case duplicateExtension(oid: String)
    case unknownCriticalExtension(oid: String)
    case missingExtension(AMDExtension)
    case malformedExtension(AMDExtension)
    /// An extension that this sort of certificate does not have.
    case strayExtension(AMDExtension)
    /// A security version that would stay uncompared.
    case unknownSecurityVersion(oid: String)
}

/// A part of a certificate or a revocation list. The raw value follows "the".
public enum CertificatePart: String, Equatable, Sendable {
    case outline = "outer sequence"
    case version
    case serialNumber = "serial number"
    case algorithm = "signature algorithm"
    case signature
    case issuer
    case subject
    case validity
    case publicKey = "public key"
    case extensions
    case basicConstraints = "basic constraints extension"
    case keyUsage = "key usage extension"
    case revokedCertificates = "list of revoked certificates"
}

extension CertificateError: ExplainedError {
    public var code: String {
        switch self {
        case .tooLarge: "evidence.certificate.size"
        case .malformed, .severalDocuments, .otherDocument: "evidence.certificate.encoding"
        case .unsupported, .algorithmsDiffer: "evidence.certificate.profile"
        case .duplicateExtension, .unknownCriticalExtension, .missingExtension, .malformedExtension, .strayExtension,
            .unknownSecurityVersion:
            "evidence.certificate.extension"
        }
    }

    public var message: String {
        switch self {
        case .tooLarge(let found, let maximum): "expected at most \(maximum) bytes, found \(found)"
        case .malformed(let part): "the \(part.rawValue) is not the DER that is expected there"
        case .unsupported(let part): "the \(part.rawValue) is not of the kind that AMD's certificates have"
        case .algorithmsDiffer: "the signature algorithms inside and outside the signed part differ"
        case .severalDocuments(let count): "expected one PEM block, found \(count)"
        case .otherDocument(let label): "expected a PEM block of the kind \(label.rawValue)"
        case .duplicateExtension(let oid): "the extension \(oid) occurs twice"
        case .unknownCriticalExtension(let oid): "the critical extension \(oid) is not known here"
        case .missingExtension(let name): "AMD's extension \(name.title) (\(name.rawValue)) is missing"
        case .malformedExtension(let name): "AMD's extension \(name.title) (\(name.rawValue)) is malformed"
        case .strayExtension(let name): "AMD's extension \(name.title) (\(name.rawValue)) does not belong here"
        case .unknownSecurityVersion(let oid): "the security version \(oid) is not known here"
        }
    }

    public var hint: String? {
        switch self {
        case .malformed(.outline): "expected DER or one PEM block; the file is cut off, or something else"
        case .severalDocuments: "AMD's cert_chain, which has two certificates, is named with --chain"
        case .otherDocument(.certificate): "a revocation list is named with --crl"
        case .otherDocument(.revocationList): "certificates are named with --certificate, --chain and their like"
        case .unknownSecurityVersion: "the processor may be newer than this release"
        default: nil
        }
    }
}
