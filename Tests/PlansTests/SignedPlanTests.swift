import Commitments
import Keys
import Plans
import Primitives
import TestSupport
import Testing

@Suite("Signed plans")
struct SignedPlanTests {
    @Test("are complete with every signature, and never before")
    func complete() throws {
        let example = PlanExample()
        #expect(throws: AgreementError<Plan>.signaturesMissing([name("hospital-b")])) {
            try example.signed(by: [PlanExample.parties[2], PlanExample.parties[0]]).complete()
        }
        let full = try example.signed().complete()
        #expect(full.plan == (try example.decoded()))
        #expect(try SignedPlan(decoding: full.envelope.encoded).complete() == full)
    }

    @Test("are joined from what several signed apart, if it is one plan")
    func join() throws {
        let example = PlanExample()
        var joined = try example.signed(by: [PlanExample.parties[0]])
        try joined.join(try example.signed(by: Array(PlanExample.parties.dropFirst())))
        #expect(joined.missingSigners.isEmpty)
        let other = example.plan("purpose", to: "Another.")
        let error = #expect(throws: AgreementError<Plan>.self) { try joined.join(try other.signed()) }
        #expect(error?.code == "plan.differs")
    }

    @Test("are no signed manifests, and signed manifests are none of them")
    func types() throws {
        let signed = try PlanExample().signed()
        #expect(throws: AgreementError<Manifest>.self) { try SignedManifest(decoding: signed.encoded) }
        let payload = signed.plan.canonicalBytes
        let moved = Envelope(signing: payload, as: .manifest, by: PlanExample.parties[0].signing)
        #expect(throws: AgreementError<Plan>.self) { try SignedPlan(decoding: moved.encoded) }
    }

    @Test("refuse a payload in another layout, and the signature of somebody else")
    func hostile() throws {
        let example = PlanExample()
        let loose = Envelope(signing: example.value.indentedBytes, as: .plan, by: PlanExample.parties[0].signing)
        #expect(throws: AgreementError<Plan>.notCanonical) { try SignedPlan(decoding: loose.encoded) }
        let outsider = Party("outsider", 9)
        #expect(throws: AgreementError<Plan>.notAParticipant(outsider.signing.publicKey)) {
            try SignedPlan(signing: try example.decoded(), by: outsider.signing)
        }
    }

    @Test("tell a draft from an envelope")
    func documents() throws {
        let example = PlanExample()
        #expect(try PlanDocument(decoding: example.value.indentedBytes).signers.isEmpty)
        #expect(try PlanDocument(decoding: try example.signed().encoded).missingSigners.isEmpty)
    }

    @Test("are signed in place of their manifests, which nobody can sign alone")
    func manifests() throws {
        for manifest in try PlanExample().resolved().manifests {
            #expect(manifest.participants.count == 3 && manifest.signatories.isEmpty)
            #expect(throws: AgreementError<Manifest>.notAParticipant(PlanExample.parties[0].signing.publicKey)) {
                try SignedManifest(signing: manifest, by: PlanExample.parties[0].signing)
            }
            #expect(throws: ManifestError.self) { try Manifest(decoding: manifest.canonicalBytes) }
        }
    }
}

@Suite("What a session of a plan is bound to")
struct PlanBindingTests {
    @Test("is the digest of plan, manifest and name")
    func formula() throws {
        let plan = try PlanExample().signed().complete()
        let session = plan.plan.sessions[0]
        let expected = SHA256Digest(
            sha256: Array("2cvm plan session v1".utf8) + [0] + plan.plan.digest.bytes + session.manifest.bytes
                + Array("site-a".utf8))
        #expect(plan.bound(name("site-a"))?.hostData == expected)
        #expect(plan.bound(name("hospital-a")) == nil)
    }

    @Test("is the same for whoever resolves the manifest, and another for each session and each plan")
    func distinct() throws {
        let example = PlanExample()
        let signed = try example.signed().complete()
        let manifests = try example.resolved().manifests
        #expect(manifests.map(\.bound) == manifests.map { signed.bound($0.name) })
        let other = try example.plan("salt", to: .string(String(repeating: "5b", count: 32))).resolved()
        let digests = manifests.map(\.bound) + other.manifests.map(\.bound)
        #expect(Set(digests).count == 6, "the same manifests in another plan are other sessions")
        #expect(manifests.map(\.digest) == other.manifests.map(\.digest))
        #expect(Set(digests.map(\.hostData)).isDisjoint(with: manifests.map(\.digest)))
    }

    @Test("is a standing-alone manifest's digest, as before")
    func alone() throws {
        var draft = ManifestFixture([PlanExample.parties[0]])
        draft.components = [
            ManifestFixture.component("model", of: PlanExample.parties[0], SHA256Digest(sha256: [1]), maximumBytes: 9)
        ]
        let manifest = try draft.manifest()
        #expect(manifest.bound.hostData == manifest.digest && manifest.plan == nil)
    }

    @Test("resolves one manifest by itself, with the plan's participants and that session's platform")
    func single() throws {
        let example = PlanExample().plan("platforms.1", to: ["name": "others", "platform": PlanExample.platform("11")])
            .plan("sessions.2.platform", to: "others")
        let plan = try example.decoded()
        let pool = try plan.manifest(decoding: example.pool.indentedBytes, of: name("pool"))
        #expect(pool.platform == plan.platforms[1].requirements && pool.participants == plan.participants)
        #expect(pool == (try example.resolved().manifests[2]))
        #expect(throws: PlanError.self) { try plan.manifest(decoding: example.pool.canonicalBytes, of: name("site-a")) }
    }
}

@Suite("What locks a session of a plan")
struct PlannedLockTests {
    private func lock(_ example: PlanExample, policy: [UInt8]?) throws -> PlannedLock {
        let manifest = try #require(example.documents[name("pool")])
        return try PlannedLock(try example.signed().complete(), name("pool"), manifest: manifest, policy: policy)
    }

    @Test("has the policy file that the plan names, in any layout, and no other")
    func policy() throws {
        let policy: JSONValue = ["version": 2, "name": "strict"]
        let digest = SHA256Digest(sha256: policy.canonicalBytes)
        let example = PlanExample().plan("evidence.policy", to: .string(digest.prefixed))
        let found = try lock(example, policy: policy.indentedBytes)
        #expect(try PlannedLock(decoding: found.encoded).policy == policy.indentedBytes)
        for other in [nil, Array("{}".utf8), Array("no JSON".utf8)] {
            #expect(throws: PlannedLockError.policyDiffers) { try lock(example, policy: other) }
        }
        for some in [policy.indentedBytes, Array("no JSON".utf8)] {
            #expect(throws: PlannedLockError.policyDiffers) { try lock(PlanExample(), policy: some) }
        }
    }

    @Test("knows the sessions that the session's flows name, and their platforms and attempts")
    func peers() throws {
        let found = try lock(PlanExample(), policy: nil).agreed
        #expect(found.peers.map(\.name) == [name("site-a"), name("site-b")])
        #expect(found.peers.map(\.attempts) == [2, 2] && found.flows.count == 2)
        let signed = try PlanExample().signed().complete()
        #expect(found.peers.map(\.bound) == found.peers.map { signed.bound($0.name) })
        #expect(found.flows(to: name("site-a")).isEmpty && found.flows(from: name("site-a")).count == 1)
    }
}
