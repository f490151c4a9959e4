import Commitments
import Evidence
import Primitives
import Testing

extension RuleCase {
    static let firmware: [RuleCase] = [
        RuleCase("reserved TCB bytes of the product's layout", [.tcbReserved]) {
            $0.moveToTurin()
            $0.report.setVersion(2)
            $0.reference.reportVersion = 2
            $0.reference.mitigations = .any
            $0.report.set(0x38, [1, 1, 1, 4, 0, 0, 1, 81])
        },
        RuleCase("a reported TCB that is not the certificate's", [.tcbCertificate]) {
            $0.report.set(0x180, [10, 0, 0, 0, 0, 0, 27, 87])
        },
        RuleCase("a current TCB below the floor", [.tcbMinimum, .tcbOrder, .tcbProvisional], combines: true) {
            $0.report.set(0x38, [10, 0, 0, 0, 0, 0, 27, 71])
        },
        RuleCase("a launch TCB below the floor", [.tcbMinimum]) {
            $0.report.set(0x1F0, [8, 0, 0, 0, 0, 0, 27, 88])
        },
        RuleCase("a product without a floor", [.product]) { $0.reference.minimumTCB = .value([:]) },
        RuleCase("a reported TCB above the current", [.tcbOrder, .tcbCertificate]) {
            $0.report.set(0x180, [10, 0, 0, 0, 0, 0, 28, 88])
        },
        RuleCase("a committed TCB above the current", [.tcbOrder, .tcbProvisional]) {
            $0.report.set(0x1E0, [11, 0, 0, 0, 0, 0, 27, 88])
        },
        RuleCase("a committed TCB below the current", [.tcbProvisional]) {
            $0.report.set(0x1E0, [10, 0, 0, 0, 0, 0, 26, 88])
        },
        RuleCase("a committed version below the current", [.tcbProvisional]) { $0.report.set(0x1EC, [48]) },
        RuleCase("a committed version above the current", [.firmwareOrder, .tcbProvisional]) {
            $0.report.set(0x1EC, [50])
        },
        RuleCase("firmware below the minimum", [.firmware], combines: true) {
            $0.reference.firmware = .value(FirmwareVersion(major: 1, minor: 56, build: 0))
        },
        RuleCase("a mitigation that was absent at launch", [.mitigations], combines: true) {
            $0.report.set(0x1F8, [0x01])
        },
        RuleCase("a mitigation that is absent now", [.mitigations]) { $0.report.set(0x200, [0x02]) },
    ]

    static let guest: [RuleCase] = [
        RuleCase("another measurement", [.measurement], combines: true) { $0.report.set(0x90, [0]) },
        RuleCase("another VMPL", [.vmpl], combines: true) { $0.report.set(0x30, [1]) },
        RuleCase("an old guest", [.guestSVN], combines: true) { $0.report.set(0x04, [6]) },
        RuleCase("another family", [.familyID], combines: true) { $0.report.set(0x1F, [0]) },
        RuleCase("another image", [.imageID], combines: true) { $0.report.set(0x2F, [0]) },
        RuleCase("another ID key", [.idKey], combines: true) { $0.report.set(0xE0, [0]) },
        RuleCase("another author key", [.authorKey]) { $0.report.set(0x110, [0]) },
        RuleCase("no author key", [.authorKey]) {
            $0.report.set(0x48, [0x00])
            $0.report.set(0x110, [UInt8](repeating: 0, count: 48))
        },
        RuleCase("an author key that was not enabled", [.authorKey, .authorKeyUnused]) { $0.report.set(0x48, [0x00]) },
        RuleCase("a debuggable guest", [.debug]) { $0.report.set(0x0A, [0x1B]) },
        RuleCase("a guest that may migrate", [.migration]) { $0.report.set(0x0A, [0x17]) },
        RuleCase("a migration agent", [.migrationAgent], combines: true) { $0.report.set(0x160, [0xFE]) },
        RuleCase("other host data", [.hostData], combines: true) { $0.report.set(0xDF, [0]) },
        RuleCase("other report data", [.reportData], combines: true) { $0.report.set(0x8F, [0]) },
    ]

    /// Each bit turned over, so that a requirement and a prohibition are both seen.
    static let bits: [RuleCase] = {
        let policyCases = GuestPolicyBit.allCases.filter { $0.facts.words != .none }.map { bit in
            RuleCase("guest policy \(bit.name) turned over", [rule(of: bit)], combines: true) {
                $0.report.bytes[0x08 + bit.rawValue / 8] ^= 1 << (bit.rawValue % 8)
            }
        }
        let platformCases = PlatformInfoBit.allCases.map { bit in
            RuleCase("platform information \(bit.name) turned over", [rule(of: bit)], combines: true) {
                $0.report.bytes[0x40] ^= 1 << bit.rawValue
            }
        }
        let unknown = RuleCase("a platform bit without a name", [.platformUnknown], combines: true) {
            $0.report.set(0x41, [0x80])
        }
        return policyCases + platformCases + [unknown]
    }()

    static func rule<Bit: ReportBit>(of bit: Bit) -> Finding.Rule {
        let code = "evidence.\(Bit.fieldCode).\(bit.facts.code)"
        guard let rule = Finding.Rule(rawValue: code) else { preconditionFailure("no rule \(code)") }
        return rule
    }

    /// Each policy is on the tests' Genoa, or on another processor.
    static let policyFile: [RuleCase] = [
        RuleCase("a refused measurement", [.refusedMeasurement]) {
            let entry = #"{"measurement": "\#(String(repeating: "a5", count: 48))", "reason": "old"}"#
            $0.verifier.policy = policy(["refusedMeasurements": "[\(entry)]", "products": "[\(PolicyText.product())]"])
        },
        RuleCase("a processor that the policy does not list", [.policyProcessor]) {
            $0.verifier.policy = policy(["products": "[\(PolicyText.product(stepping: "0"))]"])
        },
        RuleCase("an advisory that is open", [.policyOpen]) {
            $0.verifier.policy = policy(#"[{"current": {"snp": 28}}]"#)
        },
        RuleCase("an advisory that is open because of a platform bit", [.policyOpen, .platformAliasCheck]) {
            $0.verifier.policy = policy(#"[{"platformInfo": {"aliasCheck": "required"}}]"#)
            $0.report.set(0x40, [0x05])
        },
        RuleCase("an advisory that a report of version 3 does not decide", [.policyUndecidable]) {
            $0.report.setVersion(3)
            $0.reference.mitigations = .any
            $0.verifier.policy = policy(#"[{"launch": {"mitigations": "0000000000000001"}}]"#)
        },
    ]

    private static func policy(_ closedBy: String) -> VerifierPolicy {
        policy(["products": "[\(PolicyText.product(PolicyText.rule(closedBy)))]"])
    }

    private static func policy(_ changes: [String: String?]) -> VerifierPolicy {
        do {
            return try PolicyText.policy(changes)
        } catch {
            preconditionFailure("the test's policy: \(error)")
        }
    }
}
