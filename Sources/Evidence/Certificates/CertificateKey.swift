internal import Crypto
internal import SwiftASN1

/// A certificate's public key: an authority's, or one that signs reports. AMD's certificates have no other.
enum CertificateKey: Sendable {
    case authority(AuthorityKey)
    case endorsement(P384.Signing.PublicKey)

    /// Takes a SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7).
    init(subjectPublicKeyInfo: ASN1Node) throws(CertificateError) {
        var outline = try DERElements(of: subjectPublicKeyInfo, in: .publicKey)
        var algorithm = try DERElements(of: outline.next(), in: .publicKey)
        _ = try outline.next().decoded(as: ASN1BitString.self, in: .publicKey)
        try outline.finish()
        switch try algorithm.next().decoded(as: ASN1ObjectIdentifier.self, in: .publicKey) {
        case .rsaEncryption:
            _ = try algorithm.next().decoded(as: ASN1Null.self, in: .publicKey)
            try algorithm.finish()
            self = .authority(try AuthorityKey(subjectPublicKeyInfo))
        case .ecPublicKey:
            do {
                self = .endorsement(
                    try P384.Signing.PublicKey(derRepresentation: Array(subjectPublicKeyInfo.encodedBytes)))
            } catch {
                throw .unsupported(.publicKey)
            }
        default: throw .unsupported(.publicKey)
        }
    }
}
