public import Commitments
public import Primitives

/// Whose root vouches for a chain.
public enum TrustAnchor: Hashable, Sendable {
    case amd(SEVProduct)
    /// A root that the verifier named. It protects nothing.
    case simulated
}

extension SEVProduct {
    /// SHA-256 of the SubjectPublicKeyInfo of AMD's root key (ARK) for the product.
    public var rootKeyDigest: SHA256Digest? {
        switch self {
        case .milan: SHA256Digest(hex: "9f056bee44377e29308cb5ffa895bdfb62d18881fa6bed8d6f075b0204089cb9")
        case .genoa: SHA256Digest(hex: "429a69c9422aa258ee4d8db5fcda9c6470ef15f8cd5a9cebd6cbc7d90b863831")
        case .turin: SHA256Digest(hex: "4f125410563a2ab9a50356f9243f6fe0b6f73de98603f53f90339c70e9d7ad08")
        }
    }
}

extension TrustAnchor {
    /// What a root may vouch for: AMD's for its own product, or the one that the verifier named.
    ///
    /// - Parameters:
    ///   - product: what the leaf says it is.
    ///   - simulatedRoot: the digest of a root that the verifier takes besides AMD's.
    init?(root: Certificate, of product: SEVProduct, simulatedRoot: SHA256Digest?) {
        let digest = root.publicKeyDigest
        if digest == product.rootKeyDigest {
            self = .amd(product)
        } else if digest == simulatedRoot {
            self = .simulated
        } else {
            return nil
        }
    }
}
