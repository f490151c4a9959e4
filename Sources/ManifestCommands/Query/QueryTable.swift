import Commitments
import Formats
import Platform
import Primitives
import Workbench

/// What a query reads: a participant's data, at hand or described.
struct QueryTable {
    let name: Name
    let provider: Name
    let path: String
    let kind: Kind
    /// Of the data at hand.
    let byteCount: Int
    /// What pins it, with the salt that was drawn for that. `nil` for data that is not at hand.
    let pin: (commitment: SHA256Digest, salt: FixedBytes<32>)?

    enum Kind {
        case csv(JSONValue)
        case database
        /// Only the format is at hand.
        case described(JSONValue)
    }

    private static let databaseHeader = Array("SQLite format 3\0".utf8)
    /// What data that is not at hand may have, unless somebody says otherwise.
    private static let usualBytes = 16 << 20
    private static let leastBytes = 1 << 16

    /// - Parameters:
    ///   - text: `NAME=FILE:PROVIDER`.
    ///   - formats: what somebody says of single entries: these are not described.
    init(_ text: String, _ formats: [String: JSONValue]) throws(CommandFailure) {
        let expected = "NAME=FILE:PROVIDER"
        let sides = try pairText(text, expected: expected)
        guard let colon = sides.1.lastIndex(of: ":"), colon != sides.1.startIndex else {
            throw malformed(text, expected)
        }
        guard let name = Name(sides.0), let provider = Name(String(sides.1[sides.1.index(after: colon)...])) else {
            throw malformed(text, expected + ", with names of a-z, 0-9 and -, begun by a letter")
        }
        let path = String(sides.1[..<colon])
        self.name = name
        self.provider = provider
        self.path = path
        kind = try Self.kind(of: path, name, formats["\(name)"])
        if case .described = kind {
            (byteCount, pin) = (Self.usualBytes, nil)
        } else {
            let salt: FixedBytes<32> = randomBytes()
            let (commitment, _, byteCount) = try contentCommitment(to: path, salt: salt)
            (self.byteCount, pin) = (byteCount, (commitment, salt))
        }
    }

    private static func kind(
        of path: String, _ name: Name, _ given: JSONValue?
    ) throws(CommandFailure) -> Kind {
        let file = try openFile(path, upTo: Format.maximumByteCount)
        // It is read several times, and named to the commands that follow.
        guard !file.isCopy else { throw malformed(path, "a file for \(name), not a pipe") }
        let start: [UInt8]
        do {
            start = try file.read(upTo: databaseHeader.count, at: 0)
        } catch {
            throw CommandFailure(error, in: path)
        }
        if start == databaseHeader { return .database }
        guard path.hasSuffix(".json") else {
            if let given { return .csv(given) }
            var draft = CSVDraft()
            return .csv(try draft.described(file, path))
        }
        let format = try FormatFile(path)
        guard case .csv = format.format else { throw CommandFailure(QueryError.formKind(name.description), in: path) }
        return .described(format.value)
    }

    /// What the manifest says that it is.
    var format: JSONValue? {
        switch kind {
        case .csv(let format), .described(let format): format
        case .database: nil
        }
    }

    /// Where the query's runtime finds it.
    var mountPath: String {
        if case .database = kind { "/data/\(name).db" } else { "/data/\(name).csv" }
    }

    /// The next power of two: how long it is to the byte, nobody need know.
    var maximumBytes: Int { byteCount.roundedToPowerOfTwo(atLeast: Self.leastBytes) }
}

extension CSVDraft {
    /// The format of an open table.
    mutating func described(_ file: RegularFile, _ path: String) throws(CommandFailure) -> JSONValue {
        _ = try readPieces(of: file) { piece, _ throws(CommandFailure) in
            do throws(Misfit) { try take(piece) } catch { throw CommandFailure(error, in: path) }
        }
        do {
            return try finish()
        } catch {
            throw CommandFailure(error, in: path)
        }
    }
}

extension Int {
    /// The least power of two that is no smaller.
    func roundedToPowerOfTwo(atLeast least: Int) -> Int {
        var bound = least
        while bound < self, bound < 1 << 40 { bound *= 2 }
        return bound
    }
}
