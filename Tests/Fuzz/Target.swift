import Primitives

/// One decoder, and what must hold whatever it is given.
struct Target: Sendable {
    let name: String
    let structure: Structure
    let seeds: @Sendable () -> [[UInt8]]
    let run: @Sendable ([UInt8]) -> Void

    init(
        _ name: String, _ structure: Structure = .bytes, seeds: @escaping @Sendable () -> [[UInt8]] = { [] },
        _ run: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.name = name
        self.structure = structure
        self.seeds = seeds
        self.run = run
    }

    static let all =
        forms + tables + agreements + plans + records + sessions + http + streams
        + evidence + appraisals + machine + code
}

/// Ends the process unless `holds`.
func claim(_ holds: Bool, _ words: @autoclosure () -> String, line: UInt = #line, file: StaticString = #file) {
    guard !holds else { return }
    fatalError("does not hold: \(words())", file: file, line: line)
}

/// The value, unless decoding threw. What is said of an input can be shown, in one line, and is short.
func decoded<Value>(_ body: () throws -> Value) -> Value? {
    do {
        return try body()
    } catch {
        guard let error = error as? any ExplainedError else { return nil }
        let words = [error.code, error.message, error.hint ?? ""]
        for text in words { claimShown(text, error.code) }
        claim(words.allSatisfy { $0.utf8.count <= 4096 && !$0.utf8.contains(0x0A) }, "\(error.code) is one short line")
        return nil
    }
}

/// The value of something that is known to decode.
func made<Value>(_ words: String, _ body: () throws -> Value) -> Value {
    do { return try body() } catch { fatalError("does not hold: \(words): \(error)") }
}

/// Claims that nothing in a text hides or turns what stands beside it, and that no character controls a terminal.
func claimShown(_ text: String, _ words: String) {
    for scalar in text.unicodeScalars {
        let isHidden =
            (0x200B...0x200F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
            || (0x2060...0x206F).contains(scalar.value) || scalar.value == 0xFEFF
            || (0xE0000...0xE0FFF).contains(scalar.value)
        let isControl = scalar != "\n" && (scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value))
        claim(!isHidden && !isControl, "\(words) shows U+\(String(scalar.value, radix: 16))")
    }
}

/// Small numbers and pieces out of an input, the same for the same bytes.
struct InputReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func number(below bound: Int) -> Int { (Int(byte()) << 8 | Int(byte())) % bound }

    mutating func bytes(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func all() -> [UInt8] { bytes(rest.count) }

    /// What stands before the next zero byte, or all.
    mutating func text() -> [UInt8] {
        let text = rest.prefix { $0 != 0 }
        rest = rest.dropFirst(text.count + 1)
        return Array(text)
    }
}
