internal import Commitments
internal import Evidence
internal import Keys
internal import Lifecycle
internal import Primitives
internal import Verification

/// The pages of one look at a session, each under the name by which the others link to it.
package struct MonitorPages: Sendable {
    /// The first of them.
    package static let index = "index"
    /// The same without being loaded anew.
    package static let still = "still"
    /// How often ``index`` is loaded anew.
    package static let refreshSeconds = 5
    fileprivate static let review = "review", receipts = "receipts", manifest = "manifest"

    package let pages: [(name: String, page: Page)]

    /// Makes the pages of a look.
    ///
    /// - Parameters:
    ///   - view: what is known.
    ///   - manifest: what everyone agreed on, explained.
    ///   - receipts: the verdict on what was kept, where something was.
    package init(_ view: MonitorView, explaining manifest: Page, receipts: Page?) {
        var pages: [(String, Page)] = [
            (Self.index, Page(view, isLive: true, hasReceipts: receipts != nil)),
            (Self.still, Page(view, isLive: false, hasReceipts: receipts != nil)),
            (Self.manifest, manifest.linkedBack),
        ]
        if case .review(let review, let commands) = view.waiting {
            pages.append((Self.review, Page(review, answeredBy: commands).linkedBack))
        }
        if let receipts { pages.append((Self.receipts, receipts.linkedBack)) }
        for (index, kept) in view.kept.enumerated() {
            guard let page = Page(kept, of: view.manifest) else { continue }
            pages.append((Self.name(ofKept: index), page.linkedBack))
        }
        self.pages = pages
    }

    fileprivate static func name(ofKept index: Int) -> String { "results-\(index + 1)" }
}

extension Page {
    /// The session at one moment.
    fileprivate init(_ view: MonitorView, isLive: Bool, hasReceipts: Bool) {
        let name = view.manifest.name
        self.init(
            title: "\(view.mark)\(name)", rules: [],
            body: [.tag("h1", text: "The session of \(name)")] + view.trouble(isLive: isLive)
                + [.section("waiting", "What waits for you", view.waitingContent)]
                + [.section("session", "Which session it is", view.session)]
                + [.section("stage", "Where it stands, as its agent says", view.stage)]
                + [.section("results", "What you fetched", view.results(hasReceipts: hasReceipts))]
                + [.section("ledger", "What went to sessions of this manifest from here", view.submissions)]
                + [view.closing(isLive: isLive)])
    }

    /// With a way back to the session.
    fileprivate var linkedBack: Page {
        var page = self
        let link = HTML.tag("a", nil, [.init("href", "./")], [.text("To the session")])
        page.body.insert(.tag("nav", nil, [.init("aria-label", "Session")], [.tag("p", nil, [], [link])]), at: 0)
        return page
    }

    /// What lies in a folder, where it holds.
    fileprivate init?(_ kept: MonitorView.Kept, of manifest: Manifest) {
        guard case .holds(let receipt, let outputs) = kept.state else { return nil }
        let stated = receipt.verified.receipt
        let sections = outputs.enumerated().map { index, output -> HTML in
            let shown: [HTML] =
                output.content.map { HTML.content($0, "\(output.name)", "content-\(index)") }
                ?? [.tag("p", text: "It is too large to be shown here: open the file.")]
            return .section(
                "output-\(index)", "\(output.name), \(counted(output.byteCount, "byte"))", shown)
        }
        self.init(
            title: "Run \(stated.run.number) of \(manifest.name)", rules: [],
            body: [
                .tag("h1", text: "What run \(stated.run.number) of \(manifest.name) brought you"),
                .tag("p", "good", [], [.tag("b", text: "The receipt holds, and each output is what it commits to.")]),
                .tag("p", nil, [], ["Verified in ", .tag("code", text: kept.folder), "."]),
            ] + (outputs.isEmpty ? [.tag("p", text: "The results were \(stated.ending.words).")] : sections))
    }
}

extension MonitorView {
    /// What the tab says first: whoever has other tabs open sees that something waits.
    fileprivate var mark: String {
        switch waiting {
        case .review, .formality: "Waits for you: "
        default: ""
        }
    }

