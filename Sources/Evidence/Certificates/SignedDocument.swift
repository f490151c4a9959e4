internal import Crypto
internal import CryptoExtras
internal import SwiftASN1

/// What certificates and revocation lists share (RFC 5280, sections 4.1.1 and 5.1.1): a signed
/// part, the algorithm, and the signature.
struct SignedDocument: Sendable {
    let content: ASN1Node
    let signedBytes: [UInt8]
    /// As it stands; the signed part repeats it.
    let algorithm: ASN1Node
    let signature: [UInt8]

    /// RSA-4096: every AMD root and intermediate key.
    static let signatureByteCount = 512

    init(decoding der: [UInt8], maximumByteCount: Int) throws(CertificateError) {
        guard der.count <= maximumByteCount else { throw .tooLarge(found: der.count, maximum: maximumByteCount) }
        var outline = try DERElements(of: ASN1Node(parsing: der, in: .outline), in: .outline)
        content = try outline.next()
        signedBytes = Array(content.encodedBytes)
        algorithm = try outline.next()
        try requirePSSWithSHA384(algorithm)
        let bits = try outline.next().decoded(as: ASN1BitString.self, in: .signature)
        guard bits.paddingBits == 0, bits.bytes.count == Self.signatureByteCount else { throw .unsupported(.signature) }
        signature = Array(bits.bytes)
        try outline.finish()
    }

    /// Refuses a signed part that names another algorithm than the one outside it.
    func requireAlgorithm(_ inner: ASN1Node) throws(CertificateError) {
        guard inner.encodedBytes.elementsEqual(algorithm.encodedBytes) else { throw .algorithmsDiffer }
    }
}

/// The RSA key of a certificate authority.
struct AuthorityKey: Sendable {
    private let key: _RSA.Signing.PublicKey

    static let bitCount = 4096

    /// Takes a SubjectPublicKeyInfo of rsaEncryption: 4096 bits.
    init(_ subjectPublicKeyInfo: ASN1Node) throws(CertificateError) {
        do {
            key = try _RSA.Signing.PublicKey(derRepresentation: Array(subjectPublicKeyInfo.encodedBytes))
        } catch {
            throw .malformed(.publicKey)
        }
        guard key.keySizeInBits == Self.bitCount else { throw .unsupported(.publicKey) }
    }

    /// Whether this key signed `bytes`: RSASSA-PSS, SHA-384, MGF1 with SHA-384, 48 bytes of salt.
    func isValidSignature(_ signature: [UInt8], for bytes: [UInt8]) -> Bool {
        key.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature), for: SHA384.hash(data: bytes), padding: .PSS)
    }
}

/// Refuses every signature algorithm but RSASSA-PSS with the parameters that AMD uses (RFC 4055).
///
/// They come in two encodings, with and without the trailer field's default value, so they are
/// parsed and not compared with a constant.
private func requirePSSWithSHA384(_ algorithm: ASN1Node) throws(CertificateError) {
    var outline = try DERElements(of: algorithm, in: .algorithm)
    guard try outline.next().decoded(as: ASN1ObjectIdentifier.self, in: .algorithm) == .rsassaPSS else {
        throw .unsupported(.algorithm)
    }
    var parameters = try DERElements(of: outline.next(), in: .algorithm)
    try outline.finish()

    try requireSHA384(parameters.next(if: .context(0)))
    guard let mask = try parameters.next(if: .context(1)) else { throw .unsupported(.algorithm) }
    var generator = try DERElements(of: mask.unwrapped(in: .algorithm), in: .algorithm)
    guard try generator.next().decoded(as: ASN1ObjectIdentifier.self, in: .algorithm) == .mgf1 else {
        throw .unsupported(.algorithm)
    }
    try requireSHA384(generator.next(), isTagged: false)
    try generator.finish()

    guard let salt = try parameters.next(if: .context(2)),
        try salt.unwrapped(in: .algorithm).decoded(as: Int.self, in: .algorithm) == 48
    else { throw .unsupported(.algorithm) }
    if let trailer = try parameters.next(if: .context(3)) {
        guard try trailer.unwrapped(in: .algorithm).decoded(as: Int.self, in: .algorithm) == 1 else {
            throw .unsupported(.algorithm)
        }
    }
    try parameters.finish()
}

/// An AlgorithmIdentifier of SHA-384, its parameters absent or NULL (RFC 4055, section 2.1).
private func requireSHA384(_ node: ASN1Node?, isTagged: Bool = true) throws(CertificateError) {
    guard let node else { throw .unsupported(.algorithm) }
    var hash = try DERElements(of: isTagged ? node.unwrapped(in: .algorithm) : node, in: .algorithm)
    guard try hash.next().decoded(as: ASN1ObjectIdentifier.self, in: .algorithm) == .sha384 else {
        throw .unsupported(.algorithm)
    }
    if !hash.isAtEnd { _ = try hash.next().decoded(as: ASN1Null.self, in: .algorithm) }
    try hash.finish()
}
