import Commitments
import Evidence
import Foundation
import Primitives
import Testing

/// One report, its chain and what is asked of it: affirmed as it stands, and one change away from
/// any finding.
struct Scenario {
    var report = TestReport()
    var leaf = LeafRecipe()
    var intermediate = TestChain.intermediate
    var root = TestChain.root
    var revocation: RevocationRecipe? = RevocationRecipe()
    var reference = ReferenceValues.strict
    var verifier: Verifier
    /// A last change to what is presented.
    var present: (inout Endorsements) -> Void = { _ in }

    init() throws {
        verifier = Verifier(at: try #require(Timestamp("2026-09-01")), policy: .none)
        verifier.simulatedRoot = TestChain.rootDigest
    }

    func appraise() throws -> Appraisal<AffirmedReport> {
        verifier.appraise(try report.signed(), endorsed: try verification(), against: reference)
    }

    func verification() throws -> EndorsementVerification {
        try endorsements().verified(simulatedRoot: verifier.simulatedRoot)
    }

    func endorsements() throws -> Endorsements {
        var endorsements = Endorsements(
            leaf: try EndorsementCertificate(decoding: try leaf.recipe.signed(by: TestChain.intermediateKey)),
            intermediate: try Certificate(decoding: try intermediate.signed(by: TestChain.rootKey)),
            root: try Certificate(decoding: try root.signed(by: TestChain.rootKey)),
            revocationList: try revocation.map { try RevocationList(decoding: try $0.signed()) })
        present(&endorsements)
        return endorsements
    }

    /// The same on a Turin: its layout, its hardware ID, its names.
    mutating func moveToTurin() {
        leaf = .turin
        intermediate.subject = "SEV-Turin"
        intermediate.issuer = "ARK-Turin"
        root.subject = "ARK-Turin"
        root.issuer = "ARK-Turin"
        revocation?.issuer = "ARK-Turin"
        report.setEveryTCB([1, 1, 1, 4, 0, 0, 0, 81])
        report.set(0x188, [0x1A, 0x02, 0x01])
        report.set(0x1A0, Array(0..<8) + [UInt8](repeating: 0, count: 56))
        reference.chips = .any
    }

    /// The same with a cloud provider's key.
    mutating func moveToVLEK() {
        leaf.subject = "SEV-VLEK"
        leaf.issuer = "SEV-VLEK-Genoa"
        leaf.hardwareID = nil
        leaf.provider = "CN=csp"
        intermediate.subject = "SEV-VLEK-Genoa"
        report.set(0x48, [0x05])
        report.set(0x1A0, [UInt8](repeating: 0, count: 64))
        reference.signingKeys = .value([.vlek])
    }
}
