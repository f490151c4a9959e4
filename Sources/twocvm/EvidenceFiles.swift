import ArgumentParser
import Evidence
import Primitives

// Reports, certificates and lists are signed, so it does not matter who carried the files.

func readReport(_ path: String) throws(CommandFailure) -> AttestationReport {
    try readFile(path, maximumByteCount: EvidenceBundle.maximumByteCount, as: decodedReport)
}

func decodedReport(_ bytes: [UInt8]) throws(ReportError) -> AttestationReport {
    try AttestationReport(decoding: bytes.span)
}

func readBundle(_ path: String) throws(CommandFailure) -> EvidenceBundle {
    try readFile(path, maximumByteCount: EvidenceBundle.maximumByteCount, as: EvidenceBundle.init(decoding:))
}

func readEndorsementCertificate(_ path: String) throws(CommandFailure) -> EndorsementCertificate {
    try readFile(path, maximumByteCount: Certificate.maximumFileByteCount) { bytes throws(CertificateError) in
        try EndorsementCertificate(decoding: try derBytes(of: bytes))
    }
}

func readCertificate(_ path: String) throws(CommandFailure) -> Certificate {
    try readFile(path, maximumByteCount: Certificate.maximumFileByteCount) { bytes throws(CertificateError) in
        try Certificate(decoding: try derBytes(of: bytes))
    }
}

func readRevocationList(_ path: String) throws(CommandFailure) -> RevocationList {
    try readFile(path, maximumByteCount: RevocationList.maximumFileByteCount) { bytes throws(CertificateError) in
        try RevocationList(decoding: try derBytes(of: bytes))
    }
}

/// 64 hexadecimal digits.
func digestArgument(_ text: String) throws(ValidationError) -> SHA256Digest {
    // With and without what agents print before it.
    guard let digest = SHA256Digest(prefixed: text) ?? SHA256Digest(hex: text) else {
        throw ValidationError(
            "expected 64 lowercase hexadecimal digits, perhaps after sha256:, found \(text.utf8.count) characters")
    }
    return digest
}

/// A date, or a date and a time in UTC.
func timeArgument(_ text: String) throws(ValidationError) -> Timestamp {
    guard let time = Timestamp(text) else {
        throw ValidationError("expected a date such as 2026-09-01, or a time such as 2026-09-01T12:00:00Z")
    }
    return time
}

/// A verdict and its findings, for people.
func appraisalText<Affirmed>(_ appraisal: Appraisal<Affirmed>, at time: Timestamp) -> String {
    var lines: [String] = []
    switch appraisal {
    case .affirmed: lines.append("affirmed as of \(time)")
    case .contraindicated: lines.append("contraindicated as of \(time)")
    }
    for finding in appraisal.findings {
        let mark = finding.severity == .contraindicated ? "!!" : "  "
        lines.append("\(mark) \(finding.severity.rawValue)[\(finding.code)]: \(finding.message)")
        if let hint = finding.hint { lines.append("     hint: \(hint)") }
    }
    return lines.joined(separator: "\n")
}
