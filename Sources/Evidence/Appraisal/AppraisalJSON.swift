public import Primitives

extension Appraisal {
    /// Everything that counts against the evidence, then what was waived.
    public var findings: [Finding] {
        switch self {
        case .affirmed(let affirmed): affirmed.evidence.waived
        case .contraindicated(let findings): findings
        }
    }

    /// The result as docs/EVIDENCE.md describes it. Codes are stable, texts are for people.
    public var json: JSONValue {
        let verdict: JSONValue
        switch self {
        case .affirmed: verdict = "affirmed"
        case .contraindicated: verdict = "contraindicated"
        }
        return ["version": 1, "verdict": verdict, "findings": .array(findings.map(\.json))]
    }
}

extension Finding {
    /// One entry of an appraisal's `findings`.
    public var json: JSONValue {
        var members = [
            JSONMember("code", .string(code)), JSONMember("severity", .string(severity.rawValue)),
            JSONMember("expected", .string(expected)), JSONMember("found", .string(found)),
            JSONMember("message", .string(message)),
        ]
        if let hint { members.append(JSONMember("hint", .string(hint))) }
        return .object(members)
    }
}
