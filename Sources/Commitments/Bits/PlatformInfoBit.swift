/// A bit of PLATFORM_INFO: what the platform says of itself, and the firmware signs.
///
/// Source: AMD 56860, SEV-SNP Firmware ABI, table "PLATFORM_INFO".
public enum PlatformInfoBit: Int, ReportBit {
    case smt = 0
    case tsme = 1
    case ecc = 2
    case raplDisabled = 3
    case ciphertextHiding = 4
    case aliasCheck = 5
    case iommuWriteSafe = 6
    case tio = 7

    public static let fieldKey = "platformInfo"
    public static let fieldCode = "platform-info"

    public static let table = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.row) })

    private var row: BitFacts {
        switch self {
        case .smt:
            BitFacts(
                ("SMT_EN", "smt", "smt"), .statement, zero: "simultaneous multithreading is off",
                one: "simultaneous multithreading is on", demand: "SMT",
                waiver: BitWaiver(.nothing, "Hyper-threading may be on or off in the machine."))
        case .tsme:
            BitFacts(
                ("TSME_EN", "tsme", "tsme"), .statement, zero: "transparent memory encryption is off",
                one: "transparent memory encryption is on", demand: "TSME",
                waiver: BitWaiver(.nothing, "Transparent memory encryption may be on or off."))
        case .ecc:
            BitFacts(
                ("ECC_EN", "ecc", "ecc"), .statement, zero: "memory has no error correction",
                one: "memory has error correction", demand: "ECC memory",
                waiver: BitWaiver(.protection, "The memory may have no error correction."))
        case .raplDisabled:
            BitFacts(
                ("RAPL_DIS", "raplDisabled", "rapl-disabled"), .statement, zero: "energy counters (RAPL) are on",
                one: "energy counters (RAPL) are off", demand: "RAPL disabled",
                waiver: BitWaiver(.nothing, "Power measurement may be on in the machine."))
        case .ciphertextHiding:
            BitFacts(
                ("CIPHERTEXT_HIDING_DRAM_EN", "ciphertextHiding", "ciphertext-hiding"), .statement,
                zero: "the host can read ciphertext", one: "ciphertext is hidden from the host",
                demand: "ciphertext hiding",
                waiver: BitWaiver(.nothing, "Ciphertext hiding may be off in the machine."))
        case .aliasCheck:
            BitFacts(
                ("ALIAS_CHECK_COMPLETE", "aliasCheck", "alias-check"), .statement,
                zero: "memory was not searched for aliases", one: "memory was searched for aliases",
                demand: "the check against aliased memory",
                waiver: BitWaiver(
                    .protection, "The check against aliased memory modules (BadRAM, AMD-SB-3015) may be missing.",
                    severity: .warning))
        case .iommuWriteSafe:
            // Every real Turin report at hand has it, and no Milan's or Genoa's. Newer public verifiers call it so.
            BitFacts(
                ("IOMMU_WRITE_SAFE", "iommuWriteSafe", "iommu-write-safe"), .statement,
                zero: "the IOMMU's writes are not reported safe", one: "the IOMMU's writes are reported safe",
                demand: "safe writes of the IOMMU",
                waiver: BitWaiver(.protection, "The IOMMU's writes may not be reported safe (AMD-SB-3016)."),
                products: [.turin])
        case .tio:
            BitFacts(
                ("TIO_EN", "tio", "tio"), .statement, zero: "trusted I/O is off", one: "trusted I/O is on",
                demand: "trusted I/O",
                waiver: BitWaiver(.nothing, "Trusted I/O may be on or off in the machine."))
        }
    }
}
