internal import Client
package import Evidence
package import Primitives

package func readReport(_ path: String) throws(CommandFailure) -> AttestationReport {
    try readFile(path, maximumByteCount: EvidenceBundle.maximumByteCount, as: decodedReport)
}

package func decodedReport(_ bytes: [UInt8]) throws(ReportError) -> AttestationReport {
    try AttestationReport(decoding: bytes.span)
}

package func readBundle(_ path: String) throws(CommandFailure) -> EvidenceBundle {
    let bytes = try unwrapped(try readFile(path, maximumByteCount: ConceptualMessage.maximumByteCount), of: path)
    return try decoded(bytes, of: path, as: EvidenceBundle.init(decoding:))
}

/// What a conceptual message wrapper holds, or the bytes as they are.
private func unwrapped(_ bytes: [UInt8], of path: String) throws(CommandFailure) -> [UInt8] {
    guard ConceptualMessage.isRecord(bytes) else { return bytes }
    return try decoded(bytes, of: path, as: ConceptualMessage.content(of:))
}

package func readEndorsementCertificate(_ path: String) throws(CommandFailure) -> EndorsementCertificate {
    try readFile(path, maximumByteCount: Certificate.maximumFileByteCount) { bytes throws(CertificateError) in
        try EndorsementCertificate(decoding: try derBytes(of: bytes, as: .certificate))
    }
}

package func readCertificate(_ path: String) throws(CommandFailure) -> Certificate {
    try readFile(path, maximumByteCount: Certificate.maximumFileByteCount) { bytes throws(CertificateError) in
        try Certificate(decoding: try derBytes(of: bytes, as: .certificate))
    }
}

package func readRevocationList(_ path: String) throws(CommandFailure) -> RevocationList {
    try readFile(path, maximumByteCount: RevocationList.maximumFileByteCount) { bytes throws(CertificateError) in
        try RevocationList(decoding: try derBytes(of: bytes, as: .revocationList))
    }
}

/// What a person should see before anything leaves.
package func announce(_ evidence: AffirmedReport, _ session: SHA256Digest, _ progress: Progress) {
    if evidence.endorsements.anchor == .simulated {
        progress.note("this session is SIMULATED: no processor protects it")
    }
    progress.note("session \(SessionWords(session))")
}

/// A file that is a report or a bundle.
package enum EvidenceFile {
    case report(AttestationReport)
    case bundle(EvidenceBundle)
}

/// Reads a report or a bundle; a bundle is JSON, so it begins with a brace.
package func readEvidence(_ path: String) throws(CommandFailure) -> EvidenceFile {
    let bytes = try unwrapped(try readFile(path, maximumByteCount: ConceptualMessage.maximumByteCount), of: path)
    guard bytes.first == UInt8(ascii: "{") else { return .report(try decoded(bytes, of: path, as: decodedReport)) }
    return .bundle(try decoded(bytes, of: path, as: EvidenceBundle.init(decoding:)))
}
