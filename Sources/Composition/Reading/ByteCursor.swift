/// A place in a binary, and the end of the part that is being read. Nothing is copied.
///
/// Integers are LEB128 (WebAssembly 2.0, section 5.2.2): no more bytes than the type needs, and
/// the bits of the last one that the type lacks must be zero, or copies of the sign.
struct ByteCursor {
    let bytes: [UInt8]
    private(set) var offset: Int
    private(set) var end: Int
    private var itemsLeft = ReaderLimits.maximumItemCount
    private let allowsExceptions: Bool
    /// Whether a tag, or a reference to an exception, was met.
    private(set) var hasExceptions = false

    init(_ bytes: [UInt8], allowsExceptions: Bool = false) {
        self.bytes = bytes
        self.allowsExceptions = allowsExceptions
        offset = 0
        end = bytes.count
    }

    var isAtEnd: Bool { offset == end }

    /// Notes a part of exception handling, where it is allowed.
    mutating func noteExceptions(at start: Int) throws(ComponentReadingError) {
        guard allowsExceptions else { throw .refused(.exceptions, offset: start) }
        hasExceptions = true
    }

    mutating func byte() throws(ComponentReadingError) -> UInt8 {
        guard offset < end else { throw .truncated(offset: offset) }
        defer { offset += 1 }
        return bytes[offset]
    }

    func peek() throws(ComponentReadingError) -> UInt8 {
        guard offset < end else { throw .truncated(offset: offset) }
        return bytes[offset]
    }

    /// An unsigned integer of 32 bits.
    mutating func unsigned() throws(ComponentReadingError) -> Int {
        let start = offset
        var value = 0
        for shift in stride(from: 0, through: 28, by: 7) {
            let byte = try byte()
            value |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 {
                guard shift < 28 || byte <= 0x0F else { throw .malformedInteger(offset: start) }
                return value
            }
        }
        throw .malformedInteger(offset: start)
    }

    /// A signed integer of 33 bits that is not negative: how value types name a type by its index.
    mutating func typeIndex() throws(ComponentReadingError) -> Int {
        let start = offset
        let value = try unsigned()
        // The sign is the highest of the seven bits; in five bytes it lies beyond the 32 that count.
        guard offset - start == 5 || bytes[offset - 1] & 0x40 == 0 else { throw .malformedInteger(offset: start) }
        return value
    }

    /// Passes over a signed integer of `bitCount` bits, 32 or 64.
    mutating func skipSigned(bitCount: Int) throws(ComponentReadingError) {
        let start = offset
        let last = (bitCount - 1) / 7
        for index in 0...last {
            let byte = try byte()
            guard byte & 0x80 == 0 else { continue }
            guard index == last else { return }
            // The bits above the type's own repeat its sign.
            let unused = (0x7F << (bitCount - 7 * last - 1)) & 0x7F
            guard Int(byte) & unused == 0 || Int(byte) & unused == unused else { break }
            return
        }
        throw .malformedInteger(offset: start)
    }

    /// The count of a vector. Each element has a byte at least, so the bytes that are left bound it too.
    mutating func count(
        of construct: ComponentReadingError.Construct, maximum: Int
    ) throws(ComponentReadingError) -> Int {
        let start = offset
        let count = try unsigned()
        guard count <= maximum else { throw .tooMany(construct, offset: start, found: count, maximum: maximum) }
        guard count <= end - offset else { throw .truncated(offset: end) }
        try spend(count, at: start)
        return count
    }

    /// Takes from the bound on all items of the binary.
    mutating func spend(_ count: Int, at start: Int) throws(ComponentReadingError) {
        guard count <= itemsLeft else {
            let maximum = ReaderLimits.maximumItemCount
            throw .tooMany(.item, offset: start, found: maximum - itemsLeft + count, maximum: maximum)
        }
        itemsLeft -= count
    }

    /// Passes over a name and returns where its bytes lie. They are UTF-8.
    @discardableResult
    mutating func name(
        maximum: Int = ReaderLimits.maximumNameByteCount
    ) throws(ComponentReadingError) -> Range<Int> {
        let start = offset
        let count = try unsigned()
        guard count <= maximum else { throw .nameTooLong(offset: start, maximum: maximum) }
        let range = try skip(count)
        do {
            _ = try UTF8Span(validating: bytes.span.extracting(range))
        } catch {
            throw .malformedName(offset: range.lowerBound + error.byteOffsets.lowerBound)
        }
        return range
    }

    @discardableResult
    mutating func skip(_ count: Int) throws(ComponentReadingError) -> Range<Int> {
        guard count <= end - offset else { throw .truncated(offset: end) }
        defer { offset += count }
        return offset..<offset + count
    }

    mutating func skipRest() {
        offset = end
    }

    /// Narrows to the next `count` bytes, and returns the end that ``leave(to:)`` restores.
    mutating func enter(_ count: Int) throws(ComponentReadingError) -> Int {
        guard count <= end - offset else { throw .truncated(offset: end) }
        defer { end = offset + count }
        return end
    }

    /// Leaves a part, which must have been read to its last byte.
    mutating func leave(to outerEnd: Int) throws(ComponentReadingError) {
        guard offset == end else { throw .trailingBytes(offset: offset) }
        end = outerEnd
    }

    /// The size of a section: where it is written, and its value.
    mutating func size() throws(ComponentReadingError) -> SizeField {
        let start = offset
        let count = try unsigned()
        return SizeField(range: start..<offset, contentByteCount: count)
    }
}

/// Where a section's size is written, and what it says.
struct SizeField: Equatable, Sendable {
    let range: Range<Int>
    let contentByteCount: Int
}
