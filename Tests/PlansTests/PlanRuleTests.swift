import Commitments
import Foundation
import Plans
import Primitives
import TestSupport
import Testing

/// One changed thing of a plan or of a manifest in it, the rule that it breaks, and where.
struct PlanCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: String
    let place: String
    let example: PlanExample

    init(_ description: String, _ code: String, at place: String, _ change: (PlanExample) -> PlanExample) {
        testDescription = description
        self.code = code
        self.place = place
        example = change(PlanExample())
    }
}

@Suite("The rules of plans")
struct PlanRuleTests {
    @Test("refuse a plan with the rule and the place", arguments: alone)
    func refusesPlan(_ example: PlanCase) {
        let error = #expect(throws: PlanError.self) { try example.example.decoded() }
        #expect(error?.code == example.code)
        #expect(error?.message.contains(example.place) == true, "\(error?.message ?? "")")
    }

    @Test("refuse manifests that do not fit, with the rule and the place", arguments: together + ends)
    func refusesManifests(_ example: PlanCase) throws {
        let plan = try example.example.decoded()
        let error = #expect(throws: PlanError.self) { try plan.resolve(example.example.documents) }
        #expect(error?.code == example.code)
        #expect(error?.message.contains(example.place) == true, "\(error?.message ?? "")")
    }

    private static let alone = [
        PlanCase("a session named like a participant", "plan.name.repeated", at: "$.sessions[0].name") {
            $0.plan("sessions.0.name", to: "hospital-a")
        },
        PlanCase("two sessions of one name", "plan.name.repeated", at: "$.sessions[1].name") {
            $0.plan("sessions.1.name", to: "site-a")
        },
        PlanCase("a platform named like a participant", "plan.name.repeated", at: "$.platforms[0].name") {
            $0.plan("platforms.0.name", to: "statistician")
        },
        PlanCase("no session", "plan.shape.form", at: "$.sessions") { $0.plan("sessions", to: []) },
        PlanCase("no participant", "plan.shape.form", at: "$.participants") { $0.plan("participants", to: []) },
        PlanCase("an unknown key", "plan.shape.unknown", at: "$.driver") { $0.plan("driver", to: "slurm") },
        PlanCase("a missing key", "plan.shape.missing", at: "$.evidence") { $0.plan("evidence", to: nil) },
        PlanCase("another version", "plan.shape.range", at: "$.version") { $0.plan("version", to: 2) },
        PlanCase("no attempt", "plan.shape.range", at: "$.sessions[2].attempts") {
            $0.plan("sessions.2.attempts", to: 0)
        },
        PlanCase("too many attempts", "plan.shape.range", at: "$.sessions[2].attempts") {
            $0.plan("sessions.2.attempts", to: 17)
        },
        PlanCase("a day that no calendar has", "plan.shape.form", at: "$.evidence.revocationNotBefore") {
            $0.plan("evidence.revocationNotBefore", to: "2026-02-29")
        },
        PlanCase("a time where a day belongs", "plan.shape.form", at: "$.evidence.revocationNotBefore") {
            $0.plan("evidence.revocationNotBefore", to: "2026-11-27T00:00:00Z")
        },
        PlanCase("a policy left out", "plan.shape.missing", at: "$.evidence.policy") {
            $0.plan("evidence.policy", to: nil)
        },
        PlanCase("a policy by a word", "plan.shape.form", at: "$.evidence.policy") {
            $0.plan("evidence.policy", to: "any")
        },
        PlanCase("one key twice", "manifest.key.repeated", at: "$.participants[1].signingKey") {
            $0.plan("participants.1.signingKey", to: $0.plan.at("participants.0.signingKey"))
        },
        PlanCase("an unknown platform", "plan.platform.unknown", at: "$.sessions[1].platform") {
            $0.plan("sessions.1.platform", to: "elsewhere")
        },
        PlanCase("a platform that nobody uses", "plan.platform.unused", at: "$.platforms[1].name") {
            $0.plan("platforms.1", to: ["name": "spare", "platform": PlanExample.platform("11")])
        },
        PlanCase("a simulated platform beside a real one", "plan.platform.kind", at: "$.platforms[1].platform") {
            $0.plan("platforms.1", to: ["name": "real", "platform": RealPlatform.value])
                .plan("sessions.2.platform", to: "real")
        },
        PlanCase("one manifest for two sessions", "plan.manifest.repeated", at: "$.sessions[1].manifest") {
            let digest = SHA256Digest(sha256: [7]).prefixed
            return $0.plan("sessions.0.manifest", to: .string(digest)).plan("sessions.1.manifest", to: .string(digest))
        },
        PlanCase("a flow from nowhere", "plan.session.unknown", at: "$.flows[0].from") {
            $0.plan("flows.0.from", to: "site-c")
        },
        PlanCase("a flow to a participant", "plan.session.unknown", at: "$.flows[0].to") {
            $0.plan("flows.0.to", to: "hospital-a")
        },
        PlanCase("a flow twice", "plan.shape.form", at: "$.flows[2]") { $0.plan("flows.2", to: $0.plan.at("flows.0")) },
        PlanCase("an output into two slots of one session", "plan.flow.repeated", at: "$.flows[2].output") {
            $0.plan("flows.2", to: $0.plan.at("flows.0")?.setting("data", to: "moments-c"))
        },
        PlanCase("a slot that two fill", "plan.flow.data", at: "$.flows[1].data") {
            $0.plan("flows.1.data", to: "moments-a")
        },
        PlanCase("a session that feeds itself", "plan.flow.cycle", at: "pool → pool") {
            $0.plan("flows.2", to: ["from": "pool", "output": "x", "to": "pool", "data": "y"])
        },
        PlanCase("two that feed each other", "plan.flow.cycle", at: "$.flows") {
            $0.plan("flows.2", to: ["from": "pool", "output": "x", "to": "site-a", "data": "y"])
        },
    ]

