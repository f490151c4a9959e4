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
    var body: [HTML]
    /// Where a form may go; nowhere without one.
    var formTarget: String?

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
            "default-src 'none'; style-src 'sha256-\(digest)'; base-uri 'none'; form-action \(formTarget ?? "'none'"); "
            + "frame-src 'none'"
        var page = Self.beginning + policy + "\"/>"
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

    /// Everything before the policy, which is escaped by having nothing to escape.
    private static let beginning =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta http-equiv=\"Content-Security-Policy\" content=\""

    /// The policy that a page's file states, for a server that sends it ahead; `nil` for anything but a page.
    package static func policy(in file: [UInt8]) -> String? {
        let beginning = Array(Self.beginning.utf8)
        guard file.starts(with: beginning) else { return nil }
        let rest = file.dropFirst(beginning.count).prefix(1024)
        guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        let policy = rest[..<end]
        guard policy.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        return String(decoding: policy, as: UTF8.self)
    }
}
