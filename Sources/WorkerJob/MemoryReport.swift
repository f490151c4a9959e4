/// How large linear memories became, in the order in which the engine made them: what a rehearsal's worker tells its
/// parent before the verdict, and no other worker.
///
/// 0x03, the count (2 bytes), and for each memory its pages of 64 KiB and the most it may have (4 bytes each); integers
/// are big-endian.
public struct MemoryReport: Equatable, Sendable {
    public static let firstByte: UInt8 = 0x03
    /// More memories are not reported.
    public static let maximumCount = 4_096
    /// The pages of a 32-bit memory.
    package static let maximumPageCount = 65_536
    static let headByteCount = 3

    public let memories: [Memory]

    /// One linear memory.
    public struct Memory: Equatable, Sendable {
        static let byteCount = 8

        public let pageCount: Int
        public let maximumPageCount: Int

        /// - Precondition: Both are what a 32-bit memory can have.
        public init(pageCount: Int, maximumPageCount: Int) {
            let pages = 0...MemoryReport.maximumPageCount
            precondition(pages.contains(pageCount) && pages.contains(maximumPageCount), "memories have 32 bits")
            self.pageCount = pageCount
            self.maximumPageCount = maximumPageCount
        }
    }

    /// - Precondition: They are at most ``maximumCount``.
    public init(_ memories: [Memory]) {
        precondition(memories.count <= Self.maximumCount, "the count has two bytes")
        self.memories = memories
    }

    public var bytes: [UInt8] {
        var bytes = [Self.firstByte, UInt8(memories.count >> 8), UInt8(memories.count & 0xFF)]
        for memory in memories {
            for value in [memory.pageCount, memory.maximumPageCount] {
                for shift in [24, 16, 8, 0] { bytes.append(UInt8(value >> shift & 0xFF)) }
            }
        }
        return bytes
    }

    /// How long a report is, as soon as its beginning says so; 0 where the beginning is none.
    public static func byteCount(of beginning: [UInt8]) -> Int? {
        guard beginning.count >= headByteCount else { return nil }
        let count = Int(beginning[1]) << 8 | Int(beginning[2])
        return count <= maximumCount ? headByteCount + count * Memory.byteCount : 0
    }

    /// Reads a whole report, or returns `nil` where bytes are none.
    public init?(_ bytes: [UInt8]) {
        guard bytes.first == Self.firstByte, bytes.count == Self.byteCount(of: bytes) else { return nil }
        var memories: [Memory] = []
        for start in stride(from: Self.headByteCount, to: bytes.count, by: Memory.byteCount) {
            let values = [start, start + 4].map { place in
                bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            }
            guard values[0] <= values[1], values[1] <= Self.maximumPageCount else { return nil }
            memories.append(Memory(pageCount: values[0], maximumPageCount: values[1]))
        }
        self.memories = memories
    }
}
