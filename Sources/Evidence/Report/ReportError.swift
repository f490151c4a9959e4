public import Primitives

/// Why bytes are not an attestation report.
public enum ReportError: Error, Equatable, Sendable {
    case wrongSize(found: Int)
    case unsupportedVersion(UInt32)
    case outOfRange(field: String, offset: Int)
    case reservedNotZero(offset: Int)
}

extension ReportError: ExplainedError {
    public var code: String {
        switch self {
        case .wrongSize: "evidence.report.size"
        case .unsupportedVersion: "evidence.report.version"
        case .outOfRange: "evidence.report.range"
        case .reservedNotZero: "evidence.report.reserved"
        }
    }

    public var message: String {
        switch self {
        case .wrongSize(let found):
            "expected a report of \(AttestationReport.byteCount) bytes, found \(found)"
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
        case .unsupportedVersion, .reservedNotZero:
            "the platform's firmware may be newer than this release"
        case .wrongSize, .outOfRange: nil
        }
    }
}

private func hexOffset(_ offset: Int) -> String { "0x" + String(offset, radix: 16) }
