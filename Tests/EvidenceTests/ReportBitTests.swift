import Commitments
import Evidence
import Testing

/// One row for each bit, as the specification and the manifest's page have it.
@Suite("The bits of a report")
struct ReportBitTests {
    static let policy: [(position: Int, name: String, key: String, code: String)] = [
        (16, "SMT", "smt", "smt"), (18, "MIGRATE_MA", "migrationAgent", "migration"), (19, "DEBUG", "debug", "debug"),
        (20, "SINGLE_SOCKET", "singleSocket", "single-socket"), (21, "CXL_ALLOW", "cxl", "cxl"),
        (22, "MEM_AES_256_XTS", "aes256XTS", "aes-256-xts"), (23, "RAPL_DIS", "raplDisabled", "rapl-disabled"),
        (24, "CIPHERTEXT_HIDING", "ciphertextHiding", "ciphertext-hiding"),
        (25, "PAGE_SWAP_DISABLE", "pageSwapDisabled", "page-swap-disabled"),
    ]
    static let platformInfo: [(position: Int, name: String, key: String, code: String)] = [
        (0, "SMT_EN", "smt", "smt"), (1, "TSME_EN", "tsme", "tsme"), (2, "ECC_EN", "ecc", "ecc"),
        (3, "RAPL_DIS", "raplDisabled", "rapl-disabled"),
        (4, "CIPHERTEXT_HIDING_DRAM_EN", "ciphertextHiding", "ciphertext-hiding"),
        (5, "ALIAS_CHECK_COMPLETE", "aliasCheck", "alias-check"),
        (6, "IOMMU_WRITE_SAFE", "iommuWriteSafe", "iommu-write-safe"), (7, "TIO_EN", "tio", "tio"),
    ]

    private func compare<Bit: ReportBit>(
        _ bits: Bit.Type, with rows: [(position: Int, name: String, key: String, code: String)]
    ) {
        #expect(Bit.allCases.map(\.rawValue) == rows.map(\.position))
        #expect(Bit.allCases.map(\.facts.name) == rows.map(\.name))
        #expect(Bit.allCases.map(\.facts.key) == rows.map(\.key))
        #expect(Bit.allCases.map(\.facts.code) == rows.map(\.code))
        for bit in Bit.allCases {
            #expect(Finding.Rule(rawValue: "evidence.\(Bit.fieldCode).\(bit.facts.code)") != nil, "\(bit.name)")
        }
    }

    @Test("have the specification's places and names, and a rule each")
    func rows() {
        compare(GuestPolicyBit.self, with: Self.policy)
        compare(PlatformInfoBit.self, with: Self.platformInfo)
    }

    @Test("hand memory to nobody, whatever rule is set for those that would")
    func neverGranted() {
        var rules = BitRules<GuestPolicyBit> { _ in .any }
        rules[.debug] = .any
        #expect(rules[.debug] == .forbidden && rules[.migrationAgent] == .forbidden)
        #expect(rules[.smt] == .any)
    }

    @Test("are demanded where the product reports them: safe IOMMU writes of a Turin, not of a Genoa")
    func products() throws {
        var scenario = try Scenario()
        scenario.reference.platformInfo[.iommuWriteSafe] = .required
        let genoa = try scenario.appraise()
        #expect(genoa.isAffirmed)
        #expect(genoa.findings.map(\.rule) == [.platformIOMMUWriteSafe])
        #expect(genoa.findings.map(\.severity) == [.waived])
        #expect(genoa.findings.first?.message.contains("which no Genoa reports") == true)

        scenario.moveToTurin()
        #expect(try scenario.appraise().contraindications == [.platformIOMMUWriteSafe])
        scenario.report.bytes[0x40] |= 1 << 6
        #expect(try scenario.appraise().isAffirmed)
    }
}
