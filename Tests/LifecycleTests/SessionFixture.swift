import Commitments
import Keys
import Lifecycle
import Primitives
import TestSupport
import Testing

/// Two participants, one component, two data, one output.
struct SessionFixture {
    let lab = Party("lab", 1)
    let clinic = Party("clinic", 2)
    let machine = Party("machine", 3)
    let component = SHA256Digest(sha256: Array("code".utf8))
    let data = SHA256Digest(sha256: Array("committed data".utf8))

    var identity: SessionPublicKeys { machine.publicKeys }

    func manifest(binding: String = "launch") throws -> AgreedManifest {
        var draft = ManifestFixture([lab, clinic])
        draft.components = [
            ManifestFixture.component("model", of: lab, component, maximumBytes: 100, imports: ["twocvm:guest/files"])
        ]
        draft.data = [
            ManifestFixture.data("rows", of: clinic, data, maximumBytes: 100),
            ManifestFixture.data("extra", of: clinic, maximumBytes: 10),
        ]
        draft.outputs = [ManifestFixture.output("result", to: [lab, clinic], maximumBytes: 1000)]
        draft.channels = [
            ManifestFixture.mount("rows", in: "model", at: "/data/rows"),
            ManifestFixture.mount("extra", in: "model", at: "/data/extra"),
            ManifestFixture.release("result", of: "model", at: "/output/result"),
        ]
        draft.limits = ManifestFixture.Limits(
            compileSeconds: 1, wallTimeSeconds: 1, admissionSeconds: 100, retentionSeconds: 50)
        draft.binding = binding
        let manifest = try draft.manifest()
        var signed = try SignedManifest(signing: manifest, by: lab.signing)
        try signed.sign(by: clinic.signing)
        return AgreedManifest(try signed.complete())
    }

    func name(_ text: String) throws -> Name { try #require(Name(text)) }

    /// A session that has its manifest, at time 0.
    func locked() throws -> Session {
        let manifest = try manifest()
        var session = Session(identity: identity, boundTo: manifest.manifest.bound)
        _ = try session.lock(manifest, fitsMachine: true)
        _ = try session.locked(with: evidence(), at: 0)
        return session
    }

    /// A bundle that nobody reads here.
    func evidence() throws -> LockEvidence {
        try #require(LockEvidence(bundle: [1], reportDigest: FixedBytes(repeating: 4)))
    }

    /// How a session concluded whose run made `outputs`, or failed.
    func conclusion(_ session: Session, _ outcome: SessionOutcome) throws -> Conclusion {
        var session = session
        guard case .sealOutputs(let conclusion)? = try session.conclude(outcome, at: 0).last else {
            throw SessionError.notExecuting
        }
        return conclusion
    }

    func id() throws -> SHA256Digest { identity.sessionID(boundTo: try manifest().manifest.bound) }

    @discardableResult
    func submit(
        _ slot: String, to session: inout Session, digest: SHA256Digest? = nil, size: Int = 10
    ) throws -> [Session.Action] {
        let sender = try name(slot == "model" ? "lab" : "clinic")
        let expected = try session.expect(slot, of: nil, from: .participant(sender), session: id(), length: size)
        return try session.admit(
            expected, of: nil, digest: digest ?? (slot == "model" ? component : data), byteCount: size, at: 0)
    }

    func executing() throws -> Session {
        var session = try locked()
        for slot in ["model", "rows", "extra"] { try submit(slot, to: &session) }
        return session
    }

    /// The same, with as many zeros as the data that nobody pinned.
    func executing(sizeOfAnyData size: Int) throws -> Session {
        var session = try locked()
        for slot in ["model", "rows"] { try submit(slot, to: &session) }
        try submit("extra", to: &session, digest: try commitment(toZeros: size), size: size)
        return session
    }

    func commitment(toZeros count: Int) throws -> SHA256Digest {
        var hasher = ContentHasher(salt: FixedBytes(repeating: 1), byteCount: count)
        hasher.update([UInt8](repeating: 0, count: count))
        return try #require(hasher.finalize())
    }
}
