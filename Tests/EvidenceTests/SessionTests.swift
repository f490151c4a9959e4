import Commitments
import Crypto
import Evidence
import Keys
import Primitives
import Testing

/// A session's evidence under a simulated platform, and what its verifier asks.
struct SessionScenario {
    var binding = PlatformRequirements.Binding.launch
    var measurements: [FixedBytes<48>] = [FixedBytes(repeating: 0xA5)]
    var bound = BoundDigest(FixedBytes(repeating: 0x77))
    var nonce = FixedBytes<32>(repeating: 0x01)
    /// What the session claims, made from the above unless a test changes it.
    var bundle: EvidenceBundle
    var verifier: Verifier

    static let keys = SessionPublicKeys(
        sealing: SealingPublicKey(rawRepresentation: FixedBytes(repeating: 0x55)),
        signing: SigningPublicKey(rawRepresentation: FixedBytes(repeating: 0x51)))

    /// - Parameter change: to the report, after its data was set and before it is signed.
    init(
        binding: PlatformRequirements.Binding = .launch, locked: Bool = true,
        nonces: [FixedBytes<32>] = [FixedBytes(repeating: 0x01)], _ change: (inout TestReport) -> Void = { _ in }
    ) throws {
        self.binding = binding
        let tree = try #require(NonceTree(nonces))
        nonce = nonces[nonces.count - 1]
        let scenario = try Scenario()
        verifier = scenario.verifier
        let named = locked ? bound : .none
        let claim = SessionBinding(nonceRoot: tree.root, bound: named, keys: Self.keys)
        var report = TestReport()
        report.set(0x50, claim.reportData.bytes)
        report.set(0xC0, (binding == .launch ? bound : .none).hostData.bytes)
        change(&report)
        bundle = EvidenceBundle(
            report: try report.signed(), endorsements: try scenario.endorsements(),
            answer: NonceAnswer(nonce: nonce, path: tree.path(at: nonces.count - 1)),
            session: SessionClaim(keys: Self.keys, bound: named))
    }

    var terms: SessionTerms {
        let platform = PlatformRequirements.simulated(binding: binding, measurements: measurements)
        return SessionTerms(nonce: nonce, boundTo: bound, platform: platform)
    }

    func appraise() -> Appraisal<AttestedSession> { verifier.appraise(bundle, under: terms) }
}

@Suite("A session's evidence")
struct SessionTests {
    @Test("yields the session's keys once it is locked", arguments: [PlatformRequirements.Binding.launch, .lock])
    func locked(_ binding: PlatformRequirements.Binding) throws {
        let scenario = try SessionScenario(binding: binding)
        guard case .affirmed(.locked(let session)) = scenario.appraise() else {
            Issue.record("not affirmed: \(scenario.appraise().findings.map(\.message))")
            return
        }
        #expect(session.keys == SessionScenario.keys)
        #expect(session.bound == scenario.bound)
        #expect(session.id == SessionScenario.keys.sessionID(boundTo: scenario.bound))
        #expect(session.evidence.waived.map(\.rule) == [.simulated])
    }

    @Test("yields a key for the manifest alone before the lock")
    func beforeLock() throws {
        let scenario = try SessionScenario(binding: .lock, locked: false)
        guard case .affirmed(.awaitingManifest(let key)) = scenario.appraise() else {
            Issue.record("not affirmed: \(scenario.appraise().findings.map(\.message))")
            return
        }
        #expect(key.id == SessionScenario.keys.sessionID(boundTo: .none))
    }

    @Test("is contraindicated without a manifest where launch fixes it")
    func unlockedAtLaunch() throws {
        let scenario = try SessionScenario(binding: .launch, locked: false)
        #expect(scenario.appraise().contraindications == [.manifestDigest])
    }

    @Test("is contraindicated when it runs another manifest")
    func otherManifest() throws {
        var scenario = try SessionScenario(binding: .lock)
        scenario.bound = BoundDigest(FixedBytes(repeating: 0x78))
        #expect(scenario.appraise().contraindications == [.manifestDigest])
        scenario = try SessionScenario(binding: .launch)
        scenario.bound = BoundDigest(FixedBytes(repeating: 0x78))
        #expect(Set(scenario.appraise().contraindications) == [.manifestDigest, .hostData])
    }

    @Test("is contraindicated when HOST_DATA disagrees with the binding")
    func hostData() throws {
        let withHostData = try SessionScenario(binding: .lock) { $0.set(0xC0, [0x77]) }
        #expect(withHostData.appraise().contraindications == [.hostData])
        let without = try SessionScenario { $0.set(0xC0, [UInt8](repeating: 0, count: 32)) }
        #expect(without.appraise().contraindications == [.hostData])
    }

