internal import Commitments
public import Primitives

/// A chain from a report's key to a trusted root, every signature verified, and the revocation
/// list's with it. Only ``Endorsements/verified(simulatedRoot:)`` makes one.
///
/// It holds at any time: validity and revocation are the appraisal's questions, since those come
/// with a time. So one value serves for many reports.
public struct VerifiedEndorsements: Sendable {
    public let leaf: EndorsementCertificate
    public let intermediate: Certificate
    public let root: Certificate
    public let revocationList: RevocationList?
    public let anchor: TrustAnchor

    fileprivate init(_ chain: Chain, revocationList: RevocationList?, anchor: TrustAnchor) {
        leaf = chain.leaf
        intermediate = chain.intermediate
        root = chain.root
        self.revocationList = revocationList
        self.anchor = anchor
    }

    /// The same as they were presented.
    public var endorsements: Endorsements {
        Endorsements(leaf: leaf, intermediate: intermediate, root: root, revocationList: revocationList)
    }
}

/// Endorsements after their signatures were looked at.
public enum EndorsementVerification: Sendable {
    case verified(VerifiedEndorsements)
    /// The claims are kept, so that an appraisal can list what else is wrong with them.
    case refused(Endorsements, [Finding])

    /// What was presented, verified or not.
    public var presented: Endorsements {
        switch self {
        case .verified(let verified): verified.endorsements
        case .refused(let endorsements, _): endorsements
        }
    }

    var anchor: TrustAnchor? {
        if case .verified(let verified) = self { verified.anchor } else { nil }
    }

    var findings: [Finding] {
        if case .refused(_, let findings) = self { findings } else { [] }
    }
}

extension Endorsements {
    /// Verifies every name and signature from the leaf to a pinned root, and the revocation list's.
    ///
    /// - Parameter simulatedRoot: SHA-256 of the SubjectPublicKeyInfo of a root that the verifier
    ///   takes besides AMD's, for rehearsals.
    public func verified(simulatedRoot: SHA256Digest? = nil) -> EndorsementVerification {
        guard let leaf, let intermediate, let root else {
            let parts = [("VCEK or VLEK", leaf?.certificate), ("ASK or ASVK", intermediate), ("ARK", root)]
            let missing = parts.filter { $0.1 == nil }.map { $0.0 }
            return .refused(self, missing.map { Finding(.certificateMissing, expected: $0, found: "none") })
        }
        let chain = Chain(leaf: leaf, intermediate: intermediate, root: root)
        var findings = chain.nameFindings() + chain.authorityFindings() + chain.signatureFindings()
        if let revocationList { findings += chain.findings(on: revocationList) }

        let anchor = TrustAnchor(root: root, of: leaf.product, simulatedRoot: simulatedRoot)
        if anchor == nil {
            let found = "\(root.subject.commonName) with the key \(root.publicKeyDigest)"
            findings.append(
                Finding(.rootUnknown, expected: "AMD's root key for \(leaf.product.rawValue)", found: found))
        }
        guard let anchor, findings.isEmpty else { return .refused(self, findings) }
        return .verified(VerifiedEndorsements(chain, revocationList: revocationList, anchor: anchor))
    }
}

/// Three certificates that claim to vouch for one another.
private struct Chain {
    let leaf: EndorsementCertificate
    let intermediate: Certificate
    let root: Certificate

    func nameFindings() -> [Finding] {
        let product = leaf.product.rawValue
        let names =
            switch leaf.key {
            case .vcek: (leaf: "SEV-VCEK", intermediate: "SEV-\(product)")
            case .vlek: (leaf: "SEV-VLEK", intermediate: "SEV-VLEK-\(product)")
            }
        let roles = [
            (names.leaf, leaf.certificate.subject.commonName),
            (names.intermediate, intermediate.subject.commonName),
            ("ARK-\(product)", root.subject.commonName),
        ]
        let links = [(leaf.certificate, intermediate), (intermediate, root), (root, root)]
        return roles.filter { $0 != $1 }.map { Finding(.certificateRole, expected: $0, found: $1) }
            + links.filter { $0.issuer != $1.subject }.map {
                Finding(.certificateIssuer, expected: $1.subject.commonName, found: $0.issuer.commonName)
            }
    }

    func authorityFindings() -> [Finding] {
        [intermediate, root].filter { !$0.authority.isAuthority || !$0.authority.signsCertificates }.map {
            Finding(
                .certificateAuthority, expected: "an authority that signs certificates", found: $0.subject.commonName)
        } + (leaf.certificate.authority.isAuthority ? [leafIsAuthority] : [])
    }

    private var leafIsAuthority: Finding {
        Finding(.certificateAuthority, expected: "a key that signs reports", found: "an authority")
    }

    func signatureFindings() -> [Finding] {
        [(leaf.certificate, intermediate), (intermediate, root), (root, root)].filter { certificate, issuer in
            !certificate.isSigned(by: issuer)
        }.map { certificate, issuer in
            Finding(
                .certificateSignature, expected: "a signature by \(issuer.subject.commonName)",
                found: "none that verifies on \(certificate.subject.commonName)")
        }
    }

    func findings(on list: RevocationList) -> [Finding] {
        var findings: [Finding] = []
        if list.issuer != root.subject {
            let expected = root.subject.commonName
            findings.append(Finding(.revocationIssuer, expected: expected, found: list.issuer.commonName))
        }
        if !root.hasSigned(list) {
            let expected = "a signature by \(root.subject.commonName)"
            findings.append(Finding(.revocationSignature, expected: expected, found: "none that verifies"))
        }
        return findings
    }
}

extension Certificate {
    /// Whether `issuer`'s key signed this certificate. Says nothing of whose key it is.
    package func isSigned(by issuer: Certificate) -> Bool { issuer.hasSigned(document) }

    /// Whether this certificate's key signed the list, and may sign lists. Says nothing of whose key it is.
    package func hasSigned(_ list: RevocationList) -> Bool {
        authority.signsRevocationLists && hasSigned(list.document)
    }

    /// Whether this certificate's key signed the document. A key that is no authority's never did.
    fileprivate func hasSigned(_ document: SignedDocument) -> Bool {
        guard case .authority(let key) = publicKey else { return false }
        return key.isValidSignature(document.signature, for: document.signedBytes)
    }
}
