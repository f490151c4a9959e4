public import Primitives

/// What a gate's process is told, and where it finds the rest: the contract of `2cvm-gate` with its parent.
///
///     job.json             this
///     in/gate/content      what the code wrote
///     in/gate/noise        the key that noise is drawn from: 32 bytes, where there is noise
///     out/gate/released    what may leave, written by the gate
public struct GateJob: Equatable, Sendable {
    public static let contentPath = "in/gate/content"
    public static let noisePath = "in/gate/noise"
    public static let releasedPath = "out/gate/released"
    /// Of a key of noise.
    public static let noiseByteCount = 32
    /// A format of a manifest, which has one mebibyte in all.
    public static let maximumByteCount = 1 << 20

    /// The members ``Gate/keys`` of the output's entry.
    public let entry: JSONValue
    public let isLog: Bool
    /// Whether the gate may tell what it did: in a rehearsal only.
    public let diagnostics: Bool

    /// States a job.
    public init(entry: JSONValue, isLog: Bool, diagnostics: Bool) {
        self.entry = entry
        self.isLog = isLog
        self.diagnostics = diagnostics
    }

    /// `job.json`.
    public var bytes: [UInt8] {
        (["entry": entry, "log": .bool(isLog), "diagnostics": .bool(diagnostics)] as JSONValue).canonicalBytes
    }

    /// Reads ``bytes``, and the gate in them.
    ///
    /// - Throws: `JSONError` or `JSONShapeError`.
    public static func read(_ bytes: [UInt8]) throws -> (job: GateJob, gate: Gate) {
        let value = try JSONValue(parsing: bytes, maximumByteCount: maximumByteCount)
        var object = try JSONReader(value).object()
        let entry = try object.required("entry")
        let job = GateJob(
            entry: entry.value, isLog: try object.bool("log"), diagnostics: try object.bool("diagnostics"))
        try object.finish()
        var members = try entry.object()
        let gate = try Gate(&members, isLog: job.isLog)
        try members.finish()
        return (job, gate)
    }
}

/// What a gate tells the author of the code, in a rehearsal: what it did, or why nothing leaves.
///
/// It is a confined process's word: its reader believes nothing of it, and shows it to nobody else.
public enum GateFinding: Equatable, Sendable {
    case passed(GateReport)
    case refused(GateRefusal)

    /// One JSON object.
    public var json: JSONValue {
        switch self {
        case .passed(let report):
            [
                "rows": .integer(report.rows), "noisedCells": .integer(report.noisedCells),
                "droppedRows": .integer(report.droppedRows), "roundedCells": .integer(report.roundedCells),
            ]
        case .refused(let refusal):
            .object(
                [JSONMember("code", .string(refusal.code)), JSONMember("message", .string(refusal.message))]
                    + (refusal.hint.map { [JSONMember("hint", .string($0))] } ?? []))
        }
    }

    /// Reads ``json``; `nil` for anything else.
    public init?(_ text: String) {
        guard let value = try? JSONValue(parsing: Array(text.utf8), maximumByteCount: 1 << 16, maximumDepth: 1),
            let finding = try? Self.read(JSONReader(value))
        else { return nil }
        self = finding
    }

    private static func read(_ reader: JSONReader) throws(JSONShapeError) -> GateFinding {
        var object = try reader.object()
        if object.contains("code") {
            let code = try object.string("code", maximumByteCount: 100)
            let refusal = GateRefusal(
                code: code, message: try object.string("message", maximumByteCount: 4096),
                hint: try object.optional("hint")?.string(maximumByteCount: 4096))
            try object.finish()
            return .refused(refusal)
        }
        let counts = 0...JSONValue.maximumInteger
        let report = GateReport(
            rows: try object.integer("rows", in: counts), noisedCells: try object.integer("noisedCells", in: counts),
            droppedRows: try object.integer("droppedRows", in: counts),
            roundedCells: try object.integer("roundedCells", in: counts))
        try object.finish()
        return .passed(report)
    }
}

/// Why a gate let nothing through. It tells of content: where it differs from its format, and never what stands there.
public struct GateRefusal: Equatable, Sendable {
    public let code: String
    public let message: String
    /// What to do next, where there is more to say than what was expected.
    public let hint: String?

    init(code: String, message: String, hint: String?) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// What does not fit.
    public init(_ misfit: Misfit) {
        code = misfit.code
        message = misfit.message
        hint = misfit.hint
    }
}
