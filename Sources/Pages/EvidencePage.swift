package import Evidence
internal import Primitives

extension Page {
    /// An appraisal of evidence, for a file: every check, and the report field by field.
    ///
    /// - Parameters:
    ///   - appraisal: by a verifier who lists what holds too.
    ///   - report: the report that was appraised.
    ///   - time: as of when.
    ///   - command: what makes the appraisal anew.
    package init<Affirmed>(
        _ appraisal: Appraisal<Affirmed>, of report: AttestationReport, at time: Timestamp, by command: String
    ) {
        let isAffirmed = if case .affirmed = appraisal { true } else { false }
        let checks = appraisal.findings.map { Check($0) }
        let failed = checks.count { $0.verdict == .fails }
        let waived = checks.count { $0.verdict == .waived }
        let verdict =
            isAffirmed
            ? "The evidence is affirmed: nothing counts against it."
            : "The evidence is contraindicated: \(failed) of \(checks.count) checks fail."
        self.init(
            title: "Evidence: \(isAffirmed ? "affirmed" : "contraindicated")", rules: [],
            body: [
                .tag("h1", text: "Evidence of a machine"),
                .tag("p", isAffirmed ? "good" : "bad", [], [.tag("b", text: verdict)]),
                .tag("p", text: "Judged as of \(time). \(Self.notAsked(waived))"),
            ] + HTML.noProof(command) + [
                .section(
                    "checks", "What was looked at",
                    [.checks(checks, "What fails stands first, then what nobody asked.")]),
                .section("report", "The report, field by field", [.report(report)]),
            ])
    }

    private static func notAsked(_ count: Int) -> String {
        switch count {
        case 0: "Everything that can be asked was asked."
        case 1: "One thing was not asked: somebody waived it."
        default: "\(count) things were not asked: somebody waived them."
        }
    }
}

extension HTML {
    /// Each field with its meaning, its bits on demand.
    static func report(_ report: AttestationReport) -> HTML {
        let titles = ["Field", "At byte", "Value", "Meaning"]
        let head = HTML.tag("tr", nil, [], titles.map { .tag("th", nil, [.init("scope", "col")], [.text($0)]) })
        let rows = report.listing.map { field -> HTML in
            let bits: [HTML] =
                field.bits.isEmpty
                ? []
                : [
                    .tag(
                        "details", nil, [],
                        [
                            .tag("summary", text: "\(field.bits.count) bits of \(field.name)"),
                            .tag(
                                "ul", nil, [],
                                field.bits.map { bit in
                                    .tag(
                                        "li",
                                        text: "bit \(bit.position), \(bit.name): \(bit.isSet ? 1 : 0), \(bit.meaning)")
                                }),
                        ])
                ]
            return .tag(
                "tr", nil, [],
                [
                    .tag("th", nil, [.init("scope", "row")], [.text(field.name)]),
                    .tag("td", nil, [.init("data-label", "at byte")], [.text("\(field.offset)")]),
                    .tag("td", nil, [], [.tag("span", "v", text: field.value)]),
                    .tag("td", nil, [], [.text(field.meaning)] + bits),
                ])
        }
        return .tag(
            "details", nil, [],
            [
                .tag("summary", text: "\(report.listing.count) fields, each with its meaning"),
                .tag("table", "stack", [], [.tag("thead", nil, [], [head]), .tag("tbody", nil, [], rows)]),
            ])
    }
}
