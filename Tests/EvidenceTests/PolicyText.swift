import Evidence
import Primitives

/// A policy file's parts as JSON text, each open to change.
enum PolicyText {
    static let members = [
        ("version", "2"), ("name", #""test""#), ("date", #""2026-11-01""#), ("unlistedProcessors", #""refused""#),
        ("revocationNotBefore", #""any""#), ("earliestEngine", #""any""#), ("refusedMeasurements", "[]"),
        ("products", "[]"), ("notShown", "[]"),
    ]

    /// The file with some members replaced, or removed with `nil`.
    static func file(_ changes: [String: String?] = [:]) -> [UInt8] {
        let kept = members.filter { changes[$0.0] == nil }
        let changed = changes.compactMap { name, value in value.map { (name, $0) } }
        return Array("{\((kept + changed).map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", "))}".utf8)
    }

    static func policy(_ changes: [String: String?] = [:]) throws -> VerifierPolicy {
        VerifierPolicy([try PolicyFile(decoding: file(changes))])
    }

    /// The tests' Genoa, or any processor, with rules.
    static func product(_ rules: String..., family: Int = 25, model: Int = 17, stepping: String = #""any""#) -> String {
        #"{"family": \#(family), "model": \#(model), "stepping": \#(stepping), "#
            + #""rules": [\#(rules.joined(separator: ", "))]}"#
    }

    static let advisoryMembers = [
        ("advisory", #""ADV-1""#), ("title", #""Test""#), ("effect", #""the host wins""#),
        ("source", #""second hand""#), ("date", #""2026-10-01""#), ("confirmed", "false"),
    ]

    static func rule(
        _ closedBy: String, advisory: String = "ADV-1", open: String = "refused", undecidable: String = "refused"
    ) -> String {
        rule([
            "advisory": #""\#(advisory)""#, "whenOpen": #""\#(open)""#, "whenUndecidable": #""\#(undecidable)""#,
            "closedBy": closedBy,
        ])
    }

    static func rule(_ changes: [String: String?]) -> String {
        let standard =
            advisoryMembers + [
                ("whenOpen", #""refused""#), ("whenUndecidable", #""refused""#),
                ("closedBy", #"[{"current": {"snp": 27}}]"#),
            ]
        let kept = standard.filter { changes[$0.0] == nil }
        let changed = changes.compactMap { name, value in value.map { (name, $0) } }
        return "{\((kept + changed).map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", "))}"
    }

    /// A policy on the tests' Genoa with one rule.
    static func policy(closedBy: String, open: String = "refused", undecidable: String = "refused") throws
        -> VerifierPolicy
    {
        let text = rule(closedBy, open: open, undecidable: undecidable)
        return try policy(["products": "[\(product(text))]"])
    }
}
