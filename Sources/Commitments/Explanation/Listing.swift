/// Names in a sentence: the first eight, and how many more there are.
package struct Listing {
    private static let shownCount = 8

    package let text: String
    /// All of them, where the sentence does not have them all.
    package let details: [Statement.Line]

    /// - Parameter title: What they are, such as `outputs that alice receives`.
    package init(_ words: [some CustomStringConvertible], title: String) {
        let all = words.map(\.description)
        if all.count <= Self.shownCount {
            text = listed(all)
            details = []
        } else {
            let shown = all.prefix(Self.shownCount).joined(separator: ", ")
            text = shown + " and \(grouped(all.count - Self.shownCount)) more"
            details = [.value("All \(grouped(all.count)) \(title): " + all.joined(separator: ", "))]
        }
    }
}
