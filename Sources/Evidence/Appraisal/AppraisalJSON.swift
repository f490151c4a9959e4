internal import Commitments
internal import Keys
public import Primitives

extension Appraisal {
    /// Everything that counts against the evidence, then what was waived, then what a policy asked for and what holds.
    public var findings: [Finding] {
        switch self {
        case .affirmed(let affirmed): affirmed.evidence.waived + affirmed.evidence.met
        case .contraindicated(let findings): findings
        }
    }

    /// The result as docs/EVIDENCE.md describes it. Codes are stable, texts are for people.
    ///
    /// - Parameter time: the verifier's.
    public func json(at time: Timestamp) -> JSONValue {
        let verdict: JSONValue
        var affirmed: [JSONMember] = []
        switch self {
        case .affirmed(let evidence):
            verdict = "affirmed"
            affirmed = evidence.statements
        case .contraindicated: verdict = "contraindicated"
        }
        return .object(
            [
                JSONMember("version", 1), JSONMember("verdict", verdict), JSONMember("time", .string(time.description)),
            ] + affirmed + [JSONMember("findings", .array(findings.map(\.json)))])
    }
}

extension AffirmedReport {
    public var statements: [JSONMember] {
        [
            JSONMember(
                "report",
                [
                    "digest": .string(SHA256Digest(sha256: report.encoded).description),
                    "product": .string(endorsements.leaf.product.rawValue),
                    "measurement": .string(report.measurement.description),
                    "chipID": .string(report.chipID.description),
                    "simulated": .bool(endorsements.anchor == .simulated),
                ])
        ]
    }
}

extension AttestedSession {
    public var statements: [JSONMember] {
        let session: JSONValue =
            switch self {
            case .locked(let session):
                [
                    "stage": "locked", "id": .string(session.id.description),
                    "manifestDigest": .string(session.bound.description),
                ]
            case .awaitingManifest(let key): ["stage": "awaitingManifest", "id": .string(key.id.description)]
            }
        return evidence.statements + [JSONMember("session", session)]
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
