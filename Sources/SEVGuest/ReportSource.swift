public import Primitives

/// Something that has the firmware sign a report of this guest: a device of the kernel.
public protocol ReportSource: Sendable {
    /// Asks for a report.
    ///
    /// - Parameters:
    ///   - reportData: what the report is to repeat.
    ///   - level: the privilege level that the report is to state; not above this guest's own.
    /// - Throws: ``SEVGuestError``.
    func report(on reportData: FixedBytes<64>, at level: PrivilegeLevel) throws(SEVGuestError) -> HardwareReport
}

/// What came back: the report, and what the host had to say beside it. Nothing of it is trusted.
public struct HardwareReport: Equatable, Sendable {
    /// An ATTESTATION_REPORT.
    public let report: FixedBytes<1184>
    /// A certificate table as the host wrote it: hostile, often empty.
    public let certificateTable: [UInt8]

    /// Takes an answer if it is one to this question.
    init(
        _ bytes: ArraySlice<UInt8>, certificateTable: [UInt8], reportData: FixedBytes<64>
    ) throws(SEVGuestError) {
        guard let report = FixedBytes<1184>(bytes) else { throw .malformedAnswer("a report of 1184 bytes") }
        guard report.bytes[0x50..<0x90].elementsEqual(reportData.bytes) else { throw .otherReportData }
        self.report = report
        self.certificateTable = certificateTable
    }
}