    private static let together = [
        PlanCase("another manifest than the plan names", "plan.manifest.differs", at: "$.sessions[0].manifest") {
            $0.plan("sessions.0.manifest", to: .string(SHA256Digest(sha256: [7]).prefixed))
        },
        PlanCase("a missing manifest", "plan.manifest.missing", at: "$.sessions[3].manifest") {
            $0.plan("sessions.3", to: $0.plan.at("sessions.0")?.setting("name", to: "site-c"))
                .plan("sessions.3.manifest", to: .string(SHA256Digest(sha256: [7]).prefixed))
        },
        PlanCase("a manifest that stands alone", "manifest.shape.missing", at: "site-a") {
            $0.manifest("site-a", "plan", to: nil)
        },
        PlanCase("a manifest that says it is in no plan", "manifest.shape.form", at: "$.plan") {
            $0.manifest("site-a", "plan", to: false)
        },
        PlanCase("a manifest with participants of its own", "manifest.shape.unknown", at: "$.participants") {
            $0.manifest("site-a", "participants", to: $0.plan.at("participants"))
        },
        PlanCase("a manifest with a platform of its own", "manifest.shape.unknown", at: "$.platform") {
            $0.manifest("site-a", "platform", to: PlanExample.platform("00"))
        },
        PlanCase("a manifest of another session's name", "plan.manifest.differs", at: "site-a") {
            $0.manifest("site-a", "name", to: "site-b")
        },
        PlanCase("a manifest of no session's name", "manifest.shape.form", at: "$.name") {
            $0.manifest("site-a", "name", to: "site-c")
        },
        PlanCase("several runs", "manifest.runs", at: "$.limits.runs") {
            $0.manifest("pool", "data.0.per", to: "run").manifest("pool", "limits.runs", to: 2)
        },
        PlanCase("a slot for each run", "manifest.data.per", at: "$.data[0].per") {
            $0.manifest("site-a", "data.0.per", to: "run").manifest("site-a", "data.0.commitment", to: "any")
        },
        PlanCase("a session's result that is pinned", "manifest.data.commitment", at: "$.data[0].commitment") {
            $0.manifest("pool", "data.0.commitment", to: .string(SHA256Digest(sha256: [7]).prefixed))
        },
        PlanCase("the plan's own salt", "plan.manifest.salt", at: "$.sessions[0].manifest") {
            $0.manifest("site-a", "salt", to: $0.plan.at("salt"))
        },
        PlanCase("one salt in two manifests", "plan.manifest.salt", at: "$.sessions[1].manifest") {
            $0.manifest("site-b", "salt", to: .string(String(repeating: "0a", count: 32)))
        },
        PlanCase("a component named like a session", "manifest.name.repeated", at: "$.components[0].name") {
            $0.manifest("pool", "components.0.name", to: "site-a")
        },
        PlanCase("retries where a clock is the host's", "plan.session.attempts", at: "$.sessions[2].attempts") {
            $0.plan("sessions.0.attempts", to: 1).plan("sessions.1.attempts", to: 1)
                .manifest("pool", "components.0.clock", to: "real")
        },
        PlanCase("retries of what feeds real randomness", "plan.session.attempts", at: "$.sessions[0].attempts") {
            $0.plan("sessions.2.attempts", to: 1)
                .manifest("pool", "components.0.imports.1", to: "wasi:random/random")
                .manifest("pool", "components.0.randomness", to: "real")
        },
        PlanCase("retries of what feeds a decision", "plan.session.attempts", at: "$.sessions[0].attempts") {
            $0.plan("sessions.2.attempts", to: 1)
                .manifest("pool", "outputs.0.approval", to: ["by": ["hospital-b"], "seconds": 60])
        },
    ]

