public import Primitives

/// Why bytes are not an attestation report.
public enum ReportError: Error, Equatable, Sendable {
    case wrongSize(found: Int)
    /// What Azure keeps in a VM's TPM: a paravisor's report, with data of its own around it.
    case azureBlob
    case unsupportedVersion(UInt32)
    case outOfRange(field: String, offset: Int)
    case reservedNotZero(offset: Int)
}

extension ReportError: ExplainedError {
    public var code: String {
        switch self {
        case .wrongSize: "evidence.report.size"
        case .azureBlob: "evidence.report.azure"
        case .unsupportedVersion: "evidence.report.version"
        case .outOfRange: "evidence.report.range"
        case .reservedNotZero: "evidence.report.reserved"
        }
    }

    public var message: String {
        switch self {
        case .wrongSize(let found):
            "expected a report of \(AttestationReport.byteCount) bytes, found \(found)"
        case .azureBlob:
            "this is an Azure attestation blob (HCLA): its report is that of Azure's paravisor, not of a session"
        case .unsupportedVersion(let version):
            "expected report version 2 to 5, found \(version)"
        case .outOfRange(let field, let offset):
            "\(field) at offset \(hexOffset(offset)) has a value that the specification does not allow"
        case .reservedNotZero(let offset):
            "the reserved byte at offset \(hexOffset(offset)) is not zero"
        }
    }

    public var hint: String? {
        switch self {
        case .wrongSize(let found) where found > AttestationReport.byteCount:
            "pass the report alone, without the certificate table that may follow it"
        case .azureBlob:
            "its REPORT_DATA belongs to the paravisor, so it binds no session; docs/WHERE.md says what can be believed "
                + "there"
        case .unsupportedVersion, .reservedNotZero:
            "the platform's firmware may be newer than this release"
        case .wrongSize, .outOfRange: nil
        }
    }
}

private func hexOffset(_ offset: Int) -> String { "0x" + String(offset, radix: 16) }
