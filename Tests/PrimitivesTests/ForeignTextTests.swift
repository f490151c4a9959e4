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

    /// What two lists hid before there was one: each keeps what it promised.
    @Test("hides what was ever hidden, and shows all else")
    func oneList() {
        let signers: [ClosedRange<UInt32>] = [
            0x00...0x1F, 0x7F...0xA0, 0xAD...0xAD, 0x34F...0x34F, 0x61C...0x61C, 0x115F...0x1160, 0x1680...0x1680,
            0x17B4...0x17B5, 0x180B...0x180F, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F, 0x2800...0x2800,
            0x3000...0x3000, 0x3164...0x3164, 0xE000...0xF8FF, 0xFDD0...0xFDEF, 0xFE00...0xFE0F, 0xFEFF...0xFEFF,
            0xFFA0...0xFFA0, 0xFFF0...0xFFFC, 0x13430...0x13442, 0x16FE4...0x16FE4, 0x1BCA0...0x1BCA3,
            0x1D159...0x1D159, 0x1D173...0x1D17A, 0xE0000...0xE0FFF, 0xF0000...0x10FFFF,
        ]
        let files: [ClosedRange<UInt32>] = [
            0x00...0x1F, 0x7F...0xA0, 0xAD...0xAD, 0x34F...0x34F, 0x61C...0x61C, 0x115F...0x1160, 0x1680...0x1680,
            0x17B4...0x17B5, 0x180B...0x180F, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F, 0x2800...0x2800,
            0x3000...0x3000, 0x3164...0x3164, 0xE000...0xF8FF, 0xFDD0...0xFDEF, 0xFE00...0xFE0F, 0xFEFF...0xFEFF,
            0xFFA0...0xFFA0, 0xFFF0...0xFFFB, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0x40000...0x10FFFF,
        ]
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isNoncharacter = value & 0xFFFE == 0xFFFE
            let wasHidden = isNoncharacter || signers.contains { $0 ~= value } || files.contains { $0 ~= value }
            #expect(scalar.showsItself == !wasHidden, "U+\(String(value, radix: 16))")
        }
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
