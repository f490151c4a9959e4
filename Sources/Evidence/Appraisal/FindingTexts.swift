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
        case .tcbMinimum, .tcbOrder, .policyTCB: "a TCB version"
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
        case .policyAliasCheck: "the memory alias check"
        case .policyEngine: "the engine"
        default: bitSubject
        }
    }

    private var bitSubject: String {
        if let bit = GuestPolicyBit.allCases.first(where: { $0.rule == self }) { return "guest policy \(bit.name)" }
        if let bit = PlatformInfoBit.allCases.first(where: { $0.rule == self }) { return "platform \(bit.name)" }
        return "the evidence"
    }

    /// What to do next, where there is something to do.
    public var hint: String? {
        switch self {
        case .certificateMissing: "fetch the certificates with: 2cvm evidence certificates"
        case .rootUnknown:
            "AMD's roots are known here; name a simulated one, as its agent prints it, with --simulated-root"
        case .certificateValidity: "state the time that the evidence is from, or fetch a new certificate"
        case .revocationMissing: "fetch the list with: 2cvm evidence certificates; or waive it by name"
        case .revocationEarly, .revocationStale: "fetch a list that was current then, or waive its age by name"
        case .revocationNotBefore: "fetch a list with: 2cvm evidence certificates --refresh; or name one with --crl"
        case .revoked: "AMD withdrew this key: have the operator fetch the current certificates"
        case .simulated, .platformKind: "simulated evidence counts only where the manifest says simulated"
        case .milan: "the root seed of Milan's keys can be extracted by software; accept it by name if you must"
        case .product: "every product needs a TCB floor in the manifest"
        case .processor: "the processor may be newer than this release"
        case .signingKeyCertificate, .chipCertificate, .tcbCertificate:
            "fetch the certificate that belongs to this report's chip and TCB"
        case .tcbMinimum, .policyTCB, .firmware: "the platform's operator must update the firmware"
        case .tcbProvisional: "the operator must commit the firmware (SNP_COMMIT), or it can be rolled back"
        case .measurement: "another image, command line, firmware or vCPU count runs there"
        case .policyProcessor: "add a floor for it to the policy file, or let its \"unlistedProcessors\" be \"allowed\""
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

extension GuestPolicyBit {
    var rule: Finding.Rule {
        switch self {
        case .smt: .policySMT
        case .migrationAgent: .migration
        case .debug: .debug
        case .singleSocket: .policySingleSocket
        case .cxl: .policyCXL
        case .aes256XTS: .policyAES256XTS
        case .raplDisabled: .policyRAPLDisabled
        case .ciphertextHiding: .policyCiphertextHiding
        case .pageSwapDisabled: .policyPageSwapDisabled
        }
    }
}

extension PlatformInfoBit {
    var rule: Finding.Rule {
        switch self {
        case .smt: .platformSMT
        case .tsme: .platformTSME
        case .ecc: .platformECC
        case .raplDisabled: .platformRAPLDisabled
        case .ciphertextHiding: .platformCiphertextHiding
        case .aliasCheck: .platformAliasCheck
        case .iommu: .platformIOMMU
        case .tio: .platformTIO
        }
    }
}