    @Test("says how to launch it where only launch and binding disagree")
    func bindingHints() throws {
        func hints(_ scenario: SessionScenario) -> [String] { scenario.appraise().findings.compactMap(\.hint) }
        let unlocked = hints(try SessionScenario(binding: .launch, locked: false))
        #expect(unlocked.count == 1 && unlocked[0].contains("launched for no manifest"))
        let withoutHostData = hints(try SessionScenario { $0.set(0xC0, [UInt8](repeating: 0, count: 32)) })
        #expect(withoutHostData.count == 1 && withoutHostData[0].contains("--host-data"))
        let withHostData = hints(try SessionScenario(binding: .lock) { $0.set(0xC0, [0x77]) })
        #expect(withHostData.count == 1 && withHostData[0].contains("--await-manifest"))
        var other = try SessionScenario(binding: .launch)
        other.bound = BoundDigest(FixedBytes(repeating: 0x78))
        #expect(hints(other) == ["the machine runs another manifest", "the machine runs another manifest"])
    }

    @Test("is contraindicated when it answers another question")
    func otherNonce() throws {
        var scenario = try SessionScenario()
        scenario.nonce = FixedBytes(repeating: 0x02)
        #expect(scenario.appraise().contraindications == [.nonce])
        // Claiming the nonce is not enough.
        scenario.bundle.answer = NonceAnswer(nonce: scenario.nonce, path: scenario.bundle.answer.path)
        #expect(scenario.appraise().contraindications == [.reportData])
    }

    @Test("answers many verifiers at once", arguments: [1, 2, 3, 7, 64])
    func manyNonces(_ count: Int) throws {
        let nonces = (0..<count).map { FixedBytes<32>(repeating: UInt8($0)) }
        #expect(try SessionScenario(nonces: nonces).appraise().isAffirmed)
    }

    @Test("is contraindicated when the nonce's path leads nowhere")
    func brokenPath() throws {
        var scenario = try SessionScenario(nonces: [FixedBytes(repeating: 0), FixedBytes(repeating: 1)])
        let path = scenario.bundle.answer.path
        scenario.bundle.answer = NonceAnswer(
            nonce: scenario.nonce, path: InclusionPath(index: path.index, size: path.size, hashes: []))
        #expect(Set(scenario.appraise().contraindications) == [.noncePath, .reportData])
    }

    @Test("is contraindicated with keys that the hardware did not sign")
    func otherKeys() throws {
        for isSealing in [true, false] {
            var scenario = try SessionScenario()
            let keys = SessionScenario.keys
            let changed = SessionPublicKeys(
                sealing: isSealing ? SealingPublicKey(rawRepresentation: FixedBytes(repeating: 0)) : keys.sealing,
                signing: isSealing ? keys.signing : SigningPublicKey(rawRepresentation: FixedBytes(repeating: 0)))
            scenario.bundle.session = SessionClaim(keys: changed, bound: scenario.bound)
            #expect(scenario.appraise().contraindications == [.reportData])
        }
    }

    @Test("of a simulated platform counts only when the verifier names its root")
    func unnamedRoot() throws {
        var scenario = try SessionScenario()
        scenario.verifier.simulatedRoot = nil
        #expect(scenario.appraise().contraindications == [.rootUnknown])
        scenario.verifier.simulatedRoot = SHA256Digest(repeating: 0)
        #expect(scenario.appraise().contraindications == [.rootUnknown])
    }

    @Test("of a simulated platform counts for nobody else who was given the verified chain")
    func borrowedChain() throws {
        var scenario = try SessionScenario()
        let chain = scenario.bundle.endorsements.verified(simulatedRoot: scenario.verifier.simulatedRoot)
        #expect(scenario.verifier.appraise(scenario.bundle, endorsed: chain, under: scenario.terms).isAffirmed)
        scenario.verifier.simulatedRoot = nil
        let appraisal = scenario.verifier.appraise(scenario.bundle, endorsed: chain, under: scenario.terms)
        #expect(appraisal.contraindications == [.rootUnknown])
    }

    @Test("of a simulated platform still needs the measured image, and no debugger")
    func simulatedRules() throws {
        var scenario = try SessionScenario { $0.set(0x0A, [0x1B]) }
        scenario.measurements = [FixedBytes(repeating: 0xA6)]
        #expect(Set(scenario.appraise().contraindications) == [.measurement, .debug])
    }

    @Test("binds report data and session id byte for byte as documented")
    func knownBytes() throws {
        let keys = SessionScenario.keys
        let sealing = SHA256Digest(sha256: [UInt8](repeating: 0x55, count: 1216)).bytes
        let signing = SHA256Digest(sha256: [UInt8](repeating: 0x51, count: 32)).bytes
        let root = SHA256Digest(repeating: 0xAA)
        let digest = SHA256Digest(repeating: 0xBB)
        var content = Array("2cvm evidence v1\0".utf8) + root.bytes + digest.bytes + sealing + signing
        let binding = SessionBinding(nonceRoot: root, bound: BoundDigest(digest), keys: keys)
        #expect(binding.reportData.bytes == Array(SHA512.hash(data: content)))
        content = Array("2cvm session v1\0".utf8) + digest.bytes + sealing + signing
        #expect(keys.sessionID(boundTo: BoundDigest(digest)).bytes == Array(SHA256.hash(data: content)))
    }
}
