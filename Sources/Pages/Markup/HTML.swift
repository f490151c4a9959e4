internal import Primitives

/// A piece of a page.
///
/// Only this file turns text into markup. Names of elements and attributes are the program's own literals, so no text
/// of others can become one. Every text and every attribute's value is escaped when it is written, and a character that
/// does not show itself is spelled out.
package indirect enum HTML: Sendable {
    case text(String)
    case element(StaticString, [Attribute], [HTML])
    case pieces([HTML])

    /// A name of the program's own, and a value that may hold anything.
    package struct Attribute: Sendable {
        let name: StaticString
        let value: String

        package init(_ name: StaticString, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// An element.
    ///
    /// - Parameters:
    ///   - name: `p`, `section`.
    ///   - style: its class, or none.
    static func tag(
        _ name: StaticString, _ style: String? = nil, _ attributes: [Attribute] = [], _ content: [HTML] = []
    ) -> HTML {
        .element(name, (style.map { [Attribute("class", $0)] } ?? []) + attributes, content)
    }

    /// An element with text alone.
    static func tag(_ name: StaticString, _ style: String? = nil, text: String) -> HTML {
        tag(name, style, [], [.text(text)])
    }

    /// Adds the piece to a page.
    func write(to page: inout String) {
        switch self {
        case .text(let text): page += Self.escaped(text)
        case .pieces(let pieces): for piece in pieces { piece.write(to: &page) }
        case .element(let name, let attributes, let content):
            page += "<\(name)"
            for attribute in attributes { page += " \(attribute.name)=\"\(Self.escaped(attribute.value))\"" }
            // These have no content, and no end.
            if ["meta", "input", "path", "rect"].contains("\(name)") { return page += "/>" }
            page += ">"
            for piece in content { piece.write(to: &page) }
            // What follows one of these, or ends what it is in, ends it too (HTML, 13.1.2.4).
            if !["li", "td", "th", "tr"].contains("\(name)") { page += "</\(name)>" }
        }
    }

    /// The characters that mean something in text or between double quotes, and those that a screen hides or obeys.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for scalar in text.showingItself(besides: []).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension HTML: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) { self = .text(text) }
}

extension HTML {
    /// The piece as it stands in a page.
    package var markup: String {
        var markup = ""
        write(to: &markup)
        return markup
    }
}
