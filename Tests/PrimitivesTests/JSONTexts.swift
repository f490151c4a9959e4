import TestSupport

/// JSON texts of every kind, each on one line, in spellings that are not the canonical ones. The same for equal seeds.
struct JSONTexts {
    private var numbers: SeededNumbers

    init(seed: UInt64) {
        numbers = SeededNumbers(seed: seed)
    }

    /// One value, with at most `depth` arrays and objects in each other.
    mutating func next(depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 10 : 7), using: &numbers) {
        case 0: ["null", "true", "false"].randomElement(using: &numbers) ?? "null"
        case 1: "\(Int.random(in: -1000...1000, using: &numbers))"
        case 2: "\(Int.random(in: -9_007_199_254_740_991...9_007_199_254_740_991, using: &numbers))"
        case 3, 4: number()
        case 5, 6: string()
        case 7: "[" + list { texts in texts.next(depth: depth - 1) } + "]"
        default: object(depth: depth)
        }
    }

    /// Any bits that are a finite number, or one near the borders between notations.
    private mutating func number() -> String {
        if Bool.random(using: &numbers) {
            let exponent = Int.random(in: -9...23, using: &numbers)
            let digits = (Int.random(in: -99_999...99_999, using: &numbers), Int.random(in: 0...999, using: &numbers))
            return "\(digits.0).\(digits.1)e\(exponent)"
        }
        let number = Double(bitPattern: numbers.next())
        return number.isFinite ? "\(number)" : "-0.0"
    }

    private mutating func string() -> String {
        let count = Int.random(in: 0..<12, using: &numbers)
        return "\"" + (0..<count).map { _ in character() }.joined() + "\""
    }

    /// Of each plane and each kind of escape: names are sorted by UTF-16, where planes change places.
    private mutating func character() -> String {
        let ranges: [ClosedRange<UInt32>] = [
            0...0x1F, 0x20...0x7E, 0x7F...0x2FF, 0x2000...0x206F, 0xD7F0...0xD7FF, 0xE000...0xE010, 0xFB00...0xFFFF,
            0x10000...0x10010, 0x1F600...0x1F64F, 0x10FFF0...0x10FFFF,
        ]
        let code = UInt32.random(in: ranges.randomElement(using: &numbers) ?? 0x41...0x5A, using: &numbers)
        guard let scalar = Unicode.Scalar(code) else { return "" }
        let mustEscape = code < 0x20 || code == 0x22 || code == 0x5C
        guard mustEscape || Int.random(in: 0..<3, using: &numbers) == 0 else { return String(Character(scalar)) }
        return Character(scalar).utf16.map { unit in
            let digits = String(unit, radix: 16, uppercase: Bool.random(using: &numbers))
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }

    private mutating func object(depth: Int) -> String {
        var number = 0
        return "{"
            + list { texts in
                // A number makes names unique: one reader refuses equal ones, the other takes the last.
                number += 1
                return "\(texts.string().dropLast())\(number)\" : \(texts.next(depth: depth - 1))"
            } + "}"
    }

    private mutating func list(_ element: (inout JSONTexts) -> String) -> String {
        let count = Int.random(in: 0..<6, using: &numbers)
        return (0..<count).map { _ in element(&self) }.joined(separator: " ,\t")
    }
}
