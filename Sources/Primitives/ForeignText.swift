/// Text that somebody else chose, of characters that show themselves.
///
/// It may hold any words, also words that look like this program's own. So it is never set into a sentence: each of its
/// lines is printed with a mark before it, see ``lines(columns:)``.
public struct ForeignText: Sendable, CustomStringConvertible {
    public let description: String

    /// Wraps `text`, or returns `nil` where a character does not show itself (`Unicode.Scalar.showsItself`).
    public init?(_ text: String) {
        guard text.unicodeScalars.allSatisfy(\.showsItself) else { return nil }
        description = text
    }

    /// Takes any text, and spells each character that does not show itself as `\u{1B}`.
    public init(escaping text: String) {
        description = text.showingItself(besides: [])
    }

    /// The text in lines for a screen, each begun by `| `, which no line of the program's own begins with.
    ///
    /// No line is wider than 76 columns, also where the screen is: what is broken by a narrower screen or a pager would
    /// begin a row without the mark.
    public func lines(columns: Int) -> [String] {
        description.wrapped(columns: min(columns, 76) - Self.mark.count).map { Self.mark + $0 }
    }

    private static let mark = "| "
}

extension ForeignText: Hashable {
    public static func == (left: ForeignText, right: ForeignText) -> Bool {
        left.description.hasSameBytes(as: right.description)
    }

    /// By bytes, as they are compared.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(Array(description.utf8))
    }
}

extension String {
    /// The text with each character that does not show itself spelled as `\u{1B}`.
    ///
    /// - Parameter kept: Characters that stay nevertheless, such as line feeds.
    public func showingItself(besides kept: Set<Unicode.Scalar>) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if scalar.showsItself || kept.contains(scalar) {
                shown.append(scalar)
            } else {
                shown.append(contentsOf: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars)
            }
        }
        return String(shown)
    }

    /// The words in lines of at most `columns`. A longer word is broken.
    ///
    /// Characters from U+1100 on count two columns: of those a screen gives none more, and some really two.
    public func wrapped(columns: Int) -> [String] {
        let columns = max(columns, 2)
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var width = 0
        for word in unicodeScalars.split(separator: " ") {
            let wordWidth = word.reduce(0) { $0 + $1.columns }
            if width > 0, width + 1 + wordWidth > columns {
                lines.append(String(line))
                (line, width) = (.init(), 0)
            } else if width > 0 {
                line.append(" ")
                width += 1
            }
            for scalar in word {
                if width + scalar.columns > columns {
                    lines.append(String(line))
                    (line, width) = (.init(), 0)
                }
                line.append(scalar)
                width += scalar.columns
            }
        }
        return width > 0 || lines.isEmpty ? lines + [String(line)] : lines
    }
}

extension String {
    /// The text in pieces of at most `columns`, spaces and all: for what is laid out already. A tab counts eight.
    public func broken(columns: Int) -> [String] {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var width = 0
        for scalar in unicodeScalars {
            let more = scalar == "\t" ? 8 : scalar.columns
            if width > 0, width + more > columns {
                lines.append(String(line))
                (line, width) = (.init(), 0)
            }
            line.append(scalar)
            width += more
        }
        return lines + [String(line)]
    }
}

extension Unicode.Scalar {
    fileprivate var columns: Int { value < 0x1100 ? 1 : 2 }
}
