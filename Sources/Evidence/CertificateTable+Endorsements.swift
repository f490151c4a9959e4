internal import Commitments
internal import enum Crypto.P384

extension EndorsementCertificate {
    /// Whether it certifies that P-384 key, given as a SubjectPublicKeyInfo in DER.
    package func hasPublicKey(_ der: some Sequence<UInt8>) -> Bool {
        publicKey.derRepresentation.elementsEqual(der)
    }

    /// Whether the report was made under the firmware that this key stands for. Cheap, and proves nothing.
    package func isForTCB(of report: AttestationReport) -> Bool {
        report.tcb.reported.decoded(as: product.tcbLayout) == tcb
    }
}

extension Endorsements {
    /// Takes the certificates that belong to a report out of a host's table. Tables carry no revocation list.
    ///
    /// - Parameters:
    ///   - table: hostile; it may hold anything.
    ///   - report: says whose key signed it. A table with both kinds of certificate serves that one.
    /// - Throws: ``CertificateError`` for an entry that is not the certificate that its GUID promises.
    public init(_ table: CertificateTable, for report: AttestationReport) throws(CertificateError) {
        var leaf: EndorsementCertificate?
        if let key = report.signer.signingKey.kind, let der = table[key == .vcek ? .vcek : .vlek] {
            let certificate = try EndorsementCertificate(decoding: der)
            guard certificate.key.kind == key else { throw .strayExtension(key == .vcek ? .provider : .hardwareID) }
            leaf = certificate
        }
        var intermediate: Certificate?
        if let der = table[.ask] { intermediate = try Certificate(decoding: der) }
        var root: Certificate?
        if let der = table[.ark] { root = try Certificate(decoding: der) }
        self.init(leaf: leaf, intermediate: intermediate, root: root, revocationList: nil)
    }
}
