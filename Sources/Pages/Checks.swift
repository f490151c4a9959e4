package import Evidence

/// One thing that was looked at, for a table that people file.
package struct Check: Sendable {
    /// How it came out.
    package enum Verdict: Int, Sendable {
        case fails, waived, holds, unseen

        /// In words: a screen reader and black and white print have no colour.
        var words: String {
            switch self {
            case .fails: "fails"
            case .waived: "not asked"
            case .holds: "holds"
            case .unseen: "not looked at"
            }
        }

        var style: String {
            switch self {
            case .fails: "bad"
            case .waived, .unseen: "warn"
            case .holds: "good"
            }
        }
    }

    let verdict: Verdict
    let subject: String
    let code: String?
    let expected: String
    let found: String
    let advice: String?

    /// States one.
    package init(
        _ verdict: Verdict, _ subject: String, expected: String, found: String,
        code: String? = nil, advice: String? = nil
    ) {
        self.verdict = verdict
        self.subject = subject
        self.code = code
        self.expected = expected
        self.found = found
        self.advice = advice
    }

    /// One finding of an appraisal.
    package init(_ finding: Finding) {
        let verdict: Verdict =
            switch finding.severity {
            case .contraindicated: .fails
            case .waived: .waived
            case .met: .holds
            }
        self.init(
            verdict, finding.rule.subject, expected: finding.expected, found: finding.found, code: finding.code,
            advice: finding.hint)
    }
}

extension HTML {
    /// Checks as a table: what fails first.
    static func checks(_ checks: [Check], _ title: String) -> HTML {
        let titles = ["Verdict", "What was looked at", "Expected", "Found", "What to do"]
        let head = HTML.tag("tr", nil, [], titles.map { .tag("th", nil, [.init("scope", "col")], [.text($0)]) })
        let ordered = checks.enumerated().sorted {
            ($0.element.verdict.rawValue, $0.offset) < ($1.element.verdict.rawValue, $1.offset)
        }
        let rows = ordered.map { _, check -> HTML in
            let subject: [HTML] =
                [.text(check.subject)] + (check.code.map { [" ", .tag("code", text: $0)] } ?? [])
            let advice = check.advice ?? (check.verdict == .fails ? "do not rely on it" : "nothing")
            return .tag(
                "tr", nil, [],
                [
                    .tag("th", check.verdict.style, [.init("scope", "row")], [.text(check.verdict.words)]),
                    cell(titles[1], subject), cell(titles[2], [.tag("span", "v", text: check.expected)]),
                    cell(titles[3], [.tag("span", "v", text: check.found)]), cell(titles[4], [.text(advice)]),
                ])
        }
        return .tag(
            "table", "stack", [],
            [.tag("caption", text: title), .tag("thead", nil, [], [head]), .tag("tbody", nil, [], rows)])
    }

    private static func cell(_ label: String, _ content: [HTML]) -> HTML {
        .tag("td", nil, [.init("data-label", label + ":")], content)
    }

    /// Names and values of one thing.
    static func facts(_ facts: [(name: String, value: String)]) -> HTML {
        .tag(
            "table", "stack", [],
            [
                .tag(
                    "tbody", nil, [],
                    facts.map { name, value in
                        .tag(
                            "tr", nil, [],
                            [
                                .tag("th", nil, [.init("scope", "row")], [.text(name)]),
                                .tag("td", nil, [], [.tag("span", "v", text: value)]),
                            ])
                    })
            ])
    }

    /// What a page is worth, and which command is worth more.
    static func noProof(_ command: String) -> [HTML] {
        [
            .tag(
                "p",
                text: "This page proves nothing: its sender could have written anything. To know, run this command on "
                    + "the files themselves, offline:"),
            .tag("p", nil, [], [.tag("code", text: command)]),
        ]
    }
}
