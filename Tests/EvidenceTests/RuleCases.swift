import Commitments
import Evidence
import Primitives
import Testing

/// One change to evidence that was affirmed, and the findings that must follow: all of them, and
/// no other.
struct RuleCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let expected: Set<Finding.Rule>
    let isCombinable: Bool
    let change: @Sendable (inout Scenario) -> Void

    init(
        _ name: String, _ expected: Set<Finding.Rule>, combines isCombinable: Bool = false,
        _ change: @escaping @Sendable (inout Scenario) -> Void
    ) {
        testDescription = name
        self.expected = expected
        self.isCombinable = isCombinable
        self.change = change
    }

    static let all = chain + revocation + signer + firmware + guest + bits + policyFile

    static let chain: [RuleCase] = [
        RuleCase("no leaf", [.certificateMissing]) { $0.present = { $0.leaf = nil } },
        RuleCase("no intermediate", [.certificateMissing]) { $0.present = { $0.intermediate = nil } },
        RuleCase("no root", [.certificateMissing]) { $0.present = { $0.root = nil } },
        RuleCase("a root that nobody named", [.rootUnknown]) { $0.verifier.simulatedRoot = nil },
        RuleCase("a simulated root where AMD's is required", [.platformKind]) { $0.reference.platform = .sevSNP },
        RuleCase("a leaf with another name", [.certificateRole]) { $0.leaf.subject = "SEV-VLEK" },
        RuleCase("a root with another name", [.certificateRole]) {
            $0.root.subject = "ARK-Turin"
            $0.root.issuer = "ARK-Turin"
            $0.intermediate.issuer = "ARK-Turin"
            $0.revocation?.issuer = "ARK-Turin"
        },
        RuleCase("a leaf by another issuer", [.certificateIssuer]) { $0.leaf.issuer = "SEV-Turin" },
        RuleCase("a root by another issuer", [.certificateIssuer]) { $0.root.issuer = "ARK-Turin" },
        RuleCase("an intermediate that is no authority", [.certificateAuthority]) {
            $0.intermediate.extensions.removeAll { $0.oid == "2.5.29.19" }
        },
        RuleCase("an intermediate that may not sign", [.certificateAuthority]) {
            $0.intermediate.extensions[1].value = TestDER.bits([0x80], padding: 7)
        },
        RuleCase("a leaf that is an authority", [.certificateAuthority]) { $0.leaf.isAuthority = true },
        RuleCase("an intermediate whose key did not sign the leaf", [.certificateSignature]) {
            $0.intermediate.publicKey = TestChain.publicKey(TestChain.rootKey)
        },
        RuleCase("a leaf that has ended", [.certificateValidity]) {
            $0.verifier.time = Timestamp("2035-01-02") ?? $0.verifier.time
            $0.revocation?.nextUpdate = TestDER.utcTime("361231000000Z")
        },
        RuleCase("a root that has not begun", [.certificateValidity]) {
            $0.root.validity = TestDER.sequence(
                TestDER.utcTime("261001000000Z"), TestDER.utcTime("350101000000Z"))
        },
        RuleCase("a Milan", [.milan, .product, .processor]) {
            $0.leaf.productName = "Milan-B0"
            $0.leaf.issuer = "SEV-Milan"
            $0.intermediate.subject = "SEV-Milan"
            $0.intermediate.issuer = "ARK-Milan"
            $0.root.subject = "ARK-Milan"
            $0.root.issuer = "ARK-Milan"
            $0.revocation?.issuer = "ARK-Milan"
        },
    ]

    static let revocation: [RuleCase] = [
        RuleCase("no list", [.revocationMissing]) { $0.revocation = nil },
        RuleCase("a list from later", [.revocationEarly]) {
            $0.revocation?.thisUpdate = TestDER.utcTime("260902000000Z")
        },
        RuleCase("a list from long before", [.revocationStale]) {
            $0.revocation?.nextUpdate = TestDER.utcTime("260831000000Z")
        },
        RuleCase("a list from before the date that is demanded", [.revocationNotBefore]) {
            $0.verifier.revocationNotBefore = Timestamp("2026-01-02")
        },
        RuleCase("a list by another issuer", [.revocationIssuer]) { $0.revocation?.issuer = "ARK-Turin" },
        RuleCase("a list that the root did not sign", [.revocationSignature]) {
            $0.present = { endorsements in
                let recipe = RevocationRecipe()
                guard let der = try? recipe.signed(by: TestChain.intermediateKey) else { return }
                endorsements.revocationList = try? RevocationList(decoding: der)
            }
        },
        RuleCase("a root that may not sign lists", [.revocationSignature]) {
            $0.root.extensions[1].value = TestDER.bits([0x04], padding: 2)
        },
        RuleCase("a revoked intermediate", [.revoked]) {
            $0.intermediate.serialNumber = [0x02, 0x00, 0x01]
            $0.revocation?.revoked = [[0x02, 0x00, 0x01]]
        },
        RuleCase("a revoked root", [.revoked]) {
            $0.root.serialNumber = [0x05]
            $0.revocation?.revoked = [[0x04], [0x05]]
        },
    ]

    static let signer: [RuleCase] = [
        RuleCase("a report by another key", [.reportSignature]) {
            $0.present = { endorsements in
                guard let der = try? otherLeaf.signed(by: TestChain.intermediateKey) else { return }
                endorsements.leaf = try? EndorsementCertificate(decoding: der)
            }
        },
        RuleCase("an old report", [.reportVersion, .mitigations]) {
            $0.report.setVersion(3)
            $0.reference.reportVersion = 4
        },
        RuleCase("a key that the manifest does not take", [.signingKey]) { $0.reference.signingKeys = .value([.vlek]) },
        RuleCase("a platform that does not sign", [.signingKey]) { $0.report.set(0x48, [0x1D]) },
        RuleCase("a VLEK report with a VCEK", [.signingKey, .signingKeyCertificate]) { $0.report.set(0x48, [0x05]) },
        RuleCase("a masked chip key", [.chipKeyMasked], combines: true) { $0.report.set(0x48, [0x03]) },
        RuleCase("another chip", [.chipCertificate, .chip], combines: true) { $0.report.set(0x1A0, [0xFF]) },
        RuleCase("a chip that is not listed", [.chip]) {
            $0.reference.chips = .listed(chipIDs: [], providers: ["CN=csp"])
        },
        RuleCase("a provider that is not listed", [.chip]) {
            $0.moveToVLEK()
            $0.leaf.provider = "CN=other"
        },
        RuleCase("a VLEK report that names a chip", [.chipCertificate]) {
            $0.moveToVLEK()
            $0.report.set(0x1A0, [0x01])
        },
        RuleCase("an unknown processor", [.processor]) { $0.report.set(0x189, [0x20]) },
        RuleCase("a Milan's processor under a Genoa's root", [.processor]) { $0.report.set(0x189, [0x01]) },
    ]

    private static let otherLeaf: CertificateRecipe = {
        var recipe = LeafRecipe().recipe
        recipe.publicKey = TestChain.publicKey(TestChain.otherReportKey)
        return recipe
    }()
}
