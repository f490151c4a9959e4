public import Primitives

// `job.json`: how the parent tells the worker. Both are of one build, so there is one version.
extension Job {
    /// Bytes of a job with every preopened folder of the largest manifest.
    public static let maximumByteCount = 1 << 20

    static let formatVersion = 1
    static let maximumPreopenCount = 4_096
    static let maximumTextByteCount = 512
    static let maximumHostWorldCount = 256

    /// The job as `job.json` holds it.
    public var json: JSONValue {
        [
            "version": .integer(Self.formatVersion),
            "composedDigest": .string(composedDigest.prefixed),
            "preopens": .array(preopens.map(\.json)),
            "entry": .string(entry),
            "storeLimits": storeLimits.json,
            "hostWorld": .array(hostWorld.map(JSONValue.string)),
            "diagnostics": .bool(diagnostics),
        ]
    }

    /// Reads `job.json`.
    ///
    /// - Throws: ``JobError``, with the path of what is wrong.
    public init(decoding bytes: [UInt8]) throws(JobError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, maximumByteCount: Self.maximumByteCount)
        } catch {
            throw .json(error)
        }
        do {
            try self.init(JSONReader(value))
        } catch {
            throw .shape(error)
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
        entry = try object.string("entry", maximumByteCount: Self.maximumTextByteCount)
        storeLimits = try StoreLimits(try object.required("storeLimits"))
        var names: [String] = []
        for entry in try object.array("hostWorld", maximumCount: Self.maximumHostWorldCount) {
            names.append(try entry.string(maximumByteCount: Self.maximumTextByteCount))
        }
        hostWorld = names
        diagnostics = try object.bool("diagnostics")
        try object.finish()
    }
}

extension Preopen {
    fileprivate var json: JSONValue {
        ["folder": .string(folder), "name": .string(name), "access": .string(access.rawValue)]
    }

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        folder = try object.parsed("folder", as: "a path inside the job folder", maximumByteCount: 1_024) {
            Self.isInside($0) ? $0 : nil
        }
        name = try object.parsed("name", as: "a component's name, a colon and a path", maximumByteCount: 1_024) {
            $0.contains(":") && !$0.utf8.contains(0) ? $0 : nil
        }
        access = try object.choice("access", of: Access.self)
        try object.finish()
    }

    /// Relative, below `in`, `out` or `log`, and of plain segments.
    private static func isInside(_ path: String) -> Bool {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        guard segments.count > 1, ["in", "out", "log"].contains(String(segments[0])) else { return false }
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
