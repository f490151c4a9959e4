internal import CPlatform
internal import Glibc

/// A file being written, for its owner only until it is finished.
///
/// The bound is kept while bytes arrive: a file never grows past it, whoever sends them.
public struct NewFile: ~Copyable, Sendable {
    private let descriptor: Descriptor
    private let action: String
    private let maximumBytes: Int
    public private(set) var byteCount = 0

    init(_ descriptor: consuming Descriptor, action: String, maximumBytes: Int) {
        self.descriptor = descriptor
        self.action = action
        self.maximumBytes = maximumBytes
    }

    /// Appends a piece.
    ///
    /// - Throws: ``PlatformError/tooLarge(action:maximumBytes:)`` before it writes anything past the bound.
    public mutating func append(_ piece: [UInt8]) throws(PlatformError) {
        guard piece.count <= maximumBytes - byteCount else {
            throw .tooLarge(action: action, maximumBytes: maximumBytes)
        }
        try descriptor.write(piece)
        byteCount += piece.count
    }

    /// Appends a file's content, and lets `observe` see each piece as it was written.
    public mutating func append(
        contentsOf source: RegularFile, observing observe: ([UInt8]) -> Void = { _ in }
    ) throws(PlatformError) {
        var offset = 0
        while true {
            let piece = try source.read(upTo: 1 << 18, at: offset)
            if piece.isEmpty { return }
            try append(piece)
            observe(piece)
            offset += piece.count
        }
    }

    /// Ends writing: permissions as given, times set to the epoch when `zeroTimes` says so.
    public consuming func finish(mode: UInt32, zeroTimes: Bool) throws(PlatformError) {
        guard fchmod(descriptor.number, mode) == 0 else { throw .system(action: action, error: ErrorNumber(errno)) }
        if zeroTimes { try succeeded(cp_zero_times(descriptor.number), action) }
    }
}