    private static let ends = [
        PlanCase("an output that the sender does not have", "plan.flow.end.unknown", at: "$.flows[0].output") {
            $0.plan("flows.0.output", to: "sums")
        },
        PlanCase("an output that is not for the receiver", "plan.flow.end.other", at: "$.flows[0].output") {
            $0.manifest("site-a", "outputs.0.recipients", to: ["hospital-a"])
        },
        PlanCase(
            "an output for a participant named like no session", "manifest.participant.unknown", at: "recipients[0]"
        ) { $0.manifest("site-a", "outputs.0.recipients", to: ["pool"]) },
        PlanCase("an output for a session named like a participant", "manifest.session.unknown", at: "recipients[0]") {
            $0.manifest("site-a", "outputs.0.recipients", to: [["session": "hospital-a"]])
        },
        PlanCase("a slot that the receiver does not have", "plan.flow.end.unknown", at: "$.flows[0].data") {
            $0.plan("flows.0.data", to: "moments-c")
        },
        PlanCase("a slot that a participant fills", "plan.flow.end.other", at: "$.flows[0].data") {
            $0.manifest("pool", "data.0.provider", to: "hospital-a")
        },
        PlanCase("a slot that another session fills", "plan.flow.end.other", at: "$.flows[0].data") {
            $0.manifest("pool", "data.0.provider", to: ["session": "site-b"])
        },
        PlanCase("an output for a session without a flow", "plan.flow.missing", at: "$.sessions[0].manifest") {
            $0.manifest("site-a", "outputs.0.recipients", to: [["session": "pool"], ["session": "site-b"]])
        },
        PlanCase("a slot of a session without a flow", "plan.flow.missing", at: "$.sessions[2].manifest") {
            $0.manifest("pool", "data.2", to: $0.pool.at("data.0")?.setting("name", to: "moments-c"))
                .manifest(
                    "pool", "channels.3",
                    to: ["mount": "moments-c", "component": "regression", "path": "/data/moments-c.txt"])
        },
        PlanCase("a session as the provider of code", "manifest.shape.kind", at: "$.components[0].provider") {
            $0.manifest("pool", "components.0.provider", to: ["session": "site-a"])
        },
        PlanCase("a session that decides", "manifest.shape.kind", at: "$.outputs[0].approval.by[0]") {
            $0.manifest("pool", "outputs.0.approval", to: ["by": [["session": "site-a"]], "seconds": 60])
        },
        PlanCase("an output larger than its slot", "plan.flow.size", at: "$.flows[0]") {
            $0.manifest("site-a", "outputs.0.maximumBytes", to: 1001)
        },
        PlanCase("an output of another format", "plan.flow.format", at: "$.flows[0]") {
            $0.manifest("site-a", "outputs.0.format.maximumCharacters", to: 99)
        },
        PlanCase("whatever bytes into a slot with a format", "plan.flow.format", at: "$.flows[0]") {
            $0.manifest("site-a", "outputs.0.format", to: "any")
        },
    ]

    @Test("name what makes attempts differ, wherever it is fed")
    func unsteadyReceiver() throws {
        let example = PlanExample().plan("sessions.2.attempts", to: 1)
            .manifest("pool", "components.0.clock", to: "real")
        let error = #expect(throws: PlanError.self) { try example.resolved() }
        #expect(error?.message.contains("regression of pool sees the host's clock") == true)
        #expect(throws: Never.self) {
            try example.plan("sessions.0.attempts", to: 1).plan("sessions.1.attempts", to: 1).resolved()
        }
    }

    @Test("find the cycle itself among sessions that hang on one")
    func cycle() throws {
        let example = PlanExample().plan("flows.2", to: ["from": "pool", "output": "x", "to": "site-b", "data": "y"])
        let error = #expect(throws: PlanError.self) { try example.decoded() }
        #expect(
            error?.message.hasSuffix("pool → site-b → pool") == true
                || error?.message.hasSuffix("site-b → pool → site-b") == true)
    }

    @Test("take what is unusual and valid")
    func unusual() throws {
        let examples = [
            PlanExample().plan("flows", to: []).manifest("site-a", "outputs.0.recipients", to: ["hospital-a"])
                .manifest("site-b", "outputs.0.recipients", to: ["hospital-b"])
                .manifest("pool", "data.0.provider", to: "hospital-a").manifest(
                    "pool", "data.1.provider", to: "hospital-b"),
            PlanExample().manifest("site-a", "outputs.0.recipients.1", to: "hospital-a"),
            PlanExample().manifest("pool", "data.0.format", to: nil).manifest("site-a", "outputs.0.format", to: "any"),
            PlanExample().manifest("pool", "data.0.format", to: "any"),
            PlanExample().plan("evidence.policy", to: .string(SHA256Digest(sha256: [7]).prefixed)),
            PlanExample().plan(
                "platforms.1", to: ["name": "others", "platform": PlanExample.platform("11", binding: "lock")]
            )
            .plan("sessions.2.platform", to: "others"),
        ]
        for example in examples { #expect(throws: Never.self) { try example.resolved() } }
    }
}

extension PlanExample {
    var pool: JSONValue { manifests[2].value }
}

/// The documentation's strong platform.
enum RealPlatform {
    static let value: JSONValue = {
        guard let data = try? Data(contentsOf: Repository.root.appending(path: "docs/examples/platform.json")),
            let value = try? JSONValue(parsing: [UInt8](data), maximumByteCount: 1 << 20)
        else { preconditionFailure("docs/examples/platform.json is JSON") }
        return value
    }()
}
