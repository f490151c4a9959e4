import Commitments
import Formats
import Plans
import Primitives
import TestSupport
import Testing

@Suite("Who can learn what over a plan")
struct PlanReachabilityTests {
    private func told(_ owner: String, _ kind: Disclosure.Kind, _ example: PlanExample) throws -> [String: UInt64] {
        let telling = PlanReachability(of: try example.resolved()).tellings
            .first { $0.owner.description == owner && $0.kind == kind }
        return Dictionary(uniqueKeysWithValues: (telling?.told ?? []).map { ("\($0.reader)", $0.capacity.bits) })
    }

    private func bits(_ characters: Int) throws -> UInt64 {
        let format: JSONValue = ["kind": "text", "maximumCharacters": .integer(characters), "characters": "ascii"]
        let changed = PlanExample().manifest("pool", "outputs.0.format", to: format)
        return try #require(PlanReachability(of: try changed.resolved()).readings.first).capacity.bits
    }

    @Test("follows what is sent on to the outputs of the session that it feeds")
    func follows() throws {
        let told = try told("hospital-a", .data, PlanExample())
        #expect(Set(told.keys) == ["statistician"], "hospital-b receives nothing, and hospital-a is the owner")
        #expect(told["statistician"] == (try bits(40)))
    }

    @Test("is no more than what is sent on can hold")
    func narrowFlow() throws {
        let narrow: JSONValue = ["kind": "text", "maximumCharacters": 2, "characters": "ascii"]
        let example = PlanExample().manifest("site-a", "outputs.0.format", to: narrow)
            .manifest("pool", "data.0.format", to: narrow)
        #expect(try told("hospital-a", .data, example)["statistician"] == (try bits(2)))
        #expect(try told("hospital-b", .data, example)["statistician"] == (try bits(40)))
    }

    @Test("adds what somebody reads on the way and in the end, once")
    func readOnTheWay() throws {
        let example = PlanExample().manifest("site-a", "outputs.0.recipients.1", to: "hospital-b")
        #expect(try told("hospital-a", .data, example)["hospital-b"] == (try bits(100)))
        #expect(try told("hospital-b", .data, example)["hospital-b"] == nil)
        let both = example.manifest("pool", "outputs.0.recipients", to: ["hospital-b"])
        #expect(
            try told("hospital-a", .data, both)["hospital-b"] == (try bits(100)), "all of the pool's is of what it read"
        )
    }

    @Test("tells of nothing where nothing flows and nobody else receives")
    func closed() throws {
        let example = PlanExample().plan("flows", to: []).manifest("site-a", "outputs.0.recipients", to: ["hospital-a"])
            .manifest("site-b", "outputs.0.recipients", to: ["hospital-b"])
            .manifest("pool", "data.0.provider", to: "hospital-b").manifest("pool", "data.1.provider", to: "hospital-b")
        #expect(try told("hospital-a", .data, example).isEmpty)
        #expect(try told("hospital-b", .data, example).keys.sorted() == ["hospital-a", "statistician"])
    }

    @Test("tells of code in every session that it runs in")
    func code() throws {
        let reachability = PlanReachability(of: try PlanExample().resolved())
        let code = try #require(reachability.tellings.first { $0.kind == .component })
        #expect(code.owner.description == "statistician")
        #expect(code.sessions.map(\.description) == ["site-a", "site-b", "pool"])
        #expect(code.told.map(\.reader.description) == ["hospital-a"])
    }

    @Test("counts the machines along the worst way as the product of their attempts")
    func copies() throws {
        let example = PlanExample().plan("sessions.0.attempts", to: 3)
        let copies = try example.resolved().copies
        #expect(copies.map(\.machines) == [6, 4, 2])
        #expect(copies[0].way.map(\.description) == ["site-a", "pool"])
    }
}
