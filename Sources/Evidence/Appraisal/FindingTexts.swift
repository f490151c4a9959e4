internal import Commitments

extension Finding.Rule {
    /// What the rule looks at: begins a message.
    public var subject: String {
        switch self {
        case .certificateMissing: "a certificate"
        case .rootUnknown: "the root certificate"
        case .certificateRole: "a certificate's name"
        case .certificateIssuer: "a certificate's issuer"
        case .certificateAuthority: "a certificate's authority"
        case .certificateSignature: "a certificate's signature"
        case .certificateValidity: "a certificate's validity"
        case .revocationMissing: "the revocation list"
        case .revocationIssuer: "the revocation list's issuer"
        case .revocationSignature: "the revocation list's signature"
        case .revocationEarly, .revocationStale, .revocationNotBefore: "the revocation list's time"
        case .revoked: "a certificate's standing"
        case .platformKind, .simulated: "the platform"
        case .product, .milan: "the product"
        case .processor, .policyProcessor: "the processor (CPUID)"
        case .reportSignature: "the report's signature"
        case .reportVersion: "the report's version"
        case .signingKey, .signingKeyCertificate: "the signing key"
        case .chip, .chipCertificate: "the chip"
        case .chipKeyMasked: "the chip's key (MASK_CHIP_KEY)"
        case .measurement, .refusedMeasurement: "the launch measurement"
        case .vmpl: "the privilege level (VMPL)"
        case .nonce: "the nonce"
        case .noncePath: "the nonce's path"
        case .manifestDigest: "the manifest's digest"
        case .hostData: "the host data"
        case .reportData: "the report data"
        default: firmwareOrGuestSubject
        }
    }

    private var firmwareOrGuestSubject: String {
        switch self {
        case .tcbReserved: "reserved bytes of a TCB version"
        case .tcbCertificate: "the reported TCB"
        case .tcbMinimum, .tcbOrder: "a TCB version"
        case .tcbProvisional: "the firmware's commitment"
        case .firmware, .firmwareOrder: "the firmware version"
        case .mitigations: "the mitigation vectors"
        case .guestSVN: "the guest's security version"
        case .familyID: "the family ID"
        case .imageID: "the image ID"
        case .idKey: "the ID key"
        case .authorKey, .authorKeyUnused: "the author key"
        case .debug: "debugging (guest policy)"
        case .migration: "migration (guest policy)"
        case .migrationAgent: "the migration agent"
        case .platformUnknown: "platform information"
        case .policyOpen, .policyUndecidable, .policyClosed, .policyNotShown: "an advisory"
        case .nothingCompared: "the reference values"
        case .policyEngine: "the engine"
        default: bitSubject
        }
    }

    private var bitSubject: String { Self.bitSubjects[self] ?? "the evidence" }

    /// Whether it is on a bit of POLICY or PLATFORM_INFO.
    var isOnBit: Bool { Self.bitSubjects[self] != nil }

    /// Made once: a token asks for each finding's.
    private static let bitSubjects = Dictionary(
        uniqueKeysWithValues: GuestPolicyBit.allCases.map { ($0.rule, "guest policy \($0.name)") }
            + PlatformInfoBit.allCases.map { ($0.rule, "platform \($0.name)") })

    /// What to do next, where there is something to do.
    public var hint: String? {
        switch self {
        case .certificateMissing: "fetch the certificates with: 2cvm evidence certificates"
        case .rootUnknown:
            "AMD's roots are known here; name a simulated one, as its agent prints it, with --simulated-root"
        case .certificateValidity:
            "if it has ended, fetch a new certificate, or state with --at when the evidence is from; if it begins more "
                + "than five minutes later, your clock is behind"
        case .revocationMissing: "fetch the list with: 2cvm evidence certificates; or waive it by name"
        case .revocationEarly:
            "if that is in the future, your clock is behind; for evidence of an earlier time, name a list that was "
                + "current then with --crl, or waive its age by name"
        case .revocationStale: "fetch a list that was current then, or waive its age by name"
        case .revocationNotBefore: "fetch a list with: 2cvm evidence certificates --refresh; or name one with --crl"
        case .revoked: "AMD withdrew this key: have the operator fetch the current certificates"
        case .simulated, .platformKind: "simulated evidence counts only where the manifest says simulated"
        case .milan: "the root seed of Milan's keys can be extracted by software; accept it by name if you must"
        case .product: "every product needs a TCB floor in the manifest"
        case .processor: "the processor may be newer than this release"
        case .signingKeyCertificate, .chipCertificate, .tcbCertificate:
            "fetch the certificate that belongs to this report's chip and TCB"
        case .policyOpen:
            "the platform's operator must update firmware or settings; a cloud may not have done so anywhere yet"
        case .policyUndecidable:
            "newer firmware writes reports of version 5, which say; until then let the policy tell it instead"
        case .nothingCompared:
            "give what you expect: --measurement, --report-data, --host-data and their like, or --platform"
        case .tcbMinimum, .firmware: "the platform's operator must update the firmware"
        case .tcbProvisional: "the operator must commit the firmware (SNP_COMMIT), or it can be rolled back"
        case .measurement: "another image, command line, firmware or vCPU count runs there"
        case .policyProcessor:
            "add rules for it to the policy file, or let its \"unlistedProcessors\" be \"allowed\""
        case .refusedMeasurement: "the policy file says why; the image must be replaced"
        case .debug, .migration, .migrationAgent: "never accepted: it gives the guest's memory to the host"
        case .platformUnknown: "this release may be older than the platform's firmware"
        case .nonce: "the answer is to another question: it may be replayed"
        case .manifestDigest, .hostData: "the machine runs another manifest"
        case .reportData: "the session's keys, manifest or nonce are not the ones that the hardware signed"
        case .policyEngine: "the image must be rebuilt with a newer engine"
        default: nil
        }
    }
}

extension ReportBit {
    /// The rule on this bit, by its code: each bit has one.
    fileprivate var ruleOfCode: Finding.Rule {
        let code = "evidence.\(Self.fieldCode).\(facts.code)"
        guard let rule = Finding.Rule(rawValue: code) else { preconditionFailure("there is no rule \(code)") }
        return rule
    }
}

extension GuestPolicyBit {
    var rule: Finding.Rule { Self.rules[self] ?? ruleOfCode }
    private static let rules = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.ruleOfCode) })
}

extension PlatformInfoBit {
    var rule: Finding.Rule { Self.rules[self] ?? ruleOfCode }
    private static let rules = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.ruleOfCode) })
}
