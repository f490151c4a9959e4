/// A component's bytes with other maxima in its limits.
///
/// Limits and sizes have no fixed width, so each section around a changed one gets a new size. The
/// bytes between are the provider's own, and are copied once, into the composed binary.
struct CappedBinary: Sendable {
    let bytes: [UInt8]
    /// What replaces which bytes, in the order of their place.
    private let replacements: [(range: Range<Int>, content: [UInt8])]
    let byteCount: Int

    init(_ bytes: [UInt8], parts: [ComponentBinary.Part], edits: [LimitsEdit]) {
        var growth: [Int?] = Array(repeating: nil, count: parts.count)
        var replacements: [(range: Range<Int>, content: [UInt8])] = []
        for edit in edits {
            var content: [UInt8] = [0x01]
            content.appendUnsigned(edit.limits.minimum)
            content.appendUnsigned(edit.maximum)
            growth[edit.part] = (growth[edit.part] ?? 0) + content.count - edit.limits.range.count
            replacements.append((edit.limits.range, content))
        }
        var total = 0
        // A part stands after the one around it, so going backwards settles the inner ones first.
        for index in parts.indices.reversed() {
            guard let inner = growth[index] else { continue }
            let size = parts[index].size
            var content: [UInt8] = []
            content.appendUnsigned(size.contentByteCount + inner)
            let outer = inner + content.count - size.range.count
            replacements.append((size.range, content))
            if let parent = parts[index].parent {
                growth[parent] = (growth[parent] ?? 0) + outer
            } else {
                total += outer
            }
        }
        self.bytes = bytes
        self.replacements = replacements.sorted { $0.range.lowerBound < $1.range.lowerBound }
        byteCount = bytes.count + total
    }

    /// Places behind what was replaced: in the new bytes, and in the old.
    var steps: [(capped: Int, file: Int)] {
        var growth = 0
        return replacements.map { range, content in
            growth += content.count - range.count
            return (capped: range.upperBound + growth, file: range.upperBound)
        }
    }

    func append(to output: inout [UInt8]) {
        var start = 0
        for (range, content) in replacements {
            output += bytes[start..<range.lowerBound]
            output += content
            start = range.upperBound
        }
        output += bytes[start...]
    }
}

extension [UInt8] {
    /// LEB128 in as few bytes as it takes.
    mutating func appendUnsigned(_ value: Int) {
        var rest = value
        while rest > 0x7F {
            append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
