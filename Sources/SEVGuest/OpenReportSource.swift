/// Opens the kernel's interface that this guest has: `/dev/sev-guest`, else configfs.
///
/// - Throws: ``SEVGuestError/noDevice(_:)`` outside an SEV-SNP guest.
public func openReportSource() throws(SEVGuestError) -> any ReportSource {
    do throws(SEVGuestError) {
        return try SEVGuestDevice()
    } catch {
        guard case .noDevice = error else { throw error }
        return try TSMReports()
    }
}
