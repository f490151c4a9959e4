import Evidence
import Foundation
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

        let newer = try RevocationList(
            decoding: try RevocationRecipe(thisUpdate: TestDER.utcTime("260601000000Z")).signed())
        var cache = Endorsements(leaf: nil, intermediate: nil, root: nil, revocationList: newer)
        #expect(complete.completed(from: cache).revocationList == newer)
        cache.revocationList = complete.revocationList
        var mine = complete
        mine.revocationList = newer
        #expect(mine.completed(from: cache).revocationList == newer)
    }
}

@Suite("The policy file")
struct PolicyFileTests {
    private static let floor = RuleCase.floor(stepping: "1", snp: 28)

    @Test(
        "is refused with another form",
        arguments: [
            "[]", #"{"version": 1}"#,
            #"{"version":1,"date":"2026-1-1","refusedMeasurements":[],"minimumTCB":[],"earliestEngine":"any"}"#,
            #"{"version":1,"date":"2026-11-01","refusedMeasurements":[],"minimumTCB":[],"earliestEngine":"50.0"}"#,
            #"{"version":1,"date":"2026-11-01","refusedMeasurements":[],"minimumTCB":[{}],"earliestEngine":"any"}"#,
            #"{"version":1,"date":"2026-11-01","refusedMeasurements":[""],"minimumTCB":[],"earliestEngine":"any"}"#,
            #"{"version":1,"date":"2026-11-01","refusedMeasurements":[],"minimumTCB":[],"earliestEngine":null}"#,
            #"{"version":1,"date":"2026-11-01","allow":1,"refusedMeasurements":[],"#
                + #""minimumTCB":[],"earliestEngine":"any"}"#,
        ])
    func refusals(_ text: String) {
        #expect(throws: EvidenceFileError.self) { try VerifierPolicy(decoding: Array(text.utf8)) }
    }

    @Test("asks for an FMC version on Turin and refuses one elsewhere")
    func fmc() throws {
        let turin = Self.floor.replacing("\"family\": 25", with: "\"family\": 26")
        #expect(throws: EvidenceFileError.self) { try decode(floors: turin) }
        let withFMC = turin.replacing("\"tee\"", with: "\"fmc\": 1, \"tee\"")
        #expect(try decode(floors: withFMC).floors.first?.minimum.fmc == 1)
        #expect(throws: EvidenceFileError.self) {
            try decode(floors: Self.floor.replacing("\"tee\"", with: "\"fmc\": 1, \"tee\""))
        }
    }

    @Test("binds only the processors that it names")
    func otherProcessors() throws {
        for stepping in ["0", "2"] {
            var scenario = try Scenario()
            scenario.verifier.policy = RuleCase.policy(floors: RuleCase.floor(stepping: stepping, snp: 99))
            #expect(try scenario.appraise().isAffirmed)
        }
    }

    @Test("refuses engines before the earliest")
    func engines() throws {
        let policy = try VerifierPolicy(
            decoding: Array(
                #"{"version":1,"date":"2026-11-01","refusedMeasurements":[],"minimumTCB":[],"earliestEngine":"50.0.1"}"#
                    .utf8))
        for (text, isRefused) in [("50.0.0", true), ("49.9.9", true), ("50.0.1", false), ("50.1.0", false)] {
            let findings = policy.findings(onEngine: try #require(EngineVersion(text)))
            #expect(findings.map(\.rule) == (isRefused ? [.policyEngine] : []))
        }
        #expect(VerifierPolicy.none.findings(onEngine: try #require(EngineVersion("0.0.1"))) == [])
        for text in ["", "50", "50.0.1.2", "50.0.-1", "050.0.1", "50.0.99999", "50.0.1 "] {
            #expect(EngineVersion(text) == nil)
        }
    }

    private func decode(floors: String) throws -> VerifierPolicy {
        let text =
            #"{"version":1,"date":"2026-11-01","refusedMeasurements":[],"minimumTCB":[\#(floors)],"#
            + #""earliestEngine":"any"}"#
        return try VerifierPolicy(decoding: Array(text.utf8))
    }
}
