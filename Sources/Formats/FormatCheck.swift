internal import Primitives

/// Holds content against a format as it comes in pieces: what a provider does before it submits, and the session as it
/// admits. It keeps a row that has not ended, or a JSON text whole.
public struct FormatCheck: Sendable {
    private enum State: Sendable {
        case any
        case csv(CSVReader)
        case json(JSONFormat, [UInt8])
        case text(TextCheck)
    }

    private let maximumBytes: Int
    private var state: State
    /// What `observe` found first.
    private var misfit: Misfit?

    /// Begins. A JSON text is read no further than `maximumBytes`.
    public init(_ format: Format, maximumBytes: Int) {
        self.maximumBytes = maximumBytes
        state =
            switch format {
            case .any: .any
            case .csv(let table): .csv(CSVReader(table))
            case .json(let shape): .json(shape, [])
            case .text(let text): .text(TextCheck(text))
            }
    }

    /// Takes the next piece.
    ///
    /// - Throws: ``Misfit`` as soon as the content fits no more. Then it is no longer of use.
    public mutating func take(_ piece: [UInt8]) throws(Misfit) {
        // Moved out, so that what it holds is not copied when it changes.
        let taken = state
        state = .any
        switch taken {
        case .any: return
        case .csv(var reader):
            try reader.take(piece) { _ in }
            state = .csv(reader)
        case .json(let shape, var bytes):
            let count = bytes.count + piece.count
            guard count <= maximumBytes else { throw .json(.tooLarge(found: count, maximum: maximumBytes)) }
            bytes += piece
            state = .json(shape, bytes)
        case .text(var check):
            try check.take(piece)
            state = .text(check)
        }
    }

    /// Takes the next piece where it is read for something else too, which goes on: ``finish()`` tells what was found.
    public mutating func observe(_ piece: [UInt8]) {
        guard misfit == nil else { return }
        do throws(Misfit) {
            try take(piece)
        } catch {
            misfit = error
        }
    }

    /// Says that no piece follows.
    public mutating func finish() throws(Misfit) {
        if let misfit { throw misfit }
        switch state {
        case .any: return
        case .csv(var reader): try reader.finish { _ in }
        case .json(let shape, let bytes): _ = try shape.canonical(bytes, maximumByteCount: maximumBytes)
        case .text(let check): try check.finish()
        }
    }
}
