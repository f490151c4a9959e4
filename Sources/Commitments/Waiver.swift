/// Something that evidence could show and this manifest does not ask for, or an allowance that
/// weakens the machine. Printed before anyone signs and in every appraisal.
public struct Waiver: Equatable, Sendable {
    /// Below `$.platform`: `chips`, `policy.smt`.
    public let key: String
    /// What is given up, in one plain sentence.
    public let meaning: String
    public let severity: Severity
    public let opens: Opening

    init(_ key: String, _ severity: Severity = .notice, opens opening: Opening, _ meaning: String) {
        self.key = key
        self.meaning = meaning
        self.severity = severity
        opens = opening
    }

    /// What a waiver opens, the gravest first. Raw values are stable.
    public enum Opening: String, CaseIterable, Sendable {
        /// Evidence may come from a machine that keeps nobody out.
        case everything
        /// Memory or firmware is protected less.
        case protection
        /// The host can watch more from outside.
        case observation
        /// Less is known of who made the image.
        case identity
        /// A field of the report stays unread, which alone gives nothing to anyone.
        case nothing
    }
}

/// How loudly a statement should be read.
public enum Severity: String, CaseIterable, Comparable, Sendable {
    case notice, warning, danger

    /// From notice to danger.
    public static func < (left: Severity, right: Severity) -> Bool {
        allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
}
