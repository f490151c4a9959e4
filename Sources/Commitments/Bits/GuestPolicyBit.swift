/// A bit of POLICY: what the guest's owner lets the platform do, fixed at launch.
///
/// Source: AMD 56860, SEV-SNP Firmware ABI, table "Guest Policy".
public enum GuestPolicyBit: Int, ReportBit {
    case smt = 16
    case migrationAgent = 18
    case debug = 19
    case singleSocket = 20
    case cxl = 21
    case aes256XTS = 22
    case raplDisabled = 23
    case ciphertextHiding = 24
    case pageSwapDisabled = 25

    public static let fieldKey = "policy"
    public static let fieldCode = "policy"

    public static let table = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.row) })

    private var row: BitFacts {
        switch self {
        case .smt:
            BitFacts(
                ("SMT", "smt", "smt"), .grant, zero: "simultaneous multithreading must be off",
                one: "simultaneous multithreading may be on", demand: "SMT",
                waiver: BitWaiver(
                    .observation, "Two hardware threads may share a core, which leaves more room for side channels."))
        case .migrationAgent:
            BitFacts(
                ("MIGRATE_MA", "migrationAgent", "migration"), .none, zero: "no migration agent",
                one: "a migration agent may move the guest", demand: "migration")
        case .debug:
            BitFacts(
                ("DEBUG", "debug", "debug"), .none, zero: "the host cannot debug the guest",
                one: "the host can read and write the guest's memory", demand: "debugging")
        case .singleSocket:
            BitFacts(
                ("SINGLE_SOCKET", "singleSocket", "single-socket"), .restriction,
                zero: "the guest may run on several sockets", one: "the guest runs on one socket",
                demand: "a single socket",
                waiver: BitWaiver(.observation, "The machine may span several sockets."))
        case .cxl:
            BitFacts(
                ("CXL_ALLOW", "cxl", "cxl"), .grant, zero: "no CXL memory", one: "CXL memory may be in use",
                demand: "CXL",
                waiver: BitWaiver(
                    .protection, "Memory may lie on CXL devices, outside the processor's package.", severity: .warning))
        case .aes256XTS:
            BitFacts(
                ("MEM_AES_256_XTS", "aes256XTS", "aes-256-xts"), .restriction, zero: "any memory encryption mode",
                one: "memory must be encrypted with AES-256 XTS", demand: "AES-256-XTS",
                waiver: BitWaiver(.protection, "Memory may be encrypted with AES-128 instead of AES-256-XTS."))
        case .raplDisabled:
            BitFacts(
                ("RAPL_DIS", "raplDisabled", "rapl-disabled"), .restriction, zero: "energy counters may be on",
                one: "energy counters (RAPL) must be off", demand: "no power measurement (RAPL)",
                waiver: BitWaiver(.observation, "The host may measure power, which can tell of secrets."))
        case .ciphertextHiding:
            BitFacts(
                ("CIPHERTEXT_HIDING", "ciphertextHiding", "ciphertext-hiding"), .restriction,
                zero: "ciphertext hiding not required", one: "ciphertext hiding must be on",
                demand: "ciphertext hiding",
                waiver: BitWaiver(.observation, "The host may read encrypted memory and see it change."))
        case .pageSwapDisabled:
            BitFacts(
                ("PAGE_SWAP_DISABLE", "pageSwapDisabled", "page-swap-disabled"), .restriction,
                zero: "guest pages may be swapped", one: "guest pages may not be swapped", demand: "no page swapping",
                waiver: BitWaiver(.observation, "The host may move the guest's pages."))
        }
    }
}
