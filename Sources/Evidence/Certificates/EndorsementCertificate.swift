public import Commitments
internal import Crypto
public import Primitives
internal import SwiftASN1

/// The certificate of the key that signs reports, VCEK or VLEK, decoded and not yet trusted.
///
/// Source: AMD 57230, Versioned Chip Endorsement Key (VCEK) Certificate and KDS Interface
/// Specification, and its counterpart for the VLEK.
public struct EndorsementCertificate: Sendable {
    public let certificate: Certificate
    public let key: Key
    /// As written: `Milan-B0`, `Milan`, `Genoa`.
    public let productName: String
    public let product: SEVProduct
    /// The firmware that the key stands for.
    public let tcb: TCBVersion

    let publicKey: P384.Signing.PublicKey

    /// Whose key it is.
    public enum Key: Hashable, Sendable {
        /// A chip's. The hardware ID is the CHIP_ID of its reports, filled with zeros.
        case vcek(chipID: FixedBytes<64>)
        /// A cloud provider's, by the name that AMD gave it.
        case vlek(provider: String)
    }

    /// Decodes one certificate.
    ///
    /// - Parameter der: at most ``Certificate/maximumByteCount`` bytes.
    /// - Throws: ``CertificateError``, naming the part.
    public init(decoding der: [UInt8]) throws(CertificateError) {
        let certificate = try Certificate(decoding: der)
        let fields = try AMDExtensions(certificate.extensions)
        let isTurin = fields.structVersion == 1
        guard let product = SEVProduct(certificateName: fields.productName),
            (product.tcbLayout == .turin) == isTurin
        else { throw .malformedExtension(.productName) }
        guard case .endorsement(let publicKey) = certificate.publicKey else { throw .unsupported(.publicKey) }
        self.publicKey = publicKey
        switch (fields.hardwareID, fields.provider) {
        case (let hardwareID?, nil):
            // Turin's hardware ID is 8 bytes; the rest of its CHIP_ID is zero.
            let count = isTurin ? 8 : 64
            let padding = [UInt8](repeating: 0, count: 64 - count)
            guard let bytes = Self.content(of: hardwareID, byteCount: count),
                let chipID = FixedBytes<64>(bytes + padding)
            else { throw .malformedExtension(.hardwareID) }
            key = .vcek(chipID: chipID)
        case (nil, let provider?): key = .vlek(provider: provider)
        case (nil, nil): throw .missingExtension(.hardwareID)
        case (_?, _?): throw .strayExtension(.provider)
        }
        self.certificate = certificate
        productName = fields.productName
        self.product = product
        tcb = fields.tcb
    }

    /// AMD writes the hardware ID as it is; its specification has an OCTET STRING. Their lengths tell them apart.
    private static func content(of value: [UInt8], byteCount: Int) -> [UInt8]? {
        if value.count == byteCount { return value }
        guard value.count == byteCount + 2, value[0] == 0x04, value[1] == UInt8(byteCount) else { return nil }
        return Array(value.dropFirst(2))
    }

    /// Whether this key signed the report. Says nothing of whose key it is.
    public func hasSigned(_ report: AttestationReport) -> Bool {
        guard let signature = try? P384.Signing.ECDSASignature(rawRepresentation: report.signature.bytes) else {
            return false
        }
        return publicKey.isValidSignature(signature, for: SHA384.hash(data: report.signedBytes))
    }
}

extension EndorsementCertificate: Equatable {
    public static func == (left: EndorsementCertificate, right: EndorsementCertificate) -> Bool {
        left.certificate == right.certificate
    }
}

extension EndorsementCertificate.Key {
    public var kind: SEVSNPRequirements.EndorsementKey {
        switch self {
        case .vcek: .vcek
        case .vlek: .vlek
        }
    }
}

extension SEVProduct {
    /// From a certificate: the product alone, or with a stepping such as `-B0`.
    init?(certificateName text: String) {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let product = parts.first.flatMap({ SEVProduct(rawValue: String($0)) }) else { return nil }
        if parts.count == 2 {
            let stepping = Array(parts[1].utf8)
            guard stepping.count == 2, 0x41...0x5A ~= stepping[0], 0x30...0x39 ~= stepping[1] else { return nil }
        }
        self = product
    }
}
