// Integers are assembled from bytes, so that neither alignment nor the host's byte order matters.

extension Span<UInt8> {
    /// The little-endian integer at `offset`.
    func littleEndian<Value: FixedWidthInteger>(at offset: Int) -> Value {
        var value: Value = 0
        for index in 0..<(Value.bitWidth / 8) {
            value |= Value(truncatingIfNeeded: self[offset + index]) << (8 * index)
        }
        return value
    }

    /// Refuses a reserved range in which a byte is set: a later version may give it a meaning.
    func requireZero(_ range: Range<Int>) throws(ReportError) {
        for offset in range where self[offset] != 0 { throw .reservedNotZero(offset: offset) }
    }

    /// A copy of a range.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        range.map { self[$0] }
    }
}
