import Evidence
import Foundation
import Keys
import Primitives
import TestSupport
import Testing

@Suite("The evidence bundle")
struct BundleTests {
    static func members(_ bundle: EvidenceBundle) throws -> [JSONMember] {
        let value = try JSONValue(parsing: bundle.encoded, maximumByteCount: EvidenceBundle.maximumByteCount)
        guard case .object(let members) = value else { return [] }
        return members
    }

    private func decode(_ members: [JSONMember]) throws -> EvidenceBundle {
        try EvidenceBundle(decoding: JSONValue.object(members).indentedBytes)
    }

    @Test("is read as it was written")
    func roundTrip() throws {
        let bundle = try SessionScenario().bundle
        let decoded = try EvidenceBundle(decoding: bundle.encoded)
        #expect(decoded == bundle)
        #expect(decoded.encoded == bundle.encoded)
        var bare = bundle
        bare.endorsements = Endorsements(leaf: nil, intermediate: nil, root: nil, revocationList: nil)
        #expect(try EvidenceBundle(decoding: bare.encoded) == bare)
    }

    @Test("keeps the form in which one was recorded")
    func recorded() throws {
        let file = Repository.root.appending(path: "Tests/CommandTests/Evidence/bundle.json")
        let bytes = [UInt8](try Data(contentsOf: file))
        #expect(try EvidenceBundle(decoding: bytes).encoded == bytes)
    }

    @Test("is refused with session keys that anyone could use: of small order, a second encoding, not reduced")
    func degenerateKeys() throws {
        var bundle = try SessionScenario().bundle
        let keys = bundle.session.keys
        func refuses(_ changed: SessionPublicKeys, at name: String) {
            bundle.session = SessionClaim(keys: changed, bound: bundle.session.bound)
            let path = JSONPath.root.appending("session").appending(name)
            #expect { try EvidenceBundle(decoding: bundle.encoded) } throws: {
                if case EvidenceFileError.shape(.wrongForm(let found, _)) = $0 { found == path } else { false }
            }
        }
        let identity: [UInt8] = [1] + [UInt8](repeating: 0, count: 31)
        for point in [identity, [UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xFF, count: 32)] {
            let signing = SigningPublicKey(rawRepresentation: try #require(FixedBytes<32>(point)))
            refuses(SessionPublicKeys(sealing: keys.sealing, signing: signing), at: "signingKey")
        }
        let raw = keys.sealing.rawRepresentation.bytes
        let unreduced: [UInt8] = [0xFF, 0xFF, 0xFF] + Array(raw.dropFirst(3))
        let smallOrder: [UInt8] = Array(raw.prefix(1184)) + [UInt8](repeating: 0, count: 32)
        for bytes in [unreduced, smallOrder] {
            let sealing = SealingPublicKey(rawRepresentation: try #require(FixedBytes<1216>(bytes)))
            refuses(SessionPublicKeys(sealing: sealing, signing: keys.signing), at: "sealingKey")
        }
    }

    @Test("is refused without any of its keys, and with another one")
    func keys() throws {
        let members = try Self.members(SessionScenario().bundle)
        for index in members.indices where members[index].name != "revocationList" {
            var fewer = members
            fewer.remove(at: index)
            #expect(throws: EvidenceFileError.self) { try decode(fewer) }
        }
        let more = members + [JSONMember("note", "trust me")]
        #expect(throws: EvidenceFileError.shape(.unknownName(JSONPath.root.appending("note")))) {
            try decode(more)
        }
    }

    @Test(
        "is refused with a value of another form",
        arguments: [
            ("version", 2), ("version", "1"), ("report", "AAAA"), ("report", "!"), ("certificates", []),
            ("certificates", ["vcek": "AAAA"]), ("certificates", ["other": ""]), ("revocationList", ""),
            ("nonce", "01"), ("nonce", 1), ("noncePath", ["index": 0, "size": 1]),
            ("noncePath", ["index": 1, "size": 1, "hashes": []]),
            ("noncePath", ["index": 0, "size": 65537, "hashes": []]),
            ("noncePath", ["index": 0, "size": 0, "hashes": []]),
            ("manifestDigest", "sha256:00"), ("session", ["sealingKey": "", "signingKey": ""]),
        ] as [(String, JSONValue)])
    func values(_ name: String, _ value: JSONValue) throws {
        let members = try Self.members(SessionScenario().bundle).map {
            $0.name == name ? JSONMember(name, value) : $0
        }
        #expect(throws: EvidenceFileError.self) { try decode(members) }
    }

    @Test("is refused with a report key under the wrong name")
    func wrongName() throws {
        let bundle = try SessionScenario().bundle
        let leaf = try #require(bundle.endorsements.leaf).certificate.encoded
        let text = Base64.standard.encode(leaf)
        let members = try Self.members(bundle).map {
            $0.name == "certificates" ? JSONMember($0.name, ["vlek": .string(text)]) : $0
        }
        #expect(throws: EvidenceFileError.self) { try decode(members) }
    }

    @Test("is refused with report keys of both kinds")
    func bothKinds() throws {
        let bundle = try SessionScenario().bundle
        let text = Base64.standard.encode(try #require(bundle.endorsements.leaf).certificate.encoded)
        let members = try Self.members(bundle).map {
            $0.name == "certificates" ? JSONMember($0.name, ["vcek": .string(text), "vlek": .string(text)]) : $0
        }
        #expect(throws: EvidenceFileError.self) { try decode(members) }
    }

    @Test("is refused beyond its size before it is parsed")
    func size() {
        let bytes = [UInt8](repeating: 0x20, count: EvidenceBundle.maximumByteCount + 1)
        #expect(throws: EvidenceFileError.json(.tooLarge(found: bytes.count, maximum: bytes.count - 1))) {
            try EvidenceBundle(decoding: bytes)
        }
    }

    @Test("holds the largest parts that it allows")
    func largest() throws {
        let certificates = 3 * Certificate.maximumByteCount + RevocationList.maximumByteCount
        let encoded = (AttestationReport.byteCount + certificates + 1216 + 32) * 4 / 3
        #expect(encoded + InclusionPath.maximumHashCount * 80 + 2048 <= EvidenceBundle.maximumByteCount)
    }

    @Test("is completed from a cache only where it lacks something")
    func completion() throws {
        var scenario = try SessionScenario()
        let complete = scenario.bundle.endorsements
        scenario.bundle.endorsements = Endorsements(leaf: nil, intermediate: nil, root: nil, revocationList: nil)
        #expect(scenario.appraise().contraindications == Array(repeating: .certificateMissing, count: 3))
        scenario.bundle.endorsements = scenario.bundle.endorsements.completed(from: complete)
        #expect(scenario.appraise().isAffirmed)

        // Neither list takes the other's place: those that count besides the bundle's are the verifier's.
        let other = try RevocationList(
            decoding: try RevocationRecipe(thisUpdate: TestDER.utcTime("260601000000Z")).signed())
        let cache = Endorsements(leaf: nil, intermediate: nil, root: nil, revocationList: other)
        #expect(complete.completed(from: cache) == complete)
        #expect(cache.completed(from: complete).revocationList == other)
    }
}
