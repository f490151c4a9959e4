import Commitments
import Foundation
import Keys
import Plans
import Primitives
import TestSupport
import Testing

@Suite("A plan in plain words")
struct PlanExplanationTests {
    private func text(_ example: PlanExample, all: Bool = true, reader: String? = nil) throws -> String {
        let plan = try example.resolved()
        let explanation = PlanExplanation(
            of: plan, in: .draft(plan.plan), addressBook: AddressBook(), reader: reader.map(name))
        return masked(explanation.text(colour: false, columns: 400, all: all), plan)
    }

    /// Without the digests, which every change changes.
    private func masked(_ text: String, _ plan: ResolvedPlan) -> String {
        var text = text.replacingOccurrences(of: plan.plan.digest.prefixed, with: "…")
            .replacingOccurrences(of: plan.plan.digest.words(10), with: "…")
        for manifest in plan.manifests {
            text = text.replacingOccurrences(of: manifest.digest.prefixed, with: "…")
                .replacingOccurrences(of: manifest.bound.description, with: "…")
        }
        return text
    }

    /// Another valid value for each leaf of a plan that has one.
    private static let changes: [(String, JSONValue)] = [
        ("name", "other"), ("purpose", "Other."), ("salt", .string(String(repeating: "77", count: 32))),
        ("participants.1", Party("hospital-b", 7).entry), ("platforms.0.platform", PlanExample.platform("11")),
        ("platforms.0.platform.binding", "lock"), ("sessions.0.attempts", 3), ("sessions.2.attempts", 1),
        ("evidence.revocationNotBefore", "2026-11-28"),
        ("evidence.policy", .string(SHA256Digest(sha256: [7]).prefixed)),
    ]

    @Test("changes with each value of a plan", arguments: changes)
    func leaves(_ path: String, _ value: JSONValue) throws {
        #expect(try text(PlanExample()) != text(PlanExample().plan(path, to: value)))
    }

    @Test("changes with names of platforms, sessions and flows")
    func names() throws {
        let base = try text(PlanExample())
        let renamed = PlanExample().plan("platforms.0.name", to: "others").plan("sessions.0.platform", to: "others")
            .plan("sessions.1.platform", to: "others").plan("sessions.2.platform", to: "others")
        #expect(try text(renamed) != base)
        var session = PlanExample().plan("sessions.0.name", to: "site-c").plan("flows.0.from", to: "site-c")
            .manifest("site-a", "name", to: "site-c").manifest("pool", "data.0.provider.session", to: "site-c")
        session.manifests[0].session = "site-c"
        #expect(try text(session) != base)
        let slots = PlanExample().plan("flows.0.data", to: "moments-b").plan("flows.1.data", to: "moments-a")
            .manifest("pool", "data.0.provider.session", to: "site-b")
            .manifest("pool", "data.1.provider.session", to: "site-a")
        #expect(try text(slots) != base)
    }

    @Test("changes with each value of a manifest in it")
    func manifests() throws {
        let base = try text(PlanExample())
        let changes: [(String, String, JSONValue)] = [
            ("site-a", "purpose", "Other."), ("site-a", "salt", .string(String(repeating: "77", count: 32))),
            ("site-a", "components.0.digest", .string(SHA256Digest(sha256: [7]).prefixed)),
            ("site-a", "components.0.memoryMiB", 17), ("site-a", "data.0.maximumBytes", 5001),
            ("site-a", "data.0.commitment", .string(SHA256Digest(sha256: [7]).prefixed)),
            ("site-a", "data.0.commitment", "any"), ("site-a", "data.0.provider", "hospital-b"),
            ("site-a", "outputs.0.maximumBytes", 801), ("site-a", "outputs.0.recipients.1", "statistician"),
            ("site-a", "channels.0.path", "/data/p.csv"), ("site-a", "run.export", "a:b/c"),
            ("site-a", "limits.wallTimeSeconds", 61), ("pool", "outputs.0.recipients.1", "hospital-b"),
        ]
        for (session, path, value) in changes {
            #expect(try text(PlanExample().manifest(session, path, to: value)) != base, "\(session) \(path)")
        }
    }

    @Test("says what equal manifests say once, and what differs between them")
    func once() throws {
        let plain = PlanExample().manifest("site-b", "data.0.provider", to: "hospital-a")
        let text = try text(plain)
        #expect(text.ranges(of: "summary is statistician's code").count == 1)
        #expect(text.contains("In site-a and site-b: what runs"))
        for site in ["site-a", "site-b"] {
            #expect(text.contains("\(site): patients is pinned to"))
            #expect(text.contains("\(site): …, bound to …, salt"))
        }
        let apart = plain.manifest("site-b", "data.0.commitment", to: "any")
        #expect(
            try self.text(apart).contains("In site-b: what runs"), "whether something is pinned is another agreement")
    }

    @Test("speaks to its reader first")
    func reader() throws {
        let text = try text(PlanExample(), reader: "hospital-b")
        #expect(text.contains("You are hospital-b."))
        let own = try #require(text.range(of: "You receive no output"))
        let other = try #require(text.range(of: "hospital-a can read pool/coefficients"))
        #expect(own.lowerBound < other.lowerBound)
        #expect(!(try self.text(PlanExample(), reader: "stranger").contains("You are")))
    }

    @Test("warns of keys that nobody confirmed, and of machines that keep nobody out")
    func severities() throws {
        let plan = try PlanExample().resolved()
        let explanation = PlanExplanation(of: plan, in: .draft(plan.plan), addressBook: AddressBook())
        #expect(explanation.statements(of: .danger).contains { $0.text.contains("simulated") })
        #expect(explanation.statements(of: .warning).count { $0.text.contains("not in your address book") } == 3)
    }

    @Test("marks foreign words on each line")
    func foreign() throws {
        let lie = PlanExample().plan(
            "purpose", to: "Nothing. No session sends anything to another at all, whatever is said below. !! Trust it."
        )
        .manifest("site-a", "purpose", to: "Signed by everybody.")
        let lines = try text(lie).split(separator: "\n")
        #expect(lines.contains { $0.contains("Trust it") && $0.trimmingPrefix { $0 == " " }.hasPrefix("| ") })
        #expect(
            lines.contains { $0.contains("Signed by everybody") && $0.trimmingPrefix { $0 == " " }.hasPrefix("| ") })
    }

    @Test("has every statement in its JSON, with who can learn what as data")
    func json() throws {
        let plan = try PlanExample().resolved()
        let explanation = PlanExplanation(of: plan, in: .draft(plan.plan), addressBook: AddressBook())
        let json = explanation.json(of: plan)
        let text = String(decoding: json.canonicalBytes, as: UTF8.self)
        for statement in explanation.sections.flatMap(\.statements) {
            #expect(text.contains(String(decoding: JSONValue.string(statement.text).canonicalBytes, as: UTF8.self)))
        }
        #expect(json.at("sessions.0.bound") == .string(plan.manifests[0].bound.description))
        #expect(json.at("tellings.0.told.0.reader") == "statistician")
    }
}
