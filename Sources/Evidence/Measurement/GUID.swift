public import Primitives

/// A GUID as UEFI stores it: the first three groups little-endian, the rest in order ("mixed-endian").
public struct GUID: Hashable, Sendable {
    /// The 16 bytes as they stand in memory.
    public let bytes: FixedBytes<16>

    /// Takes the bytes as they stand in memory.
    public init(_ bytes: FixedBytes<16>) {
        self.bytes = bytes
    }

    /// Takes the digits as they are written: `GUID(0x96b582de_1fb2_45f7, 0xbaea_a366c55a082d)`.
    init(_ head: UInt64, _ tail: UInt64) {
        let ordered = head.bigEndianBytes + tail.bigEndianBytes
        let positions = [3, 2, 1, 0, 5, 4, 7, 6] + Array(8..<16)
        guard let bytes = FixedBytes<16>(positions.map { ordered[$0] }) else {
            preconditionFailure("two 64-bit integers are 16 bytes")
        }
        self.bytes = bytes
    }

    var isZero: Bool { bytes.isZero }
}

extension GUID: CustomStringConvertible {
    /// Lowercase digits in groups of 8, 4, 4, 4 and 12.
    public var description: String {
        let memory = bytes.bytes
        let groups = [[3, 2, 1, 0], [5, 4], [7, 6], [8, 9], Array(10..<16)]
        return groups.map { group in group.map { memory[$0] }.hex }.joined(separator: "-")
    }
}

extension FixedWidthInteger {
    /// Most significant byte first.
    var bigEndianBytes: [UInt8] {
        stride(from: Self.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> $0) }
    }

    /// Least significant byte first.
    var littleEndianBytes: [UInt8] {
        stride(from: 0, to: Self.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: self >> $0) }
    }
}
