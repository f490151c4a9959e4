package import Evidence
package import Primitives

/// What a command throws: an error that says how to end, and the file at fault.
package struct CommandFailure: Error {
    package let error: any CommandFault
    package let place: String?
    /// What the error sums up, told before it.
    package let findings: Findings?

    /// A verdict with its reasons, for people and for machines.
    package struct Findings {
        package let text: String
        package let json: JSONValue
    }

    package init(_ error: any CommandFault, in place: String? = nil, findings: Findings? = nil) {
        self.error = error
        self.place = place
        self.findings = findings
    }

    package var status: ExitStatus { error.status }
}

extension CommandFailure {
    /// Evidence that does not meet the manifest, with every finding.
    package init<Affirmed>(contraindicated appraisal: Appraisal<Affirmed>, at time: Timestamp) {
        self.init(SessionCommandError.contraindicated, findings: Findings(appraisal, at: time))
    }
}

extension CommandFailure.Findings {
    package init<Affirmed>(_ appraisal: Appraisal<Affirmed>, at time: Timestamp) {
        self.init(text: appraisalText(appraisal, at: time), json: appraisal.json(at: time))
    }
}
