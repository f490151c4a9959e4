internal import Evidence
package import Platform
package import Primitives
internal import Synchronization

/// Reads a file of at most `maximumByteCount` bytes.
package func readFile(_ path: String, maximumByteCount: Int) throws(CommandFailure) -> [UInt8] {
    let file = try openFile(path, upTo: maximumByteCount)
    let bytes: [UInt8]
    do {
        // One byte more than allowed, so that a file that grew is noticed as well.
        bytes = try file.read(upTo: maximumByteCount + 1, at: 0)
    } catch {
        throw CommandFailure(error)
    }
    guard bytes.count <= maximumByteCount else {
        throw CommandFailure(CommandError.tooLarge(maximum: maximumByteCount), in: path)
    }
    return bytes
}

/// Reads a file and decodes it. Faults in JSON are told by line and column too.
package func readFile<Value, Failure: CommandFault>(
    _ path: String, maximumByteCount: Int, as decode: ([UInt8]) throws(Failure) -> Value
) throws(CommandFailure) -> Value {
    try decoded(try readFile(path, maximumByteCount: maximumByteCount), of: path, as: decode)
}

/// Decodes what was read of a file.
package func decoded<Value, Failure: CommandFault>(
    _ bytes: [UInt8], of path: String, as decode: ([UInt8]) throws(Failure) -> Value
) throws(CommandFailure) -> Value {
    do {
        return try decode(bytes)
    } catch {
        let place = position(of: error, in: bytes).map { "\(path):\($0)" } ?? path
        throw CommandFailure(error, in: place)
    }
}

/// The plain SHA-256 digest of a file of any size up to `maximumByteCount`, and how long it is.
package func hashFile(
    _ path: String, maximumByteCount: Int
) throws(CommandFailure) -> (digest: SHA256Digest, byteCount: Int) {
    var hasher = SHA256Hasher()
    let byteCount = try readPieces(of: path, upTo: maximumByteCount) { piece, total throws(CommandFailure) in
        guard total <= maximumByteCount else {
            throw CommandFailure(CommandError.tooLarge(maximum: maximumByteCount), in: path)
        }
        hasher.update(piece)
    }
    return (hasher.finalize(), byteCount)
}

/// Reads a file piece by piece.
///
/// - Parameters:
///   - maximumByteCount: how much of a pipe is taken.
///   - body: Gets each piece, and how much was read with it.
/// - Returns: How many bytes there were.
package func readPieces(
    of path: String, upTo maximumByteCount: Int = maximumPipeByteCount,
    _ body: ([UInt8], Int) throws(CommandFailure) -> Void
) throws(CommandFailure) -> Int {
    try readPieces(of: try openFile(path, upTo: maximumByteCount), body)
}

/// Reads an open file piece by piece, from its begin. What takes more than a second says how far it has come.
package func readPieces(
    of file: RegularFile, _ body: ([UInt8], Int) throws(CommandFailure) -> Void
) throws(CommandFailure) -> Int {
    let meter = Meter("reading", byteCount: file.byteCount, Progress(isQuiet: Report.isJSON))
    defer { meter.end() }
    var offset = 0
    while true {
        let piece: [UInt8]
        do {
            piece = try file.read(upTo: 1 << 18, at: offset)
        } catch {
            throw CommandFailure(error)
        }
        if piece.isEmpty { return offset }
        offset += piece.count
        try body(piece, offset)
        meter.showLate(offset)
    }
}

/// What comes through a pipe is kept in memory: 1 GiB at most.
package let maximumPipeByteCount = 1 << 30

/// Opens an input: a regular file of any size, a pipe, or `-` for standard input.
///
/// - Parameter maximumByteCount: how much of a pipe is taken. A longer one has one byte more.
package func openFile(_ path: String, upTo maximumByteCount: Int) throws(CommandFailure) -> RegularFile {
    guard path != "-" || StandardInput.take() else { throw CommandFailure(CommandError.inputTwice) }
    let limit = min(maximumByteCount, maximumPipeByteCount)
    let file: RegularFile
    do {
        file = try RegularFile(input: path, upTo: limit)
    } catch {
        throw CommandFailure(error)
    }
    guard !file.isCopy || file.byteCount <= limit || limit == maximumByteCount else {
        throw CommandFailure(CommandError.tooLarge(maximum: limit), in: path)
    }
    return file
}

/// Read by whoever asks first, and then at its end: a second reader would take it for an empty file.
private enum StandardInput {
    private static let isTaken = Mutex(false)

    static func take() -> Bool {
        isTaken.withLock { taken in
            defer { taken = true }
            return !taken
        }
    }
}

/// Writes a file, never over another one unless `force` says so.
package func writeFile(_ path: String, _ bytes: [UInt8], mode: UInt32, force: Bool) throws(CommandFailure) {
    do {
        if force {
            try NamedFile.replace(path, bytes, mode: mode)
        } else {
            try NamedFile.create(path, bytes, mode: mode)
        }
    } catch .system(_, .exists) {
        throw CommandFailure(CommandError.fileExists(path))
    } catch {
        throw CommandFailure(error)
    }
}

private func position(of error: any CommandFault, in bytes: [UInt8]) -> TextPosition? {
    if case EvidenceFileError.json(let error) = error {
        return error.offset.map { TextPosition(of: $0, in: bytes) }
    }
    return (error as? any PositionedError)?.position
}
