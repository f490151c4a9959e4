package import Evidence
internal import Primitives

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

/// A verdict and its findings, for people.
package func appraisalText<Affirmed>(_ appraisal: Appraisal<Affirmed>, at time: Timestamp) -> String {
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
