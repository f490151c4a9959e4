internal import Commitments
internal import Primitives

extension Inspection {
    /// What the verifier's own policy files find: each advisory by its name, open, undecidable or closed.
    var policyFindings: [Finding] {
        let policy = verifier.policy
        guard !policy.files.isEmpty else { return [] }
        return measurementFindings + unlistedFindings + advisoryFindings + notShownFindings
    }

    private var measurementFindings: [Finding] {
        verifier.policy.files.flatMap(\.refusedMeasurements).filter { $0.measurement == report.measurement }.prefix(1)
            .map { Finding(.refusedMeasurement, expected: "none that a policy refuses", found: "\($0.measurement)") }
    }

    /// A processor that a file has no product for: nothing would be compared. A version 2 report does not say which it
    /// is, so it is none that is listed.
    private var unlistedFindings: [Finding] {
        let files = verifier.policy.files.filter { file in !(report.processor.map(file.lists) ?? false) }
        guard !files.isEmpty else { return [] }
        let isRefused = files.contains { $0.unlistedProcessors == .refused }
        return [
            Finding(
                .policyProcessor, isRefused ? .contraindicated : .waived,
                expected: "a processor that the policy lists (\(files.map(\.title).joined(separator: ", ")))",
                found: report.processor.map { "\($0)" } ?? "one that the report does not name")
        ]
    }

    private var advisoryFindings: [Finding] {
        let subject = PolicySubject(report: report, layout: tcbLayout)
        var order: [String] = []
        var results: [String: [(rule: PolicyRule, state: AdvisoryState)]] = [:]
        for file in verifier.policy.files {
            for rule in file.rules(for: report.processor, of: product) {
                let identifier = rule.advisory.identifier
                if results[identifier] == nil { order.append(identifier) }
                results[identifier, default: []].append((rule, subject.state(of: rule)))
            }
        }
        return order.compactMap { results[$0].flatMap(finding(on:)) }
    }

    /// One finding for one advisory, however many rules there are on it: the worst state, the strictest consequence.
    private func finding(on results: [(rule: PolicyRule, state: AdvisoryState)]) -> Finding? {
        guard let worst = results.max(by: { $0.state < $1.state }) else { return nil }
        let isRefused = results.contains { rule, state in
            switch state {
            case .open: rule.whenOpen == .refused
            case .undecidable: rule.whenUndecidable == .refused
            case .closed: false
            }
        }
        let advisory = worst.rule.advisory
        let figures = advisory.isConfirmed ? "" : "; the figures are not confirmed"
        let severity: Finding.Severity = isRefused ? .contraindicated : .waived
        let name = "\(advisory.fullName), by which \(advisory.effect)"
        return switch worst.state {
        case .closed(let text):
            Finding(.policyClosed, .met, expected: name, found: "closed: \(text)\(figures)")
        case .undecidable(let text):
            Finding(.policyUndecidable, severity, expected: name, found: "undecidable: \(text)\(figures)")
        case .open(let text): Finding(.policyOpen, severity, expected: name, found: "open: \(text)\(figures)")
        }
    }

    private var notShownFindings: [Finding] {
        var seen: Set<String> = []
        return verifier.policy.files.flatMap(\.notShown).filter { seen.insert($0.identifier).inserted }.map {
            Finding(
                .policyNotShown, .waived, expected: "\($0.fullName), by which \($0.effect)",
                found: "no report can show it")
        }
    }
}
