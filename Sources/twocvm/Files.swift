import Commitments
import Keys
import Platform
import Primitives

/// Reads a file of at most `maximumByteCount` bytes.
func readFile(_ path: String, maximumByteCount: Int) throws(CommandFailure) -> [UInt8] {
    do {
        let file = try RegularFile(path: path)
        // One byte more than allowed, so that a file that grew is noticed as well.
        let bytes = try file.read(upTo: maximumByteCount + 1, at: 0)
        guard bytes.count <= maximumByteCount else {
            throw CommandFailure(
                .unreadable, CommandError.tooLarge(found: file.byteCount, maximum: maximumByteCount), in: path)
        }
        return bytes
    } catch let failure as CommandFailure {
        throw failure
    } catch let error as PlatformError {
        throw CommandFailure(.unavailable, error)
    } catch {
        preconditionFailure("files throw PlatformError")
    }
}

/// Reads a file and decodes it. Faults in JSON are told by line and column too.
func readFile<Value, Failure: ExplainedError>(
    _ path: String, maximumByteCount: Int, as decode: ([UInt8]) throws(Failure) -> Value
) throws(CommandFailure) -> Value {
    let bytes = try readFile(path, maximumByteCount: maximumByteCount)
    do {
        return try decode(bytes)
    } catch {
        let place = jsonOffset(of: error).map { "\(path):\(lineAndColumn(of: $0, in: bytes))" } ?? path
        throw CommandFailure(taking: error, in: place)
    }
}

/// Writes a file, never over another one unless `force` says so.
func writeFile(_ path: String, _ bytes: [UInt8], mode: UInt32, force: Bool) throws(CommandFailure) {
    do {
        if force {
            try NamedFile.replace(path, bytes, mode: mode)
        } else {
            try NamedFile.create(path, bytes, mode: mode)
        }
    } catch .system(_, .exists) {
        throw CommandFailure(.refused, CommandError.fileExists(path))
    } catch {
        throw CommandFailure(.unavailable, error)
    }
}

private func jsonOffset(of error: any ExplainedError) -> Int? {
    switch error {
    case ManifestError.json(let error), SignedManifestError.manifest(.json(let error)),
        SignedManifestError.envelope(.json(let error)), KeyFileError.json(let error), AddressBookError.json(let error):
        error.offset
    case let error as JSONError: error.offset
    default: nil
    }
}

/// Both counted from 1, as editors do.
private func lineAndColumn(of offset: Int, in bytes: [UInt8]) -> String {
    let before = bytes.prefix(offset)
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = before.count { $0 == 0x0A } + 1
    let column = String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count + 1
    return "\(line):\(column)"
}
