public import Commitments
public import Primitives

/// A plan in the making: manifests of its sessions as JSON, and what flows between them.
///
/// It begins with manifests that stand alone, so that each session can be rehearsed by itself before. Nothing here is
/// checked but what it needs: ``Plan/init(decoding:)`` and ``Plan/resolve(_:)`` hold what comes out against every rule.
public struct PlanDraft: Sendable {
    let name: Name
    let purpose: String
    let salt: FixedBytes<32>
    var participants: [Participant] = []
    var platforms: [(name: Name, value: JSONValue)] = []
    var sessions: [Session] = []
    var flows: [Flow] = []
    let evidence: JSONValue

    struct Session {
        let name: Name
        var manifest: JSONValue
        let platform: Name
        var attempts: Int
    }

    /// Begins with nothing.
    ///
    /// - Parameters:
    ///   - name: The plan's.
    ///   - purpose: In plain words.
    ///   - salt: Random.
    ///   - revocationNotBefore: How old a revocation list may be.
    ///   - policy: SHA-256 of the policy file that sessions hold each other to; `nil` for none.
    public init(
        name: Name, purpose: String, salt: FixedBytes<32>, revocationNotBefore: PlanDate, policy: SHA256Digest?
    ) {
        self.name = name
        self.purpose = purpose
        self.salt = salt
        evidence = [
            "revocationNotBefore": .string(revocationNotBefore.description),
            "policy": .string(policy?.prefixed ?? "none"),
        ]
    }

    /// Adds a session whose manifest says what one that stands alone says.
    ///
    /// Its participants and its platform become the plan's, where these do not have them yet.
    /// - Throws: ``PlanDraftError`` for a participant whom the plan knows under other keys, and for a taken name.
    public mutating func add(_ manifest: Manifest, as session: Name, attempts: Int) throws(PlanDraftError) {
        guard !sessions.contains(where: { $0.name == session }) else { throw .sessionRepeated(session) }
        for participant in manifest.participants {
            if let known = participants.first(where: { $0.name == participant.name }) {
                guard known == participant else { throw .participantsDiffer(participant.name) }
            } else {
                participants.append(participant)
            }
        }
        let value = Self.value(of: manifest)
        let platform = value.member("platform") ?? .null
        sessions.append(
            Session(
                name: session, manifest: Self.planned(value, as: session, salt: shardSalt(session)),
                platform: try platformName(of: platform), attempts: attempts))
    }

    private mutating func platformName(of value: JSONValue) throws(PlanDraftError) -> Name {
        if let known = platforms.first(where: { $0.value == value }) { return known.name }
        let text = platforms.isEmpty ? "machines" : "machines-\(platforms.count + 1)"
        guard let name = Name(text) else { preconditionFailure("\(text) is a name") }
        platforms.append((name, value))
        return name
    }

    /// Lets an output fill a slot. Who received the output before, and who brought the data, no longer do.
    ///
    /// - Throws: ``PlanDraftError`` where there is no such session, output or slot.
    public mutating func connect(_ flow: Flow) throws(PlanDraftError) {
        guard let from = sessions.firstIndex(where: { $0.name == flow.from }) else { throw .noSession(flow.from) }
        guard let to = sessions.firstIndex(where: { $0.name == flow.to }) else { throw .noSession(flow.to) }
        let receiver: JSONValue = ["session": .string(flow.to.description)]
        let others = flows.filter { $0.from == flow.from && $0.output == flow.output }
        let isSent = sessions[from].manifest.change(flow.output, in: "outputs") { output in
            let earlier = others.isEmpty ? [] : output.member("recipients")?.elements ?? []
            return output.setting("recipients", .array(earlier + [receiver]))
        }
        guard isSent else { throw .noOutput(flow.output, of: flow.from) }
        let isFed = sessions[to].manifest.change(flow.data, in: "data") { entry in
            entry.setting("provider", ["session": .string(flow.from.description)]).setting("commitment", "any")
        }
        guard isFed else { throw .noData(flow.data, of: flow.to) }
        flows.append(flow)
    }

    /// SHA-256 of the plan's salt and the session's name: a salt of its own for each session.
    func shardSalt(_ session: Name) -> FixedBytes<32> {
        SHA256Digest(sha256: salt.bytes + Array(session.description.utf8))
    }

    /// The plan as JSON.
    public var plan: JSONValue {
        [
            "version": 1, "name": .string(name.description), "purpose": .string(purpose),
            "salt": .string(salt.description), "participants": .array(participants.map(\.json)),
            "platforms": .array(platforms.map { ["name": .string($0.name.description), "platform": $0.value] }),
            "sessions": .array(
                sessions.map { session in
                    [
                        "name": .string(session.name.description),
                        "manifest": .string(SHA256Digest(sha256: session.manifest.canonicalBytes).prefixed),
                        "platform": .string(session.platform.description), "attempts": .integer(session.attempts),
                    ]
                }),
            "flows": .array(flows.map(\.json)), "evidence": evidence,
        ]
    }

    /// Each session's manifest as JSON.
    public var manifests: [(session: Name, value: JSONValue)] { sessions.map { ($0.name, $0.manifest) } }

    static func value(of manifest: Manifest) -> JSONValue {
        do {
            return try JSONValue(parsing: manifest.canonicalBytes, maximumByteCount: Manifest.maximumByteCount)
        } catch {
            preconditionFailure("canonical bytes are JSON")
        }
    }

    /// The manifest without what the plan says for it.
    private static func planned(_ value: JSONValue, as session: Name, salt: FixedBytes<32>) -> JSONValue {
        value.removing("participants").removing("platform").setting("plan", true)
            .setting("name", .string(session.description)).setting("salt", .string(salt.description))
    }
}

extension Flow {
    /// As a plan writes it.
    var json: JSONValue {
        [
            "from": .string(from.description), "output": .string(output.description), "to": .string(to.description),
            "data": .string(data.description),
        ]
    }
}
