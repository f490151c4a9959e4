import Commitments
import Keys
import Lifecycle
import Primitives
import Testing

/// Two participants, one component, two data, one output.
struct SessionFixture {
    let lab = KeyPair(1)
    let clinic = KeyPair(2)
    let machine = KeyPair(3)
    let component = SHA256Digest(sha256: Array("code".utf8))
    let data = SHA256Digest(sha256: Array("committed data".utf8))

    /// The keys of one party, the same in every run.
    struct KeyPair {
        let signing: SigningKey
        let sealing: SealingKey

        init(_ seed: UInt8) {
            signing = SigningKey(seed: SecretSeed(FixedBytes(repeating: seed)))
            sealing = SealingKey(seed: SecretSeed(FixedBytes(repeating: seed + 100)))
        }

        func participant(_ name: String) -> JSONValue {
            [
                "name": .string(name), "signingKey": .string(signing.publicKey.didKey),
                "sealingKey": .string(sealing.publicKey.text),
            ]
        }
    }

    var identity: SessionPublicKeys {
        SessionPublicKeys(sealing: machine.sealing.publicKey, signing: machine.signing.publicKey)
    }

    func manifest(binding: String = "launch") throws -> FullySignedManifest {
        let value: JSONValue = [
            "version": 1, "name": "sample", "purpose": "Tests.",
            "salt": .string(String(repeating: "5a", count: 32)),
            "participants": [lab.participant("lab"), clinic.participant("clinic")],
            "components": [
                [
                    "name": "model", "provider": "lab", "digest": .string(component.prefixed), "maximumBytes": 100,
                    "imports": ["twocvm:guest/files"], "memoryMiB": 16,
                ]
            ],
            "data": [
                [
                    "name": "rows", "provider": "clinic", "commitment": .string(data.prefixed), "maximumBytes": 100,
                ],
                ["name": "extra", "provider": "clinic", "commitment": "any", "maximumBytes": 10],
            ],
            "outputs": [["name": "result", "recipients": ["lab", "clinic"], "format": "any", "maximumBytes": 1000]],
            "channels": [
                ["mount": "rows", "component": "model", "path": "/data/rows"],
                ["mount": "extra", "component": "model", "path": "/data/extra"],
                ["release": "result", "component": "model", "path": "/output/result"],
            ],
            "run": ["component": "model", "export": "wasi:cli/run"],
            "limits": [
                "compileSeconds": 1, "wallTimeSeconds": 1, "admissionSeconds": 100, "retentionSeconds": 50, "runs": 1,
            ],
            "platform": [
                "kind": "simulated", "binding": .string(binding),
                "measurements": [.string(String(repeating: "00", count: 48))],
            ],
        ]
        let manifest = try Manifest(decoding: value.canonicalBytes)
        var signed = try SignedManifest(signing: manifest, by: lab.signing)
        try signed.sign(by: clinic.signing)
        return try signed.complete()
    }

    func name(_ text: String) throws -> Name { try #require(Name(text)) }

    /// A session that has its manifest, at time 0.
    func locked() throws -> Session {
        let manifest = try manifest()
        var session = Session(identity: identity, hostData: manifest.manifest.digest)
        _ = try session.lock(manifest, at: 0)
        return session
    }

    func id() throws -> SHA256Digest { identity.sessionID(manifestDigest: try manifest().manifest.digest) }

    @discardableResult
    func submit(
        _ slot: String, to session: inout Session, digest: SHA256Digest? = nil, size: Int = 10
    ) throws -> [Session.Action] {
        let sender = try name(slot == "model" ? "lab" : "clinic")
        let expected = try session.expect(slot, from: sender, session: id(), length: size)
        return try session.admit(expected, digest: digest ?? (slot == "model" ? component : data), byteCount: size)
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
