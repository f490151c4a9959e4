internal import Commitments
internal import Primitives

// What the pages of manifests and of plans share: both are read before one signs.

extension HTML {
    /// A name, the proposer's words, and the digest that one compares.
    static func heading(_ name: Name, _ purpose: String, _ digest: SHA256Digest) -> [HTML] {
        [
            .tag("h1", text: "Read before you sign: \(name)"),
            .tag("p", text: "What it is for, in the proposer's words. Nothing holds the code to them:"),
            .quote(nil, purpose),
            .tag("p", nil, [], ["Its digest is ", .tag("code", text: digest.prefixed), "."]),
            .tag(
                "p", nil, [],
                [
                    "To compare it by telephone, read these words to each other: ",
                    .tag("code", "words", [], [.text(digest.words(10).replacing("-", with: " "))]), ".",
                ]),
        ]
    }

    /// Where each part of the page begins.
    static func contents(_ links: [(identifier: String, title: String)]) -> HTML {
        let items = links.map { identifier, title -> HTML in
            .tag("li", nil, [], [.tag("a", nil, [.init("href", "#\(identifier)")], [.text(title)])])
        }
        return .tag("nav", nil, [.init("aria-label", "On this page")], [.tag("ul", nil, [], items)])
    }

    /// What stands further down with a reason, told first.
    static func grave(_ statements: [Statement]) -> [HTML] {
        statements.isEmpty ? [] : [.section("grave", "What is grave", [.statements(statements)])]
    }

    /// What makes the page anew.
    static func closing(_ source: String, _ commands: [String]) -> HTML {
        let words =
            "This page proves nothing: its sender could have changed it. These commands make it anew from \(source), "
            + "and print the digest that you sign:"
        return .tag(
            "footer", nil, [],
            [.tag("p", text: words)] + commands.map { .tag("p", nil, [], [.tag("code", text: $0)]) })
    }
}
