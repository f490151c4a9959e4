import Composition
import TestSupport
import Testing

/// Bytes that no tool writes. None may crash the reader, whatever it says of them.
@Suite("Hostile bytes")
struct HostileBytesTests {
    private static let preamble: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x0D, 0x00, 0x01, 0x00]
    private static let modulePreamble: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]
    /// 2^32 - 1 as LEB128.
    private static let most: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]

    private static let accepted = [
        "Reading/accepts-core-features", "Reading/accepts-component-types", "Reading/accepts-nesting",
        "Reading/accepts-implements",
    ]

    @Test("refuses every truncation but those between two sections", arguments: accepted)
    func truncations(_ name: String) throws {
        let binary = try ComponentText(named: name).binary()
        let boundaries = sectionBoundaries(of: binary)
        for count in 0..<binary.count {
            let verdict = try readingVerdict(on: Array(binary[..<count]))
            #expect(verdict != "accepted" || boundaries.contains(count), "\(count): \(verdict)")
        }
    }

    @Test("survives every flipped bit", arguments: accepted)
    func flippedBits(_ name: String) throws {
        let binary = try ComponentText(named: name).binary()
        var refused = 0
        for index in binary.indices {
            for bit in 0..<8 {
                var flipped = binary
                flipped[index] ^= 1 << bit
                if try readingVerdict(on: flipped) != "accepted" { refused += 1 }
            }
        }
        #expect(refused > binary.count)
    }

    @Test("survives spliced and repeated pieces", arguments: 0..<20 as Range<UInt64>)
    func splices(_ seed: UInt64) throws {
        var random = SeededNumbers(seed: seed)
        let binaries = try Self.accepted.map { try ComponentText(named: $0).binary() }
        for _ in 0..<500 {
            var bytes = binaries[Int.random(in: 0..<binaries.count, using: &random)]
            let other = binaries[Int.random(in: 0..<binaries.count, using: &random)]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let source = Int.random(in: 0..<other.count, using: &random)
                let end = min(other.count, source + Int.random(in: 1...16, using: &random))
                let target = Int.random(in: 8..<bytes.count, using: &random)
                let width = Int.random(in: 0...min(16, bytes.count - target), using: &random)
                bytes.replaceSubrange(target..<target + width, with: other[source..<end])
            }
            _ = try readingVerdict(on: bytes)
        }
    }

    @Test("refuses counts of four thousand million before it counts", arguments: Array(1...12) as [UInt8])
    func hugeComponentCounts(_ id: UInt8) throws {
        let section = [id, UInt8(Self.most.count)] + Self.most
        #expect(try readingVerdict(on: Self.preamble + section) != "accepted")
    }

    @Test("refuses them in modules too", arguments: Array(1...11) as [UInt8])
    func hugeModuleCounts(_ id: UInt8) throws {
        guard id != 8 else { return }  // A start section holds an index, which the engine resolves.
        let module = Self.modulePreamble + [id, UInt8(Self.most.count)] + Self.most
        let verdict = try readingVerdict(on: Self.preamble + [1, UInt8(module.count)] + module)
        #expect(verdict == "component.count" || verdict == "component.truncated")
    }

    @Test(
        "refuses more of anything than its kind may have, though all the bytes are there",
        arguments: [(1000, "accepted"), (1001, "component.count")])
    func parameterCounts(_ count: Int, _ verdict: String) throws {
        func framed(_ id: UInt8, _ content: [UInt8]) -> [UInt8] {
            var section = [id]
            appendUnsigned(content.count, to: &section)
            return section + content
        }
        var type: [UInt8] = [1, 0x60]
        appendUnsigned(count, to: &type)
        type += [UInt8](repeating: 0x7F, count: count) + [0]
        let module = Self.modulePreamble + framed(1, type)
        #expect(try readingVerdict(on: Self.preamble + framed(1, module)) == verdict)
    }

    @Test("refuses a module's export of a kind that there is none of", arguments: [5, 6, 0x7F, 0xFF] as [UInt8])
    func exportKinds(_ kind: UInt8) throws {
        let module = Self.modulePreamble + [7, 5, 1, 1, 0x61, kind, 0]
        #expect(try readingVerdict(on: Self.preamble + [1, UInt8(module.count)] + module) != "accepted")
        let known = Self.modulePreamble + [7, 5, 1, 1, 0x61, 0, 0]
        #expect(try readingVerdict(on: Self.preamble + [1, UInt8(known.count)] + known) == "accepted")
    }

    private func section(_ id: UInt8, _ content: [UInt8]) -> [UInt8] {
        var section = [id]
        appendUnsigned(content.count, to: &section)
        return section + content
    }

    @Test("refuses a type that reaches into a core instance, of which types have none")
    func coreAliasInType() throws {
        let type = section(7, [1, 0x42, 1, 0x02, 0x00, 0x00, 0x01, 0, 1, 0x66])
        #expect(try readingVerdict(on: Self.preamble + type) == "component.unknown")
    }

    @Test("refuses an import that says twice what it implements", arguments: [(1, true), (2, false)])
    func implementedTwice(_ count: UInt8, _ isTaken: Bool) throws {
        let attribute: [UInt8] = [0x00, 5] + Array("a:b/c".utf8)
        let attributes = (0..<count).flatMap { _ in attribute }
        let entry: [UInt8] = [1, 0x02, 1, 0x61, count] + attributes + [0x05, 0x00]
        let bytes = Self.preamble + section(7, [1, 0x42, 0]) + section(10, entry)
        #expect((try readingVerdict(on: bytes) == "accepted") == isTaken)
    }

    @Test("refuses a tag that is no exception, were exceptions allowed", arguments: [(0, true), (1, false)])
    func tagKinds(_ kind: UInt8, _ isTaken: Bool) throws {
        let module = Self.modulePreamble + section(1, [1, 0x60, 0, 0]) + section(13, [1, kind, 0])
        let bytes = Self.preamble + section(1, module)
        let binary = try? ComponentBinary(decoding: bytes, allowsExceptions: true)
        #expect((binary != nil) == isTaken)
    }

    @Test(
        "refuses a code that there is none of, where another one stands well",
        arguments: [
            (5, [1, 0, 0], [1, 16, 0]), (6, [1, 0x7F, 1, 0x41, 0, 0x0B], [1, 0x7F, 2, 0x41, 0, 0x0B]),
            (6, number(0), number(16)), (6, vector(12), vector(13)), (9, [1, 1, 0, 0], [1, 9, 0, 0]),
            (9, [1, 1, 0, 0], [1, 1, 1, 0]),
            (11, [1, 1, 0], [1, 3, 0x0B, 0]), (11, [1, 2, 0, 0x0B, 0], [1, 2, 1, 0x0B, 0]),
        ] as [(UInt8, [UInt8], [UInt8])])
    func moduleCodes(_ id: UInt8, _ known: [UInt8], _ unknown: [UInt8]) throws {
        for (content, isTaken) in [(known, true), (unknown, false)] {
            let module = Self.modulePreamble + section(id, content)
            #expect((try readingVerdict(on: Self.preamble + section(1, module)) == "accepted") == isTaken)
        }
    }

    @Test("refuses a module's sections in another order, and one twice")
    func order() throws {
        for (ids, isTaken) in [([1, 3], true), ([3, 1], false), ([1, 1], false)] as [([UInt8], Bool)] {
            let module = Self.modulePreamble + ids.flatMap { section($0, [0]) }
            #expect((try readingVerdict(on: Self.preamble + section(1, module)) == "accepted") == isTaken)
        }
    }

    @Test(
        "refuses a code of a component that there is none of, where another one stands well",
        arguments: [
            ([1, 0x40, 0, 0x01, 0], [1, 0x40, 0, 0x01, 1]), ([1, 0x3F, 0x7F, 0], [1, 0x3F, 0x7D, 0]),
            ([1, 0x71, 1, 1, 0x61, 0, 0], [1, 0x71, 1, 1, 0x61, 0, 1]),
            ([1, 0x71, 1, 1, 0x61, 0, 0], [1, 0x71, 1, 1, 0x61, 2, 0]),
        ] as [([UInt8], [UInt8])])
    func typeCodes(_ known: [UInt8], _ unknown: [UInt8]) throws {
        #expect(try readingVerdict(on: Self.preamble + section(7, known)) == "accepted")
        #expect(try readingVerdict(on: Self.preamble + section(7, unknown)) == "component.unknown")
    }

    /// A global that is a number in five bytes, the last of which is this one.
    private static func number(_ last: UInt8) -> [UInt8] { [1, 0x7F, 0, 0x41, 0x80, 0x80, 0x80, 0x80, last, 0x0B] }

    /// A global that is a vector of zeros, by an instruction of this number.
    private static func vector(_ instruction: UInt8) -> [UInt8] {
        [1, 0x7B, 0, 0xFD, instruction] + [UInt8](repeating: 0, count: 16) + [0x0B]
    }

    @Test(
        "refuses a section of a component with one byte that is none of those that can stand there",
        arguments: [
            (2, [1, 0x01, 1, 1, 0x61, 0, 0], [1, 0x01, 1, 1, 0x61, 5, 0]),
            (8, [1, 0x01, 0, 0, 0], [1, 0x01, 1, 0, 0]),
            (10, [1, 0, 1, 0x61, 0x05, 0], [1, 3, 1, 0x61, 0x05, 0]),
            (10, [1, 0, 1, 0x61, 0x05, 0], [1, 0, 1, 0x61, 0x05, 1]),
            (10, [1, 0, 1, 0x61, 0x05, 0], [1, 0, 0, 0x05, 0]),
            (1, modulePreamble, [0x00, 0x61, 0x73, 0x6E] + modulePreamble[4...]),
            (1, modulePreamble, Array(modulePreamble[..<4] + preamble[4...])),
        ] as [(UInt8, [UInt8], [UInt8])])
    func componentCodes(_ id: UInt8, _ known: [UInt8], _ unknown: [UInt8]) throws {
        // An instance's type, and one that is none.
        let types = section(7, [2, 0x42, 0, 0x7F])
        for (content, isTaken) in [(known, true), (unknown, false)] {
            #expect((try readingVerdict(on: Self.preamble + types + section(id, content)) == "accepted") == isTaken)
        }
    }

    @Test("refuses what is given to a core instance and is none", arguments: [(0x12, true), (0x13, false)])
    func instanceArguments(_ sort: UInt8, _ isTaken: Bool) throws {
        let module = section(1, Self.modulePreamble)
        let instances = section(2, [2, 0x00, 0, 0, 0x00, 0, 1, 1, 0x61, sort, 0])
        #expect((try readingVerdict(on: Self.preamble + module + instances) == "accepted") == isTaken)
    }

    @Test("refuses names of more than 16 KiB, even those that it passes over", arguments: [16_384, 16_385])
    func longNames(_ count: Int) throws {
        var name: [UInt8] = []
        appendUnsigned(count, to: &name)
        let bytes = Self.preamble + section(0, name + [UInt8](repeating: 0x61, count: count))
        #expect((try readingVerdict(on: bytes) == "accepted") == (count == 16_384))
    }

    @Test("counts a module's imported tables and its own together", arguments: [(99, true), (100, false)])
    func tablesTogether(_ imported: Int, _ isTaken: Bool) throws {
        let entry: [UInt8] = [0, 0, 0x01, 0x70, 0x00, 0]
        let imports = [UInt8(imported)] + (0..<imported).flatMap { _ in entry }
        let module = Self.modulePreamble + section(2, imports) + section(4, [1, 0x70, 0x00, 0])
        #expect((try readingVerdict(on: Self.preamble + section(1, module)) == "accepted") == isTaken)
    }

    @Test("counts the items of all sections together", arguments: [(30_000, true), (30_001, false)])
    func itemsTogether(_ count: Int, _ isTaken: Bool) throws {
        var types: [UInt8] = []
        appendUnsigned(count, to: &types)
        let section = section(7, types + [UInt8](repeating: 0x7F, count: count))
        #expect((try readingVerdict(on: Self.preamble + section + section) == "accepted") == isTaken)
    }

    @Test("refuses more references of types to types than types, though the types are few enough")
    func references() throws {
        for (count, isTaken) in [(29_000, true), (31_000, false)] {
            var types: [UInt8] = []
            appendUnsigned(count + 1, to: &types)
            // An enumeration, and results that name it twice each.
            types += [0x6D, 1, 1, 0x61] + (0..<count).flatMap { _ in [0x6A, 1, 0, 1, 0] as [UInt8] }
            #expect((try readingVerdict(on: Self.preamble + section(7, types)) == "accepted") == isTaken)
        }
    }

    @Test("refuses a resource that enters a component from around it instead of as an import")
    func resourcesFromOutside() throws {
        let inner = "(component (alias outer 1 0 (type)))"
        let resource = try WasmTools.parse("(component (component (import \"r\" (type (sub resource))) \(inner)))")
        #expect(try readingVerdict(on: resource) == "component.kind")
        #expect(try readingVerdict(on: try WasmTools.parse("(component (type u8) \(inner))")) == "accepted")
    }

    @Test("refuses a section that claims four thousand million bytes", arguments: [0, 1, 4, 7] as [UInt8])
    func hugeSections(_ id: UInt8) throws {
        #expect(try readingVerdict(on: Self.preamble + [id] + Self.most + [0, 0, 0]) == "component.truncated")
    }

    @Test("refuses a section that is longer than its content")
    func trailingBytes() throws {
        #expect(try readingVerdict(on: Self.preamble + [7, 2, 0, 0]) == "component.trailing")
        #expect(try readingVerdict(on: Self.preamble + [10, 3, 0, 1, 2]) == "component.trailing")
    }

    @Test(
        "refuses integers that are not as short as their type demands",
        arguments: [
            [0x80, 0x80, 0x80, 0x80, 0x80, 0x00], [0xFF, 0xFF, 0xFF, 0xFF, 0x1F], [0x80, 0x80, 0x80, 0x80, 0x70],
        ] as [[UInt8]])
    func malformedIntegers(_ integer: [UInt8]) throws {
        #expect(try readingVerdict(on: Self.preamble + [7] + integer) == "component.integer")
    }

    @Test("refuses unknown sections, and modules where a component belongs", arguments: 13...255 as ClosedRange<UInt8>)
    func unknownSections(_ id: UInt8) throws {
        #expect(try readingVerdict(on: Self.preamble + [id, 0]) == "component.unknown")
    }

    @Test("tells a module and other bytes from a component")
    func otherFiles() throws {
        #expect(try readingVerdict(on: Self.modulePreamble) == "component.module")
        #expect(try readingVerdict(on: [0x7F, 0x45, 0x4C, 0x46, 0, 0, 0, 0]) == "component.magic")
        #expect(try readingVerdict(on: [0x00, 0x61, 0x73, 0x6D, 0x0E, 0x00, 0x01, 0x00]) == "component.version")
        #expect(try readingVerdict(on: []) == "component.truncated")
    }

    @Test("refuses names that are not plain text", arguments: ["\u{202E}abc", "a b", "é", "\u{0}"])
    func names(_ name: String) throws {
        let bytes = [0x00, UInt8(name.utf8.count)] + Array(name.utf8) + [0x05, 0x00]
        let type: [UInt8] = [7, 3, 1, 0x42, 0x00]
        let section = [10, UInt8(bytes.count + 1), 1] + bytes
        #expect(try readingVerdict(on: Self.preamble + type + section) == "component.name")
    }

    @Test("refuses bytes that are not UTF-8 where any text may stand")
    func invalidUTF8() throws {
        #expect(try readingVerdict(on: Self.preamble + [0, 3, 2, 0xC0, 0x80]) == "component.name")
        #expect(try readingVerdict(on: Self.preamble + [0, 4, 3, 0xED, 0xA0, 0x80]) == "component.name")
    }

    @Test("refuses attributes of names other than implements", arguments: [1, 2] as [UInt8])
    func nameAttributes(_ attribute: UInt8) throws {
        let section: [UInt8] = [10, 11, 1, 0x02, 1, 0x61, 1, attribute, 1, 0x62, 0x05, 0x00, 0x00]
        let verdict = try readingVerdict(on: Self.preamble + [7, 3, 1, 0x42, 0x00] + section)
        #expect(verdict == "component.feature.nameAttributes")
    }

    @Test("reads 64 MiB of sections, and refuses as many items, without minding")
    func largeComponents() throws {
        let padding = [UInt8](repeating: 0, count: (64 << 20) - 64)
        var custom = Self.preamble + [0]
        appendUnsigned(padding.count + 1, to: &custom)
        custom += [0]
        #expect(try readingVerdict(on: custom + padding) == "accepted")

        // Sixty million empty custom sections, three bytes each, are more items than are read.
        let sections = [[UInt8]](repeating: [0, 1, 0], count: (64 << 20) / 3).joined()
        #expect(try readingVerdict(on: Self.preamble + sections) == "component.count")
    }

    @Test("refuses more instances than the engine has indices for")
    func instanceIndices() throws {
        let type: [UInt8] = [7, 3, 1, 0x42, 0x00]
        let imports = (0..<4097).flatMap { index -> [UInt8] in
            let name = Array("n\(index)".utf8)
            return [10, UInt8(name.count + 5), 1, 0, UInt8(name.count)] + name + [5, 0]
        }
        #expect(try readingVerdict(on: Self.preamble + type + imports) == "component.count")
        #expect(try readingVerdict(on: Self.preamble + type + imports.dropLast(12)) == "accepted")
    }

    @Test("refuses more bytes of names than it would keep")
    func nameBytes() throws {
        let digits = Array("0123456789abcdef".utf8)
        let declarations = (0..<4200).flatMap { index -> [UInt8] in
            let number = (0..<4).map { digits[index >> (4 * $0) & 0xF] }
            return [0x04, 0x00, 0x80, 0x04] + [UInt8](repeating: 0x61, count: 508) + number + [0x01, 0x00]
        }
        var body: [UInt8] = [2, 0x40, 0, 1, 0, 0x42]
        appendUnsigned(4201, to: &body)
        body += [0x01, 0x40, 0, 1, 0] + declarations
        var section: [UInt8] = [7]
        appendUnsigned(body.count, to: &section)
        #expect(try readingVerdict(on: Self.preamble + section + body) == "component.count")
    }

    @Test("refuses a component that is larger than any manifest allows")
    func tooLarge() throws {
        #expect(
            try readingVerdict(on: [UInt8](repeating: 0, count: ReaderLimits.maximumByteCount + 1)) == "component.size")
    }

    /// Where the outermost sections end: cut there, a component is a shorter one.
    private func sectionBoundaries(of binary: [UInt8]) -> Set<Int> {
        var boundaries: Set<Int> = [8]
        var offset = 8
        while offset < binary.count {
            offset += 1
            var size = 0
            var shift = 0
            while binary[offset] & 0x80 != 0 {
                size |= Int(binary[offset] & 0x7F) << shift
                shift += 7
                offset += 1
            }
            offset += (size | Int(binary[offset]) << shift) + 1
            boundaries.insert(offset)
        }
        return boundaries
    }

    private func appendUnsigned(_ value: Int, to bytes: inout [UInt8]) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
