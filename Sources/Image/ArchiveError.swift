public import Primitives

/// Why entries are not an archive.
public enum ArchiveError: Error, Equatable, Sendable {
    case tooManyEntries(found: Int)
    case duplicate(String)
    case belowFile(String)
    case path(String)
    case mode(String)
    case tooLarge(String, found: Int)
}

extension ArchiveError: ExplainedError {
    public var code: String {
        switch self {
        case .tooManyEntries: "image.archive.count"
        case .duplicate: "image.archive.duplicate"
        case .belowFile: "image.archive.parent"
        case .path: "image.archive.path"
        case .mode: "image.archive.mode"
        case .tooLarge: "image.archive.size"
        }
    }

    public var message: String {
        switch self {
        case .tooManyEntries(let found): "expected at most \(Archive.maximumEntryCount) names, found \(found)"
        case .duplicate(let path): "two files would be called \(path)"
        case .belowFile(let path): "\(path) would lie below something that is no folder"
        // What is not plain may be long, or steer a terminal.
        case .path(let path):
            "\(ForeignText(escaping: String(path.prefix(255)))) is not a plain path, or its link has none"
        case .mode(let path): "\(path) has permissions that do not exist"
        case .tooLarge(let path, let found):
            "\(path) has \(found) bytes, and at most \(Archive.maximumFileByteCount) are packed"
        }
    }
}
