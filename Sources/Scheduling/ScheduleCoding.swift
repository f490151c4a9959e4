internal import Commitments
internal import Keys
public import Primitives

/// Why bytes are no schedule, and where.
public enum ScheduleError: Error, Equatable, Sendable {
    case document(DocumentError)
    /// An edge leads to a session that stands after its sender, or to itself.
    case order(JSONPath)
    /// Two sessions, two edges or two outputs are the same.
    case twice(JSONPath)
}

extension ScheduleError: PositionedError {
    public var position: TextPosition? {
        if case .document(let error) = self { error.position } else { nil }
    }

    public var code: String {
        switch self {
        case .document(let error): "schedule.\(error.code)"
        case .order: "schedule.order"
        case .twice: "schedule.twice"
        }
    }

    public var message: String {
        switch self {
        case .document(let error): error.message
        case .order(let path): "\(path): a receiver stands before those that feed it"
        case .twice(let path): "\(path) is there twice"
        }
    }

    public var hint: String? { "`2cvm plan run` writes it; give a new folder as --output to begin again" }
}

extension Schedule {
    /// Decodes what `encoded` makes.
    ///
    /// - Throws: ``ScheduleError``, with the path of the first offending value.
    public init(decoding bytes: [UInt8]) throws(ScheduleError) {
        let schedule = try JSONDocument.read(
            bytes, maximumByteCount: Self.maximumByteCount, maximumDepth: 6, orThrow: ScheduleError.document
        ) { reader throws(JSONShapeError) in
            var object = try reader.object()
            _ = try object.integer("version", in: 1...1)
            let plan = try object.required("plan").digest()
            let sessions = try object.array("sessions", maximumCount: Self.maximumSessionCount)
                .map { reader throws(JSONShapeError) in try ScheduledSession(reader) }
            let last = sessions.count - 1
            guard last >= 0 else { throw .wrongForm(JSONPath.root.appending("sessions"), expected: "a session") }
            let edges = try object.array("edges", maximumCount: Self.maximumEdgeCount)
                .map { reader throws(JSONShapeError) in try ScheduledEdge(reader, last: last) }
            try object.finish()
            return Schedule(plan: plan, sessions: sessions, edges: edges)
        }
        try schedule.enforce()
        self = schedule
    }

    private func enforce() throws(ScheduleError) {
        var bounds: Set<BoundDigest> = []
        var tokens: Set<SHA256Digest> = []
        for (index, session) in sessions.enumerated() {
            let path = JSONPath.root.appending("sessions").appending(index)
            guard bounds.insert(session.bound).inserted else { throw .twice(path) }
            for output in session.outputs where !tokens.insert(output.token).inserted { throw .twice(path) }
        }
        var known: Set<SHA256Digest> = []
        for (index, edge) in edges.enumerated() {
            let path = JSONPath.root.appending("edges").appending(index)
            guard edge.to < edge.from else { throw .order(path) }
            guard known.insert(edge.edge).inserted else { throw .twice(path) }
        }
    }

    /// Canonical JSON.
    public var encoded: [UInt8] {
        let value: JSONValue = [
            "version": 1, "plan": .string(plan.prefixed), "sessions": .array(sessions.map(\.json)),
            "edges": .array(edges.map(\.json)),
        ]
        return value.canonicalBytes
    }
}

extension ScheduledSession {
    private static let year = 366 * 86_400

    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        bound = BoundDigest(try object.hex("bound"))
        attempts = try object.integer("attempts", in: 1...16)
        memoryMiB = try object.integer("memoryMiB", in: 1...Self.maximumMemoryMiB)
        binding = try object.choice("binding", of: PlatformRequirements.Binding.self)
        admissionSeconds = try object.integer("admissionSeconds", in: 1...Self.year)
        runSeconds = try object.integer("runSeconds", in: 1...Self.year)
        retentionSeconds = try object.integer("retentionSeconds", in: 1...Self.year)
        outputs = try object.array("outputs", maximumCount: Schedule.maximumOutputCount)
            .map { reader throws(JSONShapeError) in try ScheduledOutput(reader) }
        try object.finish()
    }

    fileprivate var json: JSONValue {
        [
            "bound": .string(bound.description), "attempts": .integer(attempts), "memoryMiB": .integer(memoryMiB),
            "binding": .string(binding.rawValue), "admissionSeconds": .integer(admissionSeconds),
            "runSeconds": .integer(runSeconds), "retentionSeconds": .integer(retentionSeconds),
            "outputs": .array(
                outputs.map { ["token": .string($0.token.description), "bytes": .integer($0.byteCount)] }),
        ]
    }
}

extension ScheduledOutput {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        token = try object.hex("token")
        byteCount = try object.integer("bytes", in: 1...Schedule.maximumStreamByteCount)
        try object.finish()
    }
}

extension ScheduledEdge {
    fileprivate init(_ reader: JSONReader, last: Int) throws(JSONShapeError) {
        var object = try reader.object()
        edge = try object.hex("edge")
        from = try object.integer("from", in: 0...last)
        to = try object.integer("to", in: 0...last)
        byteCount = try object.integer("bytes", in: 1...Schedule.maximumStreamByteCount)
        try object.finish()
    }

    fileprivate var json: JSONValue {
        [
            "edge": .string(edge.description), "from": .integer(from), "to": .integer(to),
            "bytes": .integer(byteCount),
        ]
    }
}
