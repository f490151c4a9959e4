/// What somebody may have meant who typed a name that there is not.
package struct Suggestion {
    private let nearest: String?
    private let names: [String]

    /// Names that are longer than this are not compared.
    private static let maximumLength = 64
    /// Names that a hint lists.
    private static let maximumCount = 12

    package init(for text: String, among names: [String]) {
        self.names = names
        let near = names.compactMap { name in
            Self.distance(text, name).map { (name: name, distance: $0) }
        }
        nearest = near.filter { $0.distance <= max(2, text.count / 4) }.min { $0.distance < $1.distance }?.name
    }

    /// For a hint.
    package var text: String {
        guard !names.isEmpty else { return "there is none at all" }
        let rest = names.count - Self.maximumCount
        let list = names.prefix(Self.maximumCount).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
        return (nearest.map { "did you mean \($0)? " } ?? "") + "it names \(list)"
    }

    /// Characters to insert, remove or replace.
    private static func distance(_ left: String, _ right: String) -> Int? {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard max(left.count, right.count) <= maximumLength else { return nil }
        var row = Array(0...right.count)
        for (line, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in right.indices {
                let replaced = diagonal + (right[column] == byte ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
