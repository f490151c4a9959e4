/// The words of all columns of a table, one after another, so that a cell's word is found without following a reference
/// for each column.
struct WordList: Sendable {
    /// The words as they stand in a cell, quotation marks doubled: that changes nothing in their order.
    private var bytes: [UInt8] = []
    private var places: [Range<Int>] = []
    /// Each word's first eight bytes: most words differ in them.
    private var keys: [UInt64] = []
    /// The words as cells, in quotation marks where they need them.
    private var written: [UInt8] = []
    private var writtenPlaces: [Range<Int>] = []
    /// Of a word as a cell.
    private(set) var longestByteCount = 0

    /// - Parameter words: in the order of their bytes.
    /// - Returns: the indexes that they have from now on.
    mutating func add(_ words: [String]) -> Range<Int> {
        let first = places.count
        for word in words {
            let text = CellCoder.doubled(word)
            places.append(bytes.count..<bytes.count + text.count)
            keys.append(text.span.firstBytes)
            bytes += text
            let cell = CellCoder.written(word)
            writtenPlaces.append(written.count..<written.count + cell.count)
            written += cell
            longestByteCount = max(longestByteCount, cell.count)
        }
        return first..<places.count
    }

    /// The index of a cell's word among those of one column.
    func index(of text: Span<UInt8>, in range: Range<Int>) -> Int? {
        let key = text.firstBytes
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            // As long, and the same in all its bytes.
            if keys[middle] == key, text.count <= 8, places[middle].count == text.count { return middle }
            let isBefore = keys[middle] == key ? precedes(middle, text) : keys[middle] < key
            if isBefore { low = middle + 1 } else { high = middle }
        }
        guard low < range.upperBound, places[low].count == text.count else { return nil }
        let word = bytes.span.extracting(places[low])
        for offset in 0..<text.count where word[offset] != text[offset] { return nil }
        return low
    }

    private func precedes(_ index: Int, _ text: Span<UInt8>) -> Bool {
        let word = bytes.span.extracting(places[index])
        for offset in 0..<min(word.count, text.count) where word[offset] != text[offset] {
            return word[offset] < text[offset]
        }
        return word.count < text.count
    }

    /// Writes a word as a cell.
    @inline(__always)
    func append(_ index: Int, to output: inout OutputSpan<UInt8>) {
        for offset in writtenPlaces[index] { output.append(written[offset]) }
    }
}

extension Span<UInt8> {
    /// The first eight bytes, the first the most significant; zeros where there are fewer. Texts for which these differ
    /// stand in their order.
    fileprivate var firstBytes: UInt64 {
        var value: UInt64 = 0
        let count = Swift.min(count, 8)
        for index in 0..<count { value = value << 8 | UInt64(self[index]) }
        return value << UInt64(8 * (8 - count))
    }
}
