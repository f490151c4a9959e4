import Commitments
import Plans
import Primitives
import TestSupport
import Testing

@Suite("Plans in the making")
struct PlanDraftTests {
    private static let parties = PlanExample.parties

    /// A manifest that stands alone: what a session is rehearsed with.
    private func alone(_ name: String, data: [String], output: String) throws -> Manifest {
        var draft = ManifestFixture(Self.parties)
        draft.name = name
        draft.components = [
            ManifestFixture.component(
                "model", of: Self.parties[2], SHA256Digest(sha256: [1]), maximumBytes: 9)
        ]
        draft.data = data.map {
            ManifestFixture.data($0, of: Self.parties[0], SHA256Digest(sha256: [2]), maximumBytes: 99)
        }
        draft.outputs = [
            ManifestFixture.output(
                output, to: [Self.parties[0], Self.parties[1]], format: PlanExample.moments, maximumBytes: 99)
        ]
        draft.channels =
            data.map { ManifestFixture.mount($0, in: "model", at: "/data/\($0).csv") }
            + [ManifestFixture.release(output, of: "model", at: "/output/\(output)")]
        return try draft.manifest()
    }

    private func draft() throws -> PlanDraft {
        var draft = PlanDraft(
            name: name("cohort"), purpose: "Tests.", salt: FixedBytes(repeating: 7),
            revocationNotBefore: try #require(PlanDate("2026-11-27")), policy: nil)
        try draft.add(try alone("one", data: ["patients"], output: "moments"), as: name("site"), attempts: 3)
        try draft.add(
            try alone("two", data: ["parts", "norms"], output: "coefficients"), as: name("pool"), attempts: 1)
        return draft
    }

    private func resolved(_ draft: PlanDraft) throws -> ResolvedPlan {
        let documents = draft.manifests.map { ($0.session, $0.value.indentedBytes) }
        return try Plan(decoding: draft.plan.canonicalBytes)
            .resolve(Dictionary(uniqueKeysWithValues: documents))
    }

    private let flow = Flow(from: name("site"), output: name("moments"), to: name("pool"), data: name("parts"))

    @Test("take over participants, platform and everything else of manifests that stand alone")
    func added() throws {
        let plan = try resolved(try draft())
        #expect(plan.plan.participants.map(\.name.description) == ["hospital-a", "hospital-b", "statistician"])
        #expect(plan.plan.platforms.count == 1 && plan.plan.sessions.map(\.attempts) == [3, 1])
        #expect(plan.manifests[0].data == (try alone("one", data: ["patients"], output: "moments").data))
        #expect(plan.manifests[0].salt == SHA256Digest(sha256: [UInt8](repeating: 7, count: 32) + Array("site".utf8)))
    }

    @Test("connect an output to a slot, which nobody else then receives or fills")
    func connected() throws {
        var draft = try draft()
        try draft.connect(flow)
        let plan = try resolved(draft)
        #expect(plan.manifests[0].outputs[0].recipients == [.session(name("pool"))])
        #expect(plan.manifests[1].data[0].provider == .session(name("site")))
        #expect(plan.manifests[1].data[0].commitment == .any)
        #expect(plan.plan.flows == [flow])
    }

    @Test("refuse what is not there, and participants under two keys")
    func refused() throws {
        var draft = try draft()
        let wrong: [(Flow, PlanDraftError)] = [
            (Flow(from: name("x"), output: flow.output, to: flow.to, data: flow.data), .noSession(name("x"))),
            (Flow(from: flow.from, output: flow.output, to: name("x"), data: flow.data), .noSession(name("x"))),
            (
                Flow(from: flow.from, output: name("x"), to: flow.to, data: flow.data),
                .noOutput(name("x"), of: flow.from)
            ),
            (Flow(from: flow.from, output: flow.output, to: flow.to, data: name("x")), .noData(name("x"), of: flow.to)),
        ]
        for (flow, error) in wrong {
            var copy = draft
            #expect(throws: error) { try copy.connect(flow) }
        }
        #expect(throws: PlanDraftError.sessionRepeated(name("site"))) {
            try draft.add(try alone("one", data: [], output: "o"), as: name("site"), attempts: 1)
        }
        var other = ManifestFixture([Party("hospital-a", 9)])
        other.components = [
            ManifestFixture.component("model", of: other.parties[0], SHA256Digest(sha256: [1]), maximumBytes: 9)
        ]
        let foreign = try other.manifest()
        #expect(throws: PlanDraftError.participantsDiffer(name("hospital-a"))) {
            try draft.add(foreign, as: name("more"), attempts: 1)
        }
    }

    @Test("split a session into shards, and the slot that it fills with its mounts", arguments: [1, 2, 16, 900])
    func split(_ count: Int) throws {
        var draft = try draft()
        try draft.connect(flow)
        var shards = PlanDraft(try resolved(draft))
        try shards.split(name("site"), into: count)
        let plan = try resolved(shards)
        #expect(plan.plan.sessions.count == count + 1 && plan.plan.flows.count == count)
        #expect(plan.plan.salt == FixedBytes(repeating: 7) && plan.plan.sessions[0].attempts == 3)
        let last = "site-\(count)"
        let salt = SHA256Digest(sha256: [UInt8](repeating: 7, count: 32) + Array(last.utf8))
        #expect(plan.manifests[count - 1].name.description == last && plan.manifests[count - 1].salt == salt)
        let pool = try #require(plan.manifests.last)
        #expect(pool.data.count == count + 1 && pool.data[count - 1].provider == .session(name(last)))
        let paths = pool.channels.compactMap { channel -> String? in
            if case .mount(let mount) = channel { mount.path.description } else { nil }
        }
        #expect(paths.prefix(count).last == "/data/parts-\(count).csv" && paths.last == "/data/norms.csv")
    }

    @Test("refuse to split what another session feeds, and names that would be too long")
    func unsplit() throws {
        var draft = try draft()
        try draft.connect(flow)
        var shards = PlanDraft(try resolved(draft))
        #expect(throws: PlanDraftError.sessionFed(name("pool"), by: name("site"))) {
            try shards.split(name("pool"), into: 2)
        }
        #expect(throws: PlanDraftError.noSession(name("x"))) { try shards.split(name("x"), into: 2) }
        var long = PlanDraft(
            name: name("cohort"), purpose: "Tests.", salt: FixedBytes(repeating: 7),
            revocationNotBefore: try #require(PlanDate("2026-11-27")), policy: nil)
        let text = String(repeating: "s", count: 39)
        try long.add(try alone("one", data: [], output: "o"), as: name(text), attempts: 1)
        #expect(throws: PlanDraftError.nameTooLong(text + "-1")) { try long.split(name(text), into: 2) }
    }

    @Test("go on from a plan unchanged")
    func unchanged() throws {
        let plan = try PlanExample().resolved()
        #expect(try resolved(PlanDraft(plan)).plan.canonicalBytes == plan.plan.canonicalBytes)
    }
}
