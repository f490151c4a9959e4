/// Text held against its format as it comes in pieces; nothing of it is kept but an unfinished character.
struct TextCheck {
    private let format: TextFormat
    private var pending: [UInt8] = []
    private var line = 1
    private var lineCount = 0
    private var count = 0

    init(_ format: TextFormat) {
        self.format = format
    }

    mutating func take(_ piece: [UInt8]) throws(Misfit) {
        let bytes = pending + piece
        pending = []
        let span = bytes.span
        let decoder = ScalarDecoder()
        var offset = 0
        while offset < span.count {
            guard let scalar = decoder.next(span, &offset) else {
                // The next piece may bring the rest of a character, of four bytes at most.
                guard span.count - offset < 4 else { throw .text(line: line, expected: "UTF-8") }
                pending = Array(bytes[offset...])
                return
            }
            try take(scalar)
        }
    }

    func finish() throws(Misfit) {
        guard pending.isEmpty else { throw .text(line: line, expected: "UTF-8") }
    }

    private mutating func take(_ scalar: Unicode.Scalar) throws(Misfit) {
        count += 1
        guard count <= format.maximumCharacters else {
            throw .text(line: line, expected: "at most \(format.maximumCharacters) characters in all")
        }
        if scalar.value == 0x0A {
            line += 1
            lineCount = 0
            return
        }
        guard format.characters.contains(scalar) else {
            throw .text(line: line, expected: "characters of \(format.characters.rawValue) and line feeds")
        }
        lineCount += 1
        if let maximum = format.maximumLineCharacters, lineCount > maximum {
            throw .text(line: line, expected: "at most \(maximum) characters in a line")
        }
    }
}

extension TextFormat {
    /// Whether the content is text of this format.
    func require(_ content: [UInt8]) throws(Misfit) {
        var check = TextCheck(self)
        try check.take(content)
        try check.finish()
    }

    /// What a log's bytes become: other characters are question marks, and what is too much is cut, so that a log
    /// fails no run.
    public func cut(_ content: [UInt8], maximumBytes: Int) -> [UInt8] {
        let span = content.span
        let decoder = ScalarDecoder()
        var bytes: [UInt8] = []
        var (offset, count, lineCount) = (0, 0, 0)
        while offset < span.count, count < maximumCharacters {
            let start = offset
            let scalar = decoder.next(span, &offset)
            if scalar == nil { offset += 1 }
            let isLineFeed = scalar?.value == 0x0A
            if !isLineFeed, let maximumLineCharacters, lineCount == maximumLineCharacters { continue }
            let isAllowed = isLineFeed || scalar.map(characters.contains) == true
            let length = isAllowed ? offset - start : 1
            guard bytes.count + length <= maximumBytes else { break }
            if isAllowed { bytes += content[start..<offset] } else { bytes.append(UInt8(ascii: "?")) }
            count += 1
            lineCount = isLineFeed ? 0 : lineCount + 1
        }
        return bytes
    }
}
