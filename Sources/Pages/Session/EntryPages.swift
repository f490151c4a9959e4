extension Page {
    /// What opens a monitor: a file that posts a token, which counts once.
    ///
    /// - Parameters:
    ///   - address: where it posts to, this program's own.
    ///   - token: the program's own, of digits and letters.
    package init(enteringAt address: String, with token: String) {
        self.init(
            title: "Open the monitor", rules: [],
            body: [
                .tag("h1", text: "Open the monitor"),
                .tag(
                    "p",
                    text: "This file lets one browser in, once. It is yours alone: whoever else has it could look at "
                        + "what your monitor shows."),
                .element(
                    "form", [.init("method", "post"), .init("action", address)],
                    [
                        .tag(
                            "input", nil,
                            [.init("type", "hidden"), .init("name", "token"), .init("value", token)]),
                        .tag("button", nil, [.init("type", "submit"), .init("autofocus", "")], [.text("Open it")]),
                    ]),
            ], formTarget: address)
    }

    /// What follows the token: the browser has its cookie.
    package static let entered = Page(
        title: "Opened", rules: [],
        body: [
            .tag("h1", text: "Opened"),
            .tag("p", nil, [], [.tag("a", nil, [.init("href", "./")], [.text("To the session")])]),
        ])

    /// What a monitor refuses, and what to do.
    package static func refusal(_ title: String, _ advice: String) -> Page {
        Page(title: title, rules: [], body: [.tag("h1", text: title), .tag("p", text: advice)])
    }
}
