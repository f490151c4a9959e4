public import Commitments
internal import Keys
public import Plans
public import Primitives

/// A valid plan that every test changes one thing of: two sites whose moments a pool fits.
public struct PlanExample: Sendable {
    public static let parties = [Party("hospital-a", 1), Party("hospital-b", 2), Party("statistician", 3)]

    /// The manifests by their sessions' names, in the plan's order.
    public var manifests: [(session: String, value: JSONValue)]
    /// The plan, but for the digests of the manifests.
    public var plan: JSONValue

    public init() {
        manifests = [
            ("site-a", Self.site("site-a", of: Self.parties[0], salt: "0a")),
            ("site-b", Self.site("site-b", of: Self.parties[1], salt: "0b")), ("pool", Self.pool),
        ]
        plan = [
            "version": 1, "name": "cohort", "purpose": "Pooled regression.",
            "salt": .string(String(repeating: "5a", count: 32)), "participants": .array(Self.parties.map(\.entry)),
            "platforms": [["name": "machines", "platform": Self.platform("00")]],
            "sessions": .array(
                ["site-a", "site-b", "pool"].map { name in
                    ["name": .string(name), "manifest": "", "platform": "machines", "attempts": 2]
                }),
            "flows": [
                ["from": "site-a", "output": "moments", "to": "pool", "data": "moments-a"],
                ["from": "site-b", "output": "moments", "to": "pool", "data": "moments-b"],
            ],
            "evidence": ["revocationNotBefore": "2026-11-27", "policy": "none"],
        ]
    }

    public static func platform(_ digits: String, binding: JSONValue = "launch") -> JSONValue {
        [
            "kind": "simulated", "binding": binding,
            "measurements": [.string(String(repeating: digits, count: 48))],
        ]
    }

    public static let moments: JSONValue = ["kind": "text", "maximumCharacters": 100, "characters": "ascii"]

    private static func site(_ name: String, of owner: Party, salt: String) -> JSONValue {
        var draft = ManifestFixture(parties)
        draft.name = name
        draft.run.component = "summary"
        draft.components = [
            ManifestFixture.component(
                "summary", of: parties[2], SHA256Digest(sha256: [1]), maximumBytes: 1000,
                imports: ["twocvm:guest/files"])
        ]
        draft.data = [
            ManifestFixture.data("patients", of: owner, SHA256Digest(sha256: Array(name.utf8)), maximumBytes: 5000)
        ]
        draft.outputs = [
            ManifestFixture.output("moments", to: [], format: moments, maximumBytes: 800)
                .setting("recipients", to: [["session": "pool"]])
        ]
        draft.channels = [
            ManifestFixture.mount("patients", in: "summary", at: "/data/patients.csv"),
            ManifestFixture.release("moments", of: "summary", at: "/output/moments.txt"),
        ]
        return planned(draft.value, salt)
    }

    private static let pool: JSONValue = {
        var draft = ManifestFixture(parties)
        draft.name = "pool"
        draft.run.component = "regression"
        draft.components = [
            ManifestFixture.component(
                "regression", of: parties[2], SHA256Digest(sha256: [2]), maximumBytes: 1000,
                imports: ["twocvm:guest/files"])
        ]
        draft.data = ["a", "b"].map { site in
            ManifestFixture.data("moments-\(site)", of: parties[0], maximumBytes: 1000)
                .setting("provider", to: ["session": .string("site-\(site)")]).setting("format", to: moments)
        }
        draft.outputs = [
            ManifestFixture.output(
                "coefficients", to: [parties[0], parties[2]],
                format: ["kind": "text", "maximumCharacters": 40, "characters": "ascii"], maximumBytes: 400)
        ]
        draft.channels = [
            ManifestFixture.mount("moments-a", in: "regression", at: "/data/moments-a.txt"),
            ManifestFixture.mount("moments-b", in: "regression", at: "/data/moments-b.txt"),
            ManifestFixture.release("coefficients", of: "regression", at: "/output/coefficients.txt"),
        ]
        return planned(draft.value, "0c")
    }()

    public static func planned(_ value: JSONValue, _ salt: String) -> JSONValue {
        value.setting("participants", to: nil).setting("platform", to: nil).setting("plan", to: true)
            .setting("salt", to: .string(String(repeating: salt, count: 32)))
    }

    /// A copy with one value of the plan changed, added or removed.
    public func plan(_ path: String, to new: JSONValue?) -> PlanExample {
        var copy = self
        copy.plan = plan.setting(path, to: new)
        return copy
    }

    /// A copy with one value of a manifest changed, added or removed.
    public func manifest(_ session: String, _ path: String, to new: JSONValue?) -> PlanExample {
        var copy = self
        for (index, entry) in manifests.enumerated() where entry.session == session {
            copy.manifests[index].value = entry.value.setting(path, to: new)
        }
        return copy
    }

    /// The plan with the digest of each session's manifest, where a test has not put another.
    public var value: JSONValue {
        var value = plan
        for (index, entry) in manifests.enumerated() where value.at("sessions.\(index).manifest") == "" {
            let digest = SHA256Digest(sha256: entry.value.canonicalBytes)
            value = value.setting("sessions.\(index).manifest", to: .string(digest.prefixed))
        }
        return value
    }

    public func decoded() throws -> Plan { try Plan(decoding: value.canonicalBytes) }

    public var documents: [Name: [UInt8]] {
        var documents: [Name: [UInt8]] = [:]
        for (session, value) in manifests {
            if let name = Name(session) { documents[name] = value.indentedBytes }
        }
        return documents
    }

    public func resolved() throws -> ResolvedPlan { try decoded().resolve(documents) }

    public func signed(by parties: [Party] = PlanExample.parties) throws -> SignedPlan {
        var signed = try SignedPlan(signing: try decoded(), by: parties[0].signing)
        for party in parties.dropFirst() { try signed.sign(by: party.signing) }
        return signed
    }
}
