import Primitives
import Testing

@Suite("Foreign text")
struct ForeignTextTests {
    @Test("holds no character that Unicode calls ignorable, private, blank, a control or none at all")
    func hidden() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value), scalar != " " else { continue }
            let properties = scalar.properties
            let isHidden =
                properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint || properties.isWhitespace
                || [.control, .privateUse, .lineSeparator, .paragraphSeparator].contains(properties.generalCategory)
                || properties.isBidiControl
            if isHidden { #expect(!scalar.showsItself, "U+\(String(value, radix: 16))") }
        }
        #expect(!("\u{2800}" as Unicode.Scalar).showsItself)
    }

    @Test("holds what people write", arguments: ["Régression, 回帰分析, انحدار, विश्लेषण, 📈", "a b", "~|!\u{FFFD}"])
    func languages(_ text: String) {
        #expect(ForeignText(text)?.description == text)
        #expect(ForeignText(escaping: text).description == text)
    }

    @Test("refuses or spells what does not show itself")
    func spelled() {
        #expect(ForeignText("a\u{A0}b") == nil)
        #expect(ForeignText(escaping: "a\u{A0}\u{1B}[2J\nb").description == #"a\u{A0}\u{1B}[2J\u{A}b"#)
        #expect("a\nb\u{200B}".showingItself(besides: ["\n"]) == "a\nb\\u{200B}")
    }

    @Test("marks each of its lines, however long the words and wide the characters")
    func marks() {
        let texts = [
            String(repeating: "word ", count: 400), String(repeating: "x", count: 2000),
            String(repeating: "回", count: 2000), "   " + String(repeating: "a b  ", count: 200),
        ]
        for text in texts {
            for columns in [20, 40, 80, 200] {
                let lines = ForeignText(escaping: text).lines(columns: columns)
                #expect(lines.count > 1)
                for line in lines {
                    #expect(line.hasPrefix("| ") && line != "| ")
                    let width = line.unicodeScalars.reduce(0) { $0 + ($1.value < 0x1100 ? 1 : 2) }
                    #expect(width <= min(columns, 76))
                }
                let words = lines.map { $0.dropFirst(2) }.joined().filter { $0 != " " }
                #expect(words == text.filter { $0 != " " })
            }
        }
    }

    @Test("is broken where a screen ends, spaces and all")
    func broken() {
        #expect("  a  bc".broken(columns: 4) == ["  a ", " bc"])
        #expect("".broken(columns: 4) == [""])
        #expect("a\tb".broken(columns: 4) == ["a", "\t", "b"])
        #expect("abc".broken(columns: .max) == ["abc"])
    }

    @Test("is another text when its bytes are others")
    func equality() {
        #expect(ForeignText("\u{E9}") != ForeignText("e\u{301}"))
        #expect(Set([ForeignText("\u{E9}"), ForeignText("e\u{301}")]).count == 2)
    }
}
