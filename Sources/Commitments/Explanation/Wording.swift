package import Formats

// Numbers and lists in words.

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
