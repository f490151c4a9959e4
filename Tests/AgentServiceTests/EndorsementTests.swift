import AgentAPI
import AgentService
import Evidence
import Foundation
import Keys
import Primitives
import Synchronization
import TestSupport
import Testing

@Suite("An operator's endorsements")
struct EndorsementTests {
    private func put(_ body: [UInt8], to scene: HTTPScene) async throws -> RawAnswer {
        try await scene.ask(
            "PUT /v1/endorsements HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                + "\(body.count)\r\n\r\n" + String(decoding: body, as: UTF8.self))
    }

    private func served(by scene: HTTPScene) async throws -> Endorsements {
        let answer = try await scene.get("/v1/evidence?nonce=" + String(repeating: "07", count: 32))
        return try EvidenceBundle(decoding: answer.body).endorsements
    }

    private func bare() throws -> TestPlatform {
        let platform = try TestPlatform()
        platform.behaviour.withLock { $0.endorsements = TestPlatform.none }
        return platform
    }

    @Test("complete bundles that the platform hands over without certificates")
    func completes() async throws {
        try await HTTPScene.serve(platform: bare()) { scene in
            #expect(try await served(by: scene) == TestPlatform.none)
            let endorsements = try TestPlatform.endorsements(listedFrom: "2026-05-01")
            let answer = try await put(endorsements.upload, to: scene)
            #expect(answer.status == 204 && answer.body.isEmpty)
            #expect(try await served(by: scene) == endorsements)
        }
    }

    @Test("are replaced by a newer revocation list, and by no older one")
    func lists() async throws {
        try await HTTPScene.serve(platform: bare()) { scene in
            let first = try TestPlatform.endorsements(listedFrom: "2026-05-01")
            #expect(try await put(first.upload, to: scene).status == 204)
            var list = TestPlatform.none
            list.revocationList = try TestPlatform.endorsements(listedFrom: "2026-04-01").revocationList
            #expect(try await put(list.upload, to: scene).code == "endorsements.older")
            // A list of the same day is another list, and not newer; the very same one changes nothing.
            list.revocationList = try TestPlatform.endorsements(listedFrom: "2026-05-01").revocationList
            #expect(try await put(list.upload, to: scene).code == "endorsements.older")
            #expect(try await put(first.upload, to: scene).status == 204)
            list.revocationList = try TestPlatform.endorsements(listedFrom: "2026-06-01").revocationList
            #expect(try await put(list.upload, to: scene).status == 204)
            let served = try await served(by: scene)
            #expect(served.leaf == first.leaf && served.revocationList == list.revocationList)
        }
    }

    @Test("are refused without the whole chain, and for another machine")
    func strangers() async throws {
        try await HTTPScene.serve(platform: bare()) { scene in
            let own = try TestPlatform.endorsements(listedFrom: "2026-01-01")
            for part in [
                Endorsements(leaf: own.leaf, intermediate: nil, root: nil, revocationList: nil),
                Endorsements(leaf: nil, intermediate: own.intermediate, root: own.root, revocationList: nil),
                Endorsements(leaf: nil, intermediate: nil, root: nil, revocationList: own.revocationList),
            ] {
                #expect(try await put(part.upload, to: scene).code == "endorsements.incomplete")
            }
            let file = Repository.root.appending(path: "Tests/CommandTests/Evidence/bundle.json")
            let other = try EvidenceBundle(decoding: [UInt8](Data(contentsOf: file))).endorsements
            #expect(try await put(other.upload, to: scene).code == "endorsements.report")
            // This machine's leaf under strange authorities.
            let mixed = Endorsements(
                leaf: own.leaf, intermediate: other.intermediate, root: other.root, revocationList: nil)
            #expect(try await put(mixed.upload, to: scene).code == "endorsements.chain")
            let list = Endorsements(
                leaf: own.leaf, intermediate: own.intermediate, root: own.root, revocationList: other.revocationList)
            if other.revocationList != nil {
                #expect(try await put(list.upload, to: scene).code == "endorsements.chain")
            }
            #expect(try await served(by: scene) == TestPlatform.none)
        }
    }

    @Test(
        "are refused in another form",
        arguments: [
            "", "{", "[]", "{}", "{\"version\":1}", "{\"version\":2}", "{\"version\":1,\"certificates\":{}}",
            "{\"version\":1,\"certificates\":{\"vcek\":1}}", "{\"version\":1,\"certificates\":{\"vcek\":\"?\"}}",
            "{\"version\":1,\"certificates\":{\"other\":\"\"}}", "{\"version\":1,\"revocationList\":null}",
            "{\"version\":1,\"revocationList\":\"AA==\",\"more\":1}",
            "{\"version\":1,\"certificates\":{\"vcek\":\"AA==\",\"vlek\":\"AA==\"}}",
        ])
    func forms(_ text: String) throws {
        #expect(throws: EvidenceRefusal.endorsementsForm) { try Endorsements(upload: Array(text.utf8)) }
    }

    @Test("are refused where bytes are no certificate")
    func encodings() {
        for text in [
            "{\"version\":1,\"certificates\":{\"vcek\":\"AA==\"}}", "{\"version\":1,\"revocationList\":\"AA==\"}",
        ] {
            #expect(throws: EvidenceRefusal.endorsementsEncoding) { try Endorsements(upload: Array(text.utf8)) }
        }
    }

    @Test("are refused under the name of the other kind of key")
    func kinds() throws {
        let text = String(decoding: try TestPlatform.endorsements(listedFrom: "2026-01-01").upload, as: UTF8.self)
        #expect(throws: EvidenceRefusal.endorsementsEncoding) {
            try Endorsements(upload: Array(text.replacing("\"vcek\"", with: "\"vlek\"").utf8))
        }
    }
}