    fileprivate func trouble(isLive: Bool) -> [HTML] {
        guard let trouble else { return [] }
        return [
            .tag(
                "div", "warning", [],
                [
                    .tag("p", nil, [], [.tag("b", text: "No news: "), .text(trouble + ".")]),
                    .tag("p", text: "What stands below is from before." + (isLive ? " It is tried again." : "")),
                ])
        ]
    }

    fileprivate var waitingContent: [HTML] {
        let steps = next.flatMap { why, command in
            [HTML.tag("p", text: why), .tag("p", nil, [], [.tag("code", text: command)])]
        }
        switch waiting {
        case .unvouched:
            return [
                .tag("p", text: "No evidence vouches for a session of this manifest, so nothing is asked of one.")
            ] + steps
        case .notAsked:
            return [
                .tag(
                    "p",
                    text: "Nobody looked whether a question or a result waits for you: that takes your key. "
                        + "`2cvm monitor --as NAME` reads it.")
            ] + steps
        case .decidesNothing:
            let name = participant.map(\.description) ?? "you"
            return [.tag("p", text: "The manifest lets \(name) decide on nothing.")] + steps
        case .nothing: return [.tag("p", text: "No question and no result waits for your answer.")] + steps
        case .fault(let message):
            return [
                .tag("div", "danger", [], [.tag("p", text: "Something waits, and is not shown: \(message).")])
            ] + steps
        case .formality(let run, let command):
            return [
                .tag(
                    "p",
                    text: "Run \(run) released nothing. There is nothing to decide. This command answers by itself, "
                        + "so that nobody sees from outside how it ended:"),
                .tag("p", nil, [], [.tag("code", text: command)]),
            ] + steps
        case .review(let review, let commands):
            let link = HTML.tag(
                "a", nil, [.init("href", MonitorPages.review)], [.text("Read \(review.subject.words) first")])
            return [
                .tag(
                    "div", "you", [],
                    [
                        .tag(
                            "p", nil, [], [.tag("b", text: "\(review.title.capitalisedFirst) waits for your answer.")]),
                        .tag("p", nil, [], [link]),
                    ] + HTML.answer(review, commands))
            ] + steps
        }
    }

    fileprivate var session: [HTML] {
        switch standing {
        case .unseen: return [.tag("p", text: "No evidence has been appraised yet.")]
        case .contraindicated(let findings, let time):
            return [
                .tag(
                    "p", "bad", [],
                    [.tag("b", text: "The evidence is contraindicated: this session is not what the manifest demands.")]
                ),
                .tag("p", text: "Judged as of \(time). Give it nothing, and believe nothing of it."),
                .checks(findings.map { Check($0) }, "Every reason against it, then what nobody asked."),
            ]
        case .affirmed(let session):
            var pieces: [HTML] = [
                .tag("p", "good", [], [.tag("b", text: "The evidence is affirmed: nothing counts against it.")])
            ]
            if session.isSimulated {
                pieces.append(
                    .tag("div", "danger", [], [.tag("p", text: "It is simulated: no processor protects this session.")])
                )
            }
            pieces += [
                .tag("p", nil, [], [.tag("code", "words", [], [.text(session.words.replacing("-", with: " "))])]),
                .tag(
                    "p",
                    text: "Read these words to the others by telephone before you submit. Whoever sees other words is "
                        + "shown another session."),
                .facts([
                    ("Manifest", manifest.digest.prefixed), ("Agent", agent), ("Appraised", "\(session.time)"),
                    ("Bound to this manifest", session.isLocked ? "yes" : "not yet: any participant locks it"),
                ]),
            ]
            guard !session.waived.isEmpty else { return pieces }
            return pieces + [.checks(session.waived.map { Check($0) }, "What nobody asked.")]
        }
    }

    fileprivate var stage: [HTML] {
        guard let word else { return [.tag("p", text: "Its agent has not said anything yet.")] }
        let steps = word.stages.map { stage -> HTML in
            let attributes: [HTML.Attribute] = stage.isNow ? [.init("aria-current", "step")] : []
            let text = HTML.text(stage.title)
            return .tag("li", nil, attributes, [stage.isNow ? .tag("b", nil, [], [text, " – now"]) : text])
        }
        return [
            .tag(
                "p",
                text: "This is the agent's word as of \(word.time). Evidence does not say it, and the host could have "
                    + "written it."),
            .tag("ol", "stages", [], steps), .facts(word.facts),
        ]
    }

