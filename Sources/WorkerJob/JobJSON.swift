public import Primitives

// `job.json`: how the parent tells the worker. Both are of one build, so there is one version.
extension Job {
    /// Bytes of a job with every preopened folder of the largest manifest.
    public static let maximumByteCount = 1 << 20

    static let formatVersion = 1
    static let maximumPreopenCount = 4_096
    static let maximumPipeCount = 512
    static let maximumTextByteCount = 512
    static let maximumHostWorldCount = 256
    static let maximumModuleCount = 1_000
    /// Larger than any set of components that a manifest can name.
    public static let maximumComposedByteCount = 1 << 30

    /// The job as `job.json` holds it.
    public var json: JSONValue {
        var members = members
        if let plainModules {
            let ranges = plainModules.map { range -> JSONValue in [.integer(range.lowerBound), .integer(range.count)] }
            members.append(JSONMember("plainModules", .array(ranges)))
        }
        if let runtimeModule { members.append(JSONMember("runtimeModule", .string(runtimeModule))) }
        if let keptCode { members.append(JSONMember("keptCode", .string(keptCode))) }
        return .object(members)
    }

    private var members: [JSONMember] {
        [
            JSONMember("version", .integer(Self.formatVersion)),
            JSONMember("composedDigest", .string(composedDigest.prefixed)),
            JSONMember("preopens", .array(preopens.map(\.json))),
            JSONMember("pipes", .array(pipes.map(\.json))),
            JSONMember("entry", .string(entry)),
            JSONMember("storeLimits", storeLimits.json),
            JSONMember("hostWorld", .array(hostWorld.map(JSONValue.string))),
            JSONMember("diagnostics", .bool(diagnostics)),
        ]
    }

    /// Reads `job.json`.
    ///
    /// - Throws: `DocumentError`, with the path of what is wrong.
    public init(decoding bytes: [UInt8]) throws(DocumentError) {
        self = try JSONDocument.read(
            bytes, maximumByteCount: Self.maximumByteCount, orThrow: { (error: DocumentError) in error }
        ) { reader throws(JSONShapeError) in
            try Job(reader)
        }
    }

    private init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: Self.formatVersion...Self.formatVersion)
        composedDigest = try object.required("composedDigest").digest()
        var preopens: [Preopen] = []
        for entry in try object.array("preopens", maximumCount: Self.maximumPreopenCount) {
            preopens.append(try Preopen(entry))
        }
        self.preopens = preopens
        var pipes: [LogPipe] = []
        for entry in try object.array("pipes", maximumCount: Self.maximumPipeCount) {
            pipes.append(try LogPipe(entry))
        }
        self.pipes = pipes
        entry = try object.string("entry", maximumByteCount: Self.maximumTextByteCount)
        storeLimits = try StoreLimits(try object.required("storeLimits"))
        var names: [String] = []
        for entry in try object.array("hostWorld", maximumCount: Self.maximumHostWorldCount) {
            names.append(try entry.string(maximumByteCount: Self.maximumTextByteCount))
        }
        hostWorld = names
        diagnostics = try object.bool("diagnostics")
        plainModules = try object.optional("plainModules")?.ranges(in: Self.maximumComposedByteCount)
        runtimeModule = try object.optional("runtimeModule")?.string(maximumByteCount: Self.maximumTextByteCount)
        keptCode = try object.optional("keptCode")?.parsed(as: "a path below the output folder") {
            JobPath.isInside($0, ["out"]) ? $0 : nil
        }
        try object.finish()
    }
}

extension JSONReader {
    /// Pairs of a first byte and a count, which end at `maximum` at the latest.
    fileprivate func ranges(in maximum: Int) throws(JSONShapeError) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for entry in try array(maximumCount: Job.maximumModuleCount) {
            let numbers = try entry.array(maximumCount: 2)
            guard numbers.count == 2 else { throw .wrongForm(entry.path, expected: "a first byte and a count") }
            let start = try numbers[0].integer(in: 0...maximum)
            ranges.append(start..<start + (try numbers[1].integer(in: 0...maximum - start)))
        }
        return ranges
    }
}

extension Preopen {
    fileprivate var json: JSONValue {
        ["folder": .string(folder), "name": .string(name), "access": .string(access.rawValue)]
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        folder = try object.parsed("folder", as: "a path inside the job folder", maximumByteCount: 1_024) {
            JobPath.isInside($0, ["in", "out", "log", "tmp"]) ? $0 : nil
        }
        name = try object.parsed("name", as: "a component's name, a colon and a path", maximumByteCount: 1_024) {
            $0.contains(":") && !$0.utf8.contains(0) ? $0 : nil
        }
        access = try object.choice("access", of: Access.self)
        try object.finish()
    }

}

extension LogPipe {
    fileprivate var json: JSONValue {
        ["path": .string(path), "file": .string(file), "maximumBytes": .integer(maximumBytes)]
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        let expected = "a path below the log folder"
        path = try object.parsed("path", as: expected, maximumByteCount: 1_024) {
            JobPath.isInside($0, ["log"]) ? $0 : nil
        }
        file = try object.parsed("file", as: expected, maximumByteCount: 1_024) {
            JobPath.isInside($0, ["log"]) ? $0 : nil
        }
        maximumBytes = try object.integer("maximumBytes", in: 0...(1 << 40))
        try object.finish()
    }
}

private enum JobPath {
    /// Relative, below one of the folders, and of plain segments.
    static func isInside(_ path: String, _ folders: [String]) -> Bool {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        guard segments.count > 1, folders.contains(String(segments[0])) else { return false }
        return segments.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) }
    }
}

extension StoreLimits {
    fileprivate var json: JSONValue {
        [
            "memoryBytes": .integer(memoryBytes),
            "tableElements": .integer(tableElements),
            "instances": .integer(instances),
            "tables": .integer(tables),
            "memories": .integer(memories),
        ]
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        memoryBytes = try object.integer("memoryBytes", in: 0...(4 << 30))
        tableElements = try object.integer("tableElements", in: 0...(1 << 32))
        instances = try object.integer("instances", in: 0...1_000_000)
        tables = try object.integer("tables", in: 0...100_000_000)
        memories = try object.integer("memories", in: 0...1_000_000)
        try object.finish()
    }
}
