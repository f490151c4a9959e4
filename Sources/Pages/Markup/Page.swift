internal import Primitives

/// One self-contained page: no script, no request, its style inside.
///
/// The policy names the style by its digest, and allows nothing else. So a page that was given markup by a fault of
/// ours would still load and run nothing.
package struct Page: Sendable {
    /// What the tab says.
    let title: String
    /// Rules besides those of every page. The program's own: no text of others stands in it.
    let rules: [StyleRule]
    let body: [HTML]

    /// One rule of the style sheet.
    struct StyleRule: Sendable {
        let text: String

        /// What stands under `chosen` while the field with that identifier is chosen.
        init(whileChosen identifier: String, _ style: String, _ declarations: StaticString) {
            text = "body:has(#\(identifier):checked) .\(style){\(declarations)}"
        }
    }

    /// The page as a file.
    package var encoded: [UInt8] { Array(text.utf8) }

    package var text: String {
        let style = Self.style + rules.map(\.text).joined(separator: "\n")
        let digest = Base64.standard.encode(SHA256Digest(sha256: style.utf8).bytes)
        let policy =
            "default-src 'none'; style-src 'sha256-\(digest)'; base-uri 'none'; form-action 'none'; "
            + "frame-src 'none'"
        var page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        HTML.tag("meta", nil, [.init("http-equiv", "Content-Security-Policy"), .init("content", policy)])
            .write(to: &page)
        HTML.tag("meta", nil, [.init("name", "viewport"), .init("content", "width=device-width, initial-scale=1")])
            .write(to: &page)
        HTML.tag("meta", nil, [.init("name", "referrer"), .init("content", "no-referrer")]).write(to: &page)
        page += "\n"
        HTML.tag("title", text: title).write(to: &page)
        page += "\n<style>\(style)</style>\n</head>\n<body>\n"
        HTML.tag("main", nil, [], body).write(to: &page)
        page += "\n</body>\n</html>\n"
        return page
    }
}
