public import Commitments
public import Primitives

/// What a runtime's component says of itself in its last section, `2cvm-runtime`: which core module it contains, and
/// which files that reads. So the component's digest pins these files too.
///
/// A claim of whoever made the component, until ``RuntimeTwin/component(containing:)`` and each file's digest are held
/// against it.
public struct RuntimeNotice: Equatable, Sendable {
    /// The section's name.
    public static let section = "2cvm-runtime"
    static let maximumByteCount = 1 << 20
    static let maximumFileCount = 4_096
    static let maximumTableCount = 16
    static let maximumFileBytes = 1 << 30

    public let name: Name
    /// The version of what is inside, such as `0.1.0`.
    public let release: String
    /// SHA-256 of the core module.
    public let module: SHA256Digest
    public let features: [CodeFeature]
    /// Elements of each of the core module's tables, none of which grows.
    let tables: [Int]
    public let files: [File]

    /// One file that the runtime reads. Its path lies below `/usr`.
    public struct File: Equatable, Sendable {
        public let path: String
        public let byteCount: Int
        public let digest: SHA256Digest

        /// The path without its first slash.
        public var relativePath: String { String(path.dropFirst()) }
    }

    /// All files together.
    public var fileBytes: Int { files.reduce(0) { $0 + $1.byteCount } }

    /// The folder below which its files lie, and nothing of a manifest.
    static let folder = "usr"

    /// Reads the section's content.
    init(decoding bytes: [UInt8]) throws(DocumentError) {
        self = try JSONDocument.read(
            bytes, maximumByteCount: Self.maximumByteCount, orThrow: { (error: DocumentError) in error }
        ) { reader throws(JSONShapeError) in
            try RuntimeNotice(reader)
        }
    }

    private init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        name = try object.parsed("name", as: "a name", maximumByteCount: 40) { Name($0) }
        release = try object.parsed("release", as: "a version", maximumByteCount: 40) { text in
            let isVersion = text.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
            return isVersion && !text.isEmpty ? text : nil
        }
        module = try object.required("module").digest()
        var features: [CodeFeature] = []
        for entry in try object.array("features", maximumCount: CodeFeature.allCases.count) {
            features.append(try entry.choice(of: CodeFeature.self))
        }
        self.features = features
        var tables: [Int] = []
        for entry in try object.array("tables", maximumCount: Self.maximumTableCount) {
            tables.append(try entry.integer(in: 0...10_000_000))
        }
        self.tables = tables
        var files: [File] = []
        var total = 0
        for entry in try object.array("files", maximumCount: Self.maximumFileCount) {
            let file = try File(entry)
            total += file.byteCount
            guard total <= Self.maximumFileBytes, files.last.map({ $0.path < file.path }) ?? true else {
                throw .wrongForm(entry.path, expected: "files in the order of their paths, of at most 1 GiB together")
            }
            files.append(file)
        }
        self.files = files
        try object.finish()
    }
}

extension RuntimeNotice.File {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        path = try object.parsed("path", as: "a path below /usr", maximumByteCount: 1_024) { text in
            Self.isBelowFolder(text) ? text : nil
        }
        byteCount = try object.integer("bytes", in: 0...RuntimeNotice.maximumFileBytes)
        digest = try object.required("digest").digest()
        try object.finish()
    }

    private static func isBelowFolder(_ path: String) -> Bool {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard path.hasPrefix("/"), segments.count > 1, segments.first ?? "" == RuntimeNotice.folder else {
            return false
        }
        return segments.allSatisfy { segment in
            (1...255).contains(segment.utf8.count) && segment != "." && segment != ".."
                && segment.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        }
    }
}
