internal import Primitives

/// A manifest as it lies in a file: a draft, or an envelope with signatures.
public enum ManifestDocument: Equatable, Sendable {
    case draft(Manifest)
    case signed(SignedManifest)

    public static let maximumByteCount = SignedManifest.maximumByteCount

    /// Decodes either, told apart by the envelope's key `payloadType`.
    public init(decoding bytes: [UInt8]) throws(SignedManifestError) {
        let value = try JSONDocument.read(
            bytes, maximumByteCount: Self.maximumByteCount,
            orThrow: { SignedManifestError.manifest(.document($0)) }
        ) { $0.value }
        if case .object(let members) = value, members.contains(where: { $0.name.hasSameBytes(as: "payloadType") }) {
            self = .signed(try SignedManifest(decoding: bytes))
        } else {
            do {
                self = .draft(try Manifest(decoding: bytes))
            } catch {
                throw .manifest(error)
            }
        }
    }

    public var manifest: Manifest {
        switch self {
        case .draft(let manifest): manifest
        case .signed(let signed): signed.manifest
        }
    }

    /// Who signed, in the manifest's order.
    public var signers: [Name] {
        switch self {
        case .draft: []
        case .signed(let signed): signed.signers
        }
    }

    /// Who has not signed yet, in the manifest's order.
    public var missingSigners: [Name] {
        switch self {
        case .draft(let manifest): manifest.participants.map(\.name)
        case .signed(let signed): signed.missingSigners
        }
    }
}