    fileprivate func results(hasReceipts: Bool) -> [HTML] {
        guard !kept.isEmpty else {
            return [
                .tag(
                    "p",
                    text: "No folder of a fetch was named: `2cvm monitor --results FOLDER` shows what lies in it.")
            ]
        }
        let rows = kept.enumerated().map { index, kept -> HTML in
            let words: [HTML] =
                switch kept.state {
                case .missing: ["nothing was fetched into it yet"]
                case .refused(let message): [.tag("b", text: "does not hold: "), .text(message)]
                case .holds(let receipt, _):
                    [
                        .tag(
                            "a", nil, [.init("href", MonitorPages.name(ofKept: index))],
                            [.text("run \(receipt.verified.receipt.run.number)")]),
                        .text(
                            ", whose results were \(receipt.verified.receipt.ending.words); verified here, recorded "
                                + "\(receipt.record.time) by \(receipt.signer.name)"),
                    ]
                }
            return .tag("li", nil, [], [.tag("code", text: kept.folder), ": "] + words)
        }
        let link = HTML.tag(
            "a", nil, [.init("href", MonitorPages.receipts)], [.text("Everything that was compared, to file")])
        let fault = chainFault.map { message in
            HTML.tag(
                "div", "danger", [],
                [.tag("p", text: "Each receipt that holds does so by itself; together they do not: \(message).")])
        }
        return [.tag("ul", nil, [], rows)] + (fault.map { [$0] } ?? [])
            + (hasReceipts ? [.tag("p", nil, [], [link])] : [])
    }

    fileprivate var submissions: [HTML] {
        let entries: [Submitted]
        switch ledger {
        case .failure(let fault):
            return [.tag("div", "danger", [], [.tag("p", text: "The ledger vouches for nothing: \(fault.message).")])]
        case .success(let found): entries = found
        }
        guard !entries.isEmpty else { return [.tag("p", text: "Nothing, as far as this machine's ledger says.")] }
        let titles = ["When", "To which session", "As", "SHA-256 of the content"]
        let head = titles.map { HTML.tag("th", nil, [.init("scope", "col")], [.text($0)]) }
        let rows = entries.map { entry in
            let cells = ["\(entry.time)", entry.words, "\(entry.slot)", entry.content.prefixed]
            return HTML.tag(
                "tr", nil, [],
                zip(titles, cells).map { title, cell in
                    .tag("td", nil, [.init("data-label", title + ":")], [.text(cell)])
                })
        }
        let sessions = Set(entries.map(\.words))
        let warning: [HTML] =
            sessions.count > 1
            ? [
                .tag(
                    "div", "warning", [],
                    [
                        .tag(
                            "p", nil, [],
                            [
                                .tag("b", text: "Look twice: "),
                                .text("\(sessions.count) sessions of this manifest got something from here."),
                            ])
                    ])
            ] : []
        return warning + [
            .tag(
                "table", "stack", [],
                [.tag("thead", nil, [], [.tag("tr", nil, [], head)]), .tag("tbody", nil, [], rows)])
        ]
    }

    fileprivate func closing(isLive: Bool) -> HTML {
        let other = isLive ? MonitorPages.still : "./"
        let words = isLive ? "Stop that" : "Load it anew by itself"
        let seconds = MonitorPages.refreshSeconds
        let now =
            isLive
            ? "This page is loaded anew every \(seconds) seconds. "
            : "This page stands still: what changes is not shown. "
        return .tag(
            "footer", nil, [],
            [
                .tag("p", nil, [], [.text(now), .tag("a", nil, [.init("href", other)], [.text(words)]), "."]),
                .tag(
                    "p", nil, [],
                    [
                        .tag("a", nil, [.init("href", MonitorPages.manifest)], [.text("What everyone agreed on")]),
                        ". `2cvm monitor` makes these pages on this machine. It signs nothing and answers nothing.",
                    ]),
            ])
    }
}
