import AgentService
import Evidence
import Platform
import Primitives
import SEVGuest
import Synchronization

/// Reports of the processor that this machine runs on.
final class HardwareEvidence: EvidenceSource {
    /// No option gives it one: a session on hardware never takes a simulated one for its peer.
    let simulatedRoot: SHA256Digest? = nil

    private let source: any ReportSource
    private let level: PrivilegeLevel
    /// The host hands over the same table for hours; decoding it takes as long as some reports.
    private let known = Mutex<(table: [UInt8], endorsements: Endorsements)?>(nil)

    init(_ source: any ReportSource, at level: PrivilegeLevel) {
        self.source = source
        self.level = level
    }

    func report(on reportData: FixedBytes<64>) throws -> SourcedReport {
        let answer = try source.report(on: reportData, at: level)
        let report = try AttestationReport(decoding: answer.report.bytes.span)
        return SourcedReport(report: report, endorsements: endorsements(in: answer.certificateTable, for: report))
    }

    /// What a host writes that cannot be read is absent: verifiers then say which certificate they lack.
    private func endorsements(in table: [UInt8], for report: AttestationReport) -> Endorsements {
        known.withLock { known in
            if let known, known.table == table { return known.endorsements }
            let none = Endorsements(leaf: nil, intermediate: nil, root: nil, revocationList: nil)
            let decoded = (try? Endorsements(CertificateTable(decoding: table.span), for: report)) ?? none
            known = (table, decoded)
            return decoded
        }
    }
}
