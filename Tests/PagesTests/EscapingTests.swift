import Pages
import Testing

@Suite("Text on a page")
struct EscapingTests {
    private func written(_ text: String) -> String { HTML.text(text).markup }

    @Test("cannot become markup", arguments: ["<script>", "</style>", "<!--", "&lt;", "]]>", "<svg/onload=x>"])
    func markup(_ text: String) {
        let markup = written(text)
        #expect(!markup.contains { $0 == "<" || $0 == ">" || $0 == "\"" })
        #expect(markup.split(separator: "&").dropFirst().allSatisfy { $0.contains(/^(amp|lt|gt|quot);/) })
    }

    @Test("cannot leave an attribute")
    func attribute() {
        let markup = HTML.element("p", [.init("title", "\" onclick=\"x\" <b>")], []).markup
        #expect(markup == "<p title=\"&quot; onclick=&quot;x&quot; &lt;b&gt;\"></p>")
    }

    @Test(
        "shows what hides, turns or breaks it",
        arguments: [
            ("\u{202E}", "\\u{202E}"), ("\u{2066}", "\\u{2066}"), ("\u{200B}", "\\u{200B}"), ("\u{0}", "\\u{0}"),
            ("\r\n", "\\u{D}\\u{A}"), ("\u{FEFF}", "\\u{FEFF}"), ("\u{E0041}", "\\u{E0041}"),
            ("\u{1B}[2J", "\\u{1B}[2J"),
        ])
    func invisible(_ text: String, _ shown: String) {
        #expect(written(text) == shown)
    }

    @Test("of any language stays as it is")
    func languages() {
        let text = "Zürich, 東京, مرحبا, 🏥"
        #expect(written(text) == text)
    }
}
