public import Keys

extension PayloadType {
    /// A manifest's canonical bytes.
    public static let manifest = PayloadType(
        name: "application/vnd.2cvm.manifest+json", maximumByteCount: Manifest.maximumByteCount)
}

extension Manifest: Agreement {
    public static var payloadType: PayloadType { .manifest }
    public static var word: String { "manifest" }

    /// Every participant; nobody where the manifest belongs to a plan, which is signed instead.
    public var signatories: [Participant] { plan == nil ? participants : [] }

    /// The participant who sends what is signed with `key`, or `nil`.
    public func sender(signingWith key: SigningPublicKey) -> Participant? {
        participants.first { $0.signingKey == key }
    }
}

/// A manifest that at least one of its participants signed, every signature verified.
public typealias SignedManifest = SignedAgreement<Manifest>

/// A manifest that every participant signed.
public typealias FullySignedManifest = FullySignedAgreement<Manifest>

/// Why an envelope is not a signed manifest, or not a complete one.
public typealias SignedManifestError = AgreementError<Manifest>

/// A manifest as it lies in a file: a draft, or an envelope with signatures.
public typealias ManifestDocument = AgreementDocument<Manifest>

extension SignedAgreement where Terms == Manifest {
    /// What was signed.
    public var manifest: Manifest { terms }
}

extension FullySignedAgreement where Terms == Manifest {
    /// What was signed.
    public var manifest: Manifest { terms }
}

extension AgreementDocument where Terms == Manifest {
    /// What the file holds, signed or not.
    public var manifest: Manifest { terms }
}
