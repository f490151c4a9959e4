public import Evidence
public import Primitives

/// Where a session's reports come from: the processor, or a simulation of one.
///
/// The executables conform to it, so that this module knows neither the kernel's interface nor the simulation.
public protocol EvidenceSource: Sendable {
    /// SHA-256 of the public key of the simulated platform's root; `nil` where a processor stands behind the reports.
    var simulatedRoot: SHA256Digest? { get }

    /// Asks for a report that carries `reportData`. May block for as long as the firmware takes.
    func report(on reportData: FixedBytes<64>) throws -> SourcedReport
}

/// A report, and what came beside it.
public struct SourcedReport: Equatable, Sendable {
    public let report: AttestationReport
    /// Certificates that the platform handed over with it: untrusted, often none.
    public let endorsements: Endorsements

    /// Joins the two.
    public init(report: AttestationReport, endorsements: Endorsements) {
        self.report = report
        self.endorsements = endorsements
    }
}
