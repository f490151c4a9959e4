/// What the gate did, for the author of the code. It tells of content, so no sealed run shows it.
public struct GateReport: Equatable, Sendable {
    /// Rows of the table that the code wrote.
    public internal(set) var rows = 0
    public internal(set) var noisedCells = 0
    public internal(set) var droppedRows = 0
    public internal(set) var roundedCells = 0
}

/// The last thing between what code wrote and who receives it: content is read by its format, put through the rules
/// and written anew in one form, so that nothing leaves but what the format can say.
public struct Gate: Equatable, Sendable {
    public let format: Format
    public let rules: OutputRules
    public let maximumBytes: Int
    /// Whether content that does not fit is cut and its other characters become question marks, as a log's are, where
    /// other outputs are refused.
    public let isLog: Bool

    /// Joins what a gate holds content to. The rules are of this very format.
    public init(format: Format, rules: OutputRules, maximumBytes: Int, isLog: Bool = false) {
        self.format = format
        self.rules = rules
        self.maximumBytes = maximumBytes
        self.isLog = isLog
    }

    /// How many different files the gate can write: an upper bound.
    public var count: Count {
        let plain = Count(256).sequences(atMost: maximumBytes)
        let formed: Count? =
            switch format {
            case .any: nil
            case .csv(let table): table.count(under: rules)
            case .json(let shape): shape.count
            case .text(let text): isLog ? text.countAsLog : text.count
            }
        guard let formed, formed.capacity < plain.capacity else { return plain }
        return formed
    }

    /// Reads what the code wrote, and gives the bytes to release.
    ///
    /// - Parameters:
    ///   - content: what the code wrote.
    ///   - key: of this output's noise. Without one there is none: a rehearsal of rules alone.
    /// - Throws: ``Misfit``. Then nothing of the content leaves.
    public func release(
        _ content: [UInt8], noise key: NoiseKey?
    ) throws(Misfit) -> (bytes: [UInt8], report: GateReport) {
        switch format {
        case .any: return (content, GateReport())
        case .csv(let table):
            return try table.release(content, under: rules, noise: key)
        case .json(let shape): return (try shape.canonical(content, maximumByteCount: maximumBytes), GateReport())
        case .text(let text):
            if isLog { return (text.cut(content, maximumBytes: maximumBytes), GateReport()) }
            try text.require(content)
            return (content, GateReport())
        }
    }

    /// Whether these bytes are of the format, keep the rules and are written in the one form: what anyone holds
    /// against the gate's own work.
    public func requireReleasable(_ bytes: [UInt8]) throws(Misfit) {
        switch format {
        case .any: return
        case .csv(let table): try table.requireCanonical(bytes, under: rules)
        case .json(let shape):
            guard try shape.canonical(bytes, maximumByteCount: maximumBytes) == bytes else {
                throw .notCanonical(row: 1)
            }
        case .text(let text) where isLog:
            guard text.cut(bytes, maximumBytes: maximumBytes) == bytes else { throw .notCanonical(row: 1) }
        case .text(let text): try text.require(bytes)
        }
    }
}
