internal import SwiftASN1

/// The DER inside one PEM block, or the bytes as they are where they are no PEM.
///
/// AMD's service and most tools hand out either form. Anything around the block is refused.
///
/// - Parameter bytes: hostile; callers bound them to `maximumFileByteCount`.
/// - Throws: ``CertificateError`` for a PEM file that is not exactly one block.
public func derBytes(of bytes: [UInt8]) throws(CertificateError) -> [UInt8] {
    guard bytes.starts(with: Array("-----BEGIN".utf8)) else { return bytes }
    guard bytes.allSatisfy({ $0 < 0x80 }),
        let documents = try? PEMDocument.parseMultiple(pemString: String(decoding: bytes, as: UTF8.self)),
        documents.count == 1, let document = documents.first
    else { throw .malformed(.outline) }
    return document.derBytes
}

extension Certificate {
    /// One certificate as DER or PEM, at most.
    public static let maximumFileByteCount = 8192
}

extension RevocationList {
    /// One list as DER or PEM, at most.
    public static let maximumFileByteCount = 98_304
}
