/// Where the core modules of a component lie, those of nested components included.
///
/// The component was read before, to its last section: what is not as the reader found it is a fault of this program.
struct CoreModuleRanges {
    private(set) var ranges: [Range<Int>] = []

    init(in bytes: [UInt8], of component: Range<Int>) {
        var waiting = [component]
        while let next = waiting.popLast() {
            var offset = next.lowerBound + Preamble.magic.count + Preamble.component.count
            while offset < next.upperBound {
                let id = bytes[offset]
                let (size, start) = Self.unsigned(in: bytes, at: offset + 1)
                let content = start..<start + size
                precondition(content.upperBound <= next.upperBound, "the reader found sections that fit")
                if id == 1 { ranges.append(content) }
                if id == 4 { waiting.append(content) }
                offset = content.upperBound
            }
        }
        ranges.sort { $0.lowerBound < $1.lowerBound }
    }

    private static func unsigned(in bytes: [UInt8], at start: Int) -> (value: Int, end: Int) {
        var (value, offset, shift) = (0, start, 0)
        while true {
            let byte = bytes[offset]
            value |= Int(byte & 0x7F) << shift
            (offset, shift) = (offset + 1, shift + 7)
            if byte & 0x80 == 0 { return (value, offset) }
        }
    }
}
