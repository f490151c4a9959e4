package import Formats

// The words that statements are made of.

/// To whom an explanation speaks, and whose keys they know.
package struct Voice {
    package let reader: Name?
    package let addressBook: AddressBook

    /// Speaks to `reader`, or to nobody in particular.
    package init(reader: Name?, addressBook: AddressBook = AddressBook()) {
        self.reader = reader
        self.addressBook = addressBook
    }

    /// `You bring`, `hospital-a brings`: the beginning of a sentence.
    package func subject(_ name: Name, _ second: String, _ third: String) -> String {
        name == reader ? "You \(second)" : "\(name) \(third)"
    }

    /// `your`, `hospital-a's`.
    package func possessive(_ name: Name) -> String {
        name == reader ? "your" : "\(name)'s"
    }

    /// `you`, `hospital-a`.
    package func object(_ name: Name) -> String {
        name == reader ? "you" : name.description
    }

    /// Whether it is the one who is spoken to.
    package func isReader(_ end: End) -> Bool { end.participant.map { $0 == reader } ?? false }

    /// `your`, `hospital-a's`, `the session site-a's`.
    package func possessive(_ end: End) -> String {
        end.participant.map { possessive($0) } ?? "\(end)'s"
    }

    /// `you`, `hospital-a`, `the session site-a`.
    package func object(_ end: End) -> String {
        end.participant.map { object($0) } ?? end.description
    }
}

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

/// `a`, `a and b`, `a, b and c`.
package func listed(_ values: [some CustomStringConvertible]) -> String {
    let words = values.map(\.description)
    guard let last = words.last, words.count > 1 else { return words.first ?? "nobody" }
    return words.dropLast().joined(separator: ", ") + " and " + last
}

package func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(grouped(count)) \(count == 1 ? one : many ?? one + "s")"
}

/// `1 day`, `90 seconds`.
package func duration(_ seconds: Int) -> String {
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")]
    let unit = units.first { seconds.isMultiple(of: $0.0) } ?? (1, "second")
    return counted(seconds / unit.0, unit.1)
}

/// `64 KiB`, `1,000,001 bytes`: never rounded.
package func size(_ bytes: Int) -> String {
    let units = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
    guard let unit = units.first(where: { bytes >= $0.0 && bytes.isMultiple(of: $0.0) }) else {
        return counted(bytes, "byte")
    }
    return "\(grouped(bytes / unit.0)) \(unit.1)"
}

/// `1 bit`, `5,012 bits`: rounded up.
package func bits(_ capacity: Capacity) -> String {
    counted(Int(capacity.bits), "bit")
}

/// `1,048,576`.
package func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
        text.append(digit)
    }
    return text
}
