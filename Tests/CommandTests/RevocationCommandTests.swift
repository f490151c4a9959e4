import Commitments
import Evidence
import Foundation
import Keys
import Primitives
import Simulation
import TestSupport
import Testing

/// A host shows evidence with a list of its choice; what the verifier has in its cache, or names, counts as well.
@Suite("A verifier's own revocation lists", .timeLimit(.minutes(2)))
struct RevocationCommandTests {
    /// RSA keys take seconds, so one set serves every test.
    private static let keys = Result { () throws(SimulationError) in try SimulationKeys() }
    private static let nonce = FixedBytes<32>(repeating: 7)

    private let platform: SimulatedPlatform
    private let intermediate: Certificate
    private let verify: String

    init() throws {
        let keys = try Self.keys.get()
        let start = try #require(Timestamp("2026-01-01")), end = try #require(Timestamp("2053-01-01"))
        platform = try SimulatedPlatform(SimulatedChip(.genoa, keys: keys), keys: keys, validity: start...end)
        intermediate = try Certificate(decoding: platform.certificates.intermediate)
        verify =
            "$ 2cvm evidence verify bundle.json --manifest manifest.json --nonce \(Self.nonce) "
            + "--simulated-root \(keys.rootDigest) --at 2026-11-01"
    }

    private func list(from start: String, revoking serials: [[UInt8]] = []) throws -> [UInt8] {
        let start = try #require(Timestamp(start)), end = try #require(Timestamp("2027-01-01"))
        return try platform.revocationList(start...end, revoking: serials)
    }

    /// A folder with a manifest, and evidence for it whose list is of August and revokes nothing.
    private func stage() throws -> Stage {
        let stage = try Stage(program: Repository.root.appending(path: ".build/release/2cvm"))
        let file = Repository.root.appending(path: "Tests/CommandTests/Evidence/manifest.json")
        let manifest = try Manifest(decoding: [UInt8](try Data(contentsOf: file)))
        let session = SessionPublicKeys(
            sealing: SealingKey(seed: SecretSeed(FixedBytes(repeating: 1))).publicKey,
            signing: SigningKey(seed: SecretSeed(FixedBytes(repeating: 2))).publicKey)
        let tree = try #require(NonceTree([Self.nonce]))
        let binding = SessionBinding(nonceRoot: tree.root, bound: manifest.bound, keys: session)
        let report = try platform.report(
            reportData: binding.reportData, hostData: manifest.digest, measurement: FixedBytes(repeating: 0xA5))
        let bundle = EvidenceBundle(
            report: try AttestationReport(decoding: report.span),
            endorsements: Endorsements(
                leaf: try EndorsementCertificate(decoding: platform.certificates.leaf), intermediate: intermediate,
                root: try Certificate(decoding: platform.certificates.root),
                revocationList: try RevocationList(decoding: try list(from: "2026-08-01"))),
            answer: NonceAnswer(nonce: Self.nonce, path: tree.path(at: 0)),
            session: SessionClaim(keys: session, bound: manifest.bound))
        try Data(bundle.encoded).write(to: stage.folder.appending(path: "bundle.json"))
        try FileManager.default.copyItem(at: file, to: stage.folder.appending(path: "manifest.json"))
        return stage
    }

    /// Puts a file into the verifier's cache.
    private func cache(_ bytes: [UInt8], as name: String, in stage: Stage) throws {
        let folder = stage.folder.appending(path: "home/of/mine/certificates")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: folder.appending(path: name))
    }

    private func perform(_ lines: [String], on stage: inout Stage) throws {
        for line in lines { try stage.perform(line) }
        try stage.finish()
    }

    private static let isRevoked = ["exit 1", "out contraindicated[evidence.revocation.revoked]"]

    @Test(
        "refuse what a newer list in the cache has revoked, whichever key the list is for",
        arguments: ["vcek-crl-Genoa.der", "vlek-crl-Genoa.der", "vcek-crl-Genoa-0123456789abcdef.der"])
    func cached(_ name: String) throws {
        var stage = try stage()
        defer { try? FileManager.default.removeItem(at: stage.folder) }
        try perform([verify, "exit 0"], on: &stage)
        let revoked = intermediate.serialNumber.bytes
        try cache(try list(from: "2026-10-01", revoking: [revoked]), as: name, in: stage)
        try perform([verify] + Self.isRevoked, on: &stage)
        // A still newer one that does not name it brings nothing back.
        try cache(try list(from: "2026-10-15"), as: "vcek-crl-Genoa-fedcba9876543210.der", in: stage)
        try perform([verify] + Self.isRevoked, on: &stage)
    }

    @Test("refuse what a list on the command line has revoked, and what is older than a date on it")
    func named() throws {
        var stage = try stage()
        defer { try? FileManager.default.removeItem(at: stage.folder) }
        let old = try list(from: "2026-02-01", revoking: [intermediate.serialNumber.bytes])
        try Data(old).write(to: stage.folder.appending(path: "old.crl"))
        try Data(try list(from: "2026-09-01")).write(to: stage.folder.appending(path: "new.crl"))
        try perform([verify + " --crl new.crl", "exit 0"], on: &stage)
        try perform([verify + " --crl new.crl --crl old.crl"] + Self.isRevoked, on: &stage)
        let tooOld = ["exit 1", "out contraindicated[evidence.revocation.not-before]"]
        try perform([verify + " --revocation-not-before 2026-08-02 --revocation unchecked"] + tooOld, on: &stage)
        try perform([verify + " --revocation-not-before 2026-08-02 --crl new.crl", "exit 0"], on: &stage)
    }

    @Test("end the command where one of them cannot be read: it could be the one that revokes")
    func unreadable() throws {
        var stage = try stage()
        defer { try? FileManager.default.removeItem(at: stage.folder) }
        try cache(Array("no list".utf8), as: "vcek-crl-Turin.der", in: stage)
        try perform([verify, "exit 2", "err vcek-crl-Turin.der", "no-out affirmed"], on: &stage)
        // Commands that go online read the same lists, before they ask anybody.
        let attest = "$ 2cvm attest http://127.0.0.1:1 --manifest manifest.json"
        try perform([attest, "exit 2", "err vcek-crl-Turin.der"], on: &stage)
    }
}
