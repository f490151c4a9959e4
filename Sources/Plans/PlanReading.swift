internal import Commitments
internal import Formats
internal import Primitives

// What the plan's entries look like, one initialiser each. Whether they fit together is PlanRules' question.

extension PlanPlatform {
    init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        name = try object.required("name").name()
        requirements = try PlatformRequirements(try object.required("platform"))
        try object.finish()
    }
}

extension PlannedSession {
    init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        name = try object.required("name").name()
        manifest = try object.required("manifest").digest()
        platform = try object.required("platform").name()
        attempts = try object.integer("attempts", in: 1...Self.maximumAttempts)
        try object.finish()
    }
}

extension Flow {
    init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        self.init(
            from: try object.required("from").name(), output: try object.required("output").name(),
            to: try object.required("to").name(), data: try object.required("data").name())
        try object.finish()
    }
}

extension EvidenceTerms {
    init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        revocationNotBefore = try object.parsed("revocationNotBefore", as: "a day, such as 2026-11-27", PlanDate.init)
        let policy = try object.required("policy")
        self.policy = policy.isWord("none") ? nil : try policy.digest()
        try object.finish()
    }
}

extension PlanDate {
    /// Wraps a day that the calendar has, or returns `nil`.
    public init?(_ text: String) {
        guard DateText.day(of: Array(text.utf8).span) != nil else { return nil }
        description = text
    }
}
