import Commitments
import Plans
import Primitives
import TestSupport
import Testing

@Suite("What changed between plans")
struct PlanDifferenceTests {
    private func difference(_ change: (PlanExample) -> PlanExample) throws -> PlanDifference {
        PlanDifference(from: try PlanExample().resolved(), to: try change(PlanExample()).resolved())
    }

    private func texts(_ effect: Consequence.Effect, _ difference: PlanDifference) -> [String] {
        difference.consequences.filter { $0.effect == effect }.map(\.statement.text)
    }

    @Test("is nothing between equal ones")
    func none() throws {
        let difference = try difference { $0 }
        #expect(difference.isEmpty && difference.consequences.isEmpty && difference.text(colour: false).isEmpty)
    }

    @Test("says who can learn more over all sessions")
    func learning() throws {
        let wider = try difference { $0.manifest("pool", "outputs.0.recipients.2", to: "hospital-b") }
        let texts = texts(.learning, wider)
        #expect(
            texts.contains { $0.hasPrefix("hospital-b can now learn at most") && $0.hasSuffix("of hospital-a's data.") }
        )
        #expect(texts.contains("In pool: hospital-b receives coefficients now."))
    }

    @Test(
        "says that bounds widened or narrowed",
        arguments: [
            (
                "sessions.2.attempts", JSONValue.integer(3), Consequence.Effect.wider,
                "pool may be tried 3 times instead of 2."
            ),
            ("sessions.2.attempts", 1, .stricter, "pool may be tried 1 time instead of 2."),
            (
                "evidence.revocationNotBefore", "2026-11-26", .weaker,
                "Sessions take revocation lists from 2026-11-26 on instead of 2026-11-27."
            ),
            (
                "evidence.revocationNotBefore", "2026-11-28", .stricter,
                "Sessions take revocation lists from 2026-11-28 on instead of 2026-11-27."
            ),
            ("purpose", "Other.", .other, "purpose is another:"),
            ("salt", .string(String(repeating: "77", count: 32)), .other, "salt is another:"),
        ])
    func bounds(_ path: String, _ value: JSONValue, _ effect: Consequence.Effect, _ expected: String) throws {
        let difference = try difference { $0.plan(path, to: value) }
        #expect(texts(effect, difference).contains(expected), "\(difference.consequences)")
    }

    @Test("says once what is the same in several sessions")
    func grouped() throws {
        let platform = try difference { $0.plan("platforms.0.platform", to: PlanExample.platform("11")) }
        #expect(texts(.weaker, platform) == ["In every session: One more image is accepted:"])
        let both = try difference {
            $0.manifest("site-a", "components.0.memoryMiB", to: 17).manifest("site-b", "components.0.memoryMiB", to: 17)
        }
        #expect(texts(.wider, both).contains { $0.hasPrefix("In site-a and site-b: summary may use 17 MiB") })
    }

    @Test("names sessions and flows that are new or gone")
    func sessions() throws {
        let fewer = try difference { example in
            var example = example.plan("sessions.1", to: nil).plan("flows.1", to: nil)
                .manifest("pool", "data.1", to: nil).manifest("pool", "channels.1", to: nil)
            example.manifests.remove(at: 1)
            return example
        }
        #expect(texts(.content, fewer).contains("The session site-b is gone."))
        #expect(texts(.stricter, fewer).contains("Gone: site-b/moments flows to pool/moments-b."))
        #expect(fewer.text(colour: false, paths: true).contains("sessions[site-b]"))
    }

    @Test("leaves no change of any value unsaid")
    func complete() throws {
        let order = try difference { example in
            let second = example.plan.at("flows.1"), first = example.plan.at("flows.0")
            return example.plan("flows.0", to: second).plan("flows.1", to: first)
        }
        #expect(texts(.other, order) == ["The order of flows is another."])
        let key = try difference { $0.plan("participants.1", to: Party("hospital-b", 7).entry) }
        #expect(texts(.people, key).contains { $0.hasPrefix("In every session: hospital-b signs with another key") })
    }
}
