internal import Commitments
package import Formats
internal import Primitives

/// Content of somebody else's as people see it: by its format, and no more of it than they can use.
package enum ShownContent: Sendable {
    case table(TableExcerpt)
    /// Lines of text, and whether others follow.
    case lines([String], hasMore: Bool)
    /// No text.
    case bytes

    private static let maximumRowCount = 200
    private static let maximumTextByteCount = 1 << 16

    /// Reads content by its format. What does not fit it is text, or nothing that can be shown.
    package init(_ content: [UInt8], of format: Format) {
        if case .csv(let table) = format,
            let excerpt = try? table.excerpt(of: content, maximumRows: Self.maximumRowCount)
        {
            self = .table(excerpt)
            return
        }
        let hasMore = content.count > Self.maximumTextByteCount
        guard String(validating: content, as: UTF8.self) != nil else {
            self = .bytes
            return
        }
        // The cut may go through a character: its line is left out.
        var lines = Self.lines(of: Array(content.prefix(Self.maximumTextByteCount)))
        if hasMore { lines.removeLast() }
        self = .lines(lines, hasMore: hasMore)
    }

    /// The lines of a text, the last one ended or not.
    package static func lines(of content: [UInt8]) -> [String] {
        var lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }
}

extension HTML {
    /// Content with the charts of its numbers.
    ///
    /// - Parameters:
    ///   - content: what is shown.
    ///   - name: what it is called, for those who do not see it.
    ///   - identifier: of this content in its page.
    static func content(_ content: ShownContent, _ name: String, _ identifier: String) -> [HTML] {
        switch content {
        case .table(let table):
            return [.wide("The table \(name)", [.table(table)])] + charts(table, name, identifier)
        case .lines(let lines, let hasMore):
            let text = lines.map { HTML.tag("bdi", text: $0) }
            return [.wide("The text of \(name)", [.tag("pre", nil, [], text)])]
                + (hasMore ? [.tag("p", text: "More follows, which is not shown here: open the file.")] : [])
        case .bytes: return [.tag("p", text: "It is no text, and is not shown here.")]
        }
    }

    private static func table(_ table: TableExcerpt) -> HTML {
        let head = table.columns.map { column in
            HTML.tag("th", nil, [.init("scope", "col")], [.tag("bdi", text: column.name)])
        }
        let rows = table.rows.map { row in
            HTML.tag("tr", nil, [], row.map { .tag("td", nil, [], [.tag("bdi", text: $0)]) })
        }
        let count = table.rowCount
        let caption =
            count > table.rows.count
            ? "The first \(grouped(table.rows.count)) of \(grouped(count)) rows; the file has all of them."
            : counted(count, "row")
        return .tag(
            "table", nil, [],
            [
                .tag("caption", text: caption), .tag("thead", nil, [], [.tag("tr", nil, [], head)]),
                .tag("tbody", nil, [], rows),
            ])
    }
}
