internal import SwiftASN1

/// The DER inside one PEM block, or the bytes as they are where they are no PEM.
///
/// AMD's service and most tools hand out either form. Text around the block is passed over: `openssl` prints it.
///
/// - Parameters:
///   - bytes: hostile; callers bound them to `maximumFileByteCount`.
///   - label: what a PEM block must be.
/// - Throws: ``CertificateError`` for a PEM file that is not exactly one block of that kind.
public func derBytes(of bytes: [UInt8], as label: PEMLabel) throws(CertificateError) -> [UInt8] {
    guard let blocks = pemBlocks(in: bytes) else { return bytes }
    guard let documents = try? PEMDocument.parseMultiple(pemString: blocks), let document = documents.first else {
        throw .malformed(.outline)
    }
    guard documents.count == 1 else { throw .severalDocuments(documents.count) }
    guard document.discriminator == label.rawValue else { throw .otherDocument(expected: label) }
    return document.derBytes
}

/// The lines from each BEGIN to its END, or `nil` where there is no BEGIN: then it is no PEM.
func pemBlocks(in bytes: [UInt8]) -> String? {
    guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
    let newline = UInt8(ascii: "\n")
    var blocks: [UInt8] = []
    var isInside = false
    for line in bytes.split(separator: newline, omittingEmptySubsequences: false) {
        let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        if text.starts(with: "-----BEGIN ".utf8) { isInside = true }
        if isInside { blocks += text + [newline] }
        if text.starts(with: "-----END ".utf8) { isInside = false }
    }
    return blocks.isEmpty ? nil : String(decoding: blocks, as: UTF8.self)
}

extension Certificate {
    /// One certificate as DER or PEM, with what `openssl x509 -text` prints before it, at most.
    public static let maximumFileByteCount = 32_768
}

extension RevocationList {
    /// One list as DER or PEM, with what `openssl crl -text` prints before it, at most.
    public static let maximumFileByteCount = 524_288
}
