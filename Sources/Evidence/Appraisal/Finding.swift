internal import Primitives

/// One way in which evidence differs from what is required, or one requirement that was waived.
public struct Finding: Hashable, Sendable {
    public let rule: Rule
    public let severity: Severity
    /// What the rule asks for.
    public let expected: String
    /// What the evidence has. Printable; never a participant's content.
    public let found: String

    /// Whether the evidence can still be affirmed.
    public enum Severity: String, CaseIterable, Hashable, Sendable {
        case contraindicated
        /// Somebody chose not to ask. Listed in every appraisal, so that nobody overlooks it.
        case waived
        /// What a policy asks by name, and what holds: told, so that nobody has to conclude it from silence.
        case met
    }

    package init(_ rule: Rule, _ severity: Severity = .contraindicated, expected: String, found: String) {
        self.rule = rule
        self.severity = severity
        self.expected = expected
        self.found = found
    }

    /// What a waived comparison expects.
    static let anything = "any"

    /// Stable and machine-readable, such as `evidence.measurement`.
    public var code: String { rule.rawValue }

    /// What was asked and what was found: one clause, lowercase, no full stop.
    public var message: String {
        switch (rule, severity) {
        // An advisory is told by its name, whatever follows from it.
        case (.policyOpen, _), (.policyUndecidable, _), (.policyClosed, _): "\(expected), is \(found)"
        case (.policyNotShown, _): "\(expected): \(found)"
        case (.nothingCompared, _): found
        case (_, .contraindicated), (_, .met): "\(rule.subject): expected \(expected), found \(found)"
        case (_, _) where expected == Self.anything: "\(rule.subject): not compared, found \(found)"
        case (_, _): "\(rule.subject): waived \(expected), found \(found)"
        }
    }

    /// What to do next. A waiver needs none.
    public var hint: String? {
        guard severity == .contraindicated || rule == .nothingCompared else { return nil }
        return bindingHint ?? rule.hint
    }

    /// How a machine was launched and how the manifest binds can disagree without any other manifest in sight.
    private var bindingHint: String? {
        let zeros = SHA256Digest(repeating: 0).description
        return switch rule {
        case .chipCertificate where found == Self.maskedChip:
            "a report that hides its chip cannot be matched with any chip's key, and is never accepted: its operator "
                + "must turn MASK_CHIP_ID off, or sign with a VLEK"
        case .hostData where found == zeros, .manifestDigest where found == Self.noManifestYet:
            "the machine was launched for no manifest, and this one says \"binding\": \"launch\": launch a machine for "
                + "its digest (`2cvm launch --manifest`, the simulated agent's --host-data), or agree on \"lock\""
        case .hostData where expected == zeros:
            "this manifest says \"binding\": \"lock\", and the machine was launched for one digest: launch one for "
                + "none (`2cvm launch --await-manifest`), or agree on \"launch\""
        default: nil
        }
    }

    /// What a report shows in place of its chip.
    static let maskedChip = "zeros: the platform hides its chip (MASK_CHIP_ID)"

    /// What a session names that waits for its manifest.
    static let noManifestYet = "none yet"
}

extension Finding {
    /// Every rule of the appraisal. The raw value is the finding's stable code.
    public enum Rule: String, CaseIterable, Hashable, Sendable {
        // The chain and its revocation list.
        case certificateMissing = "evidence.certificate.missing"
        case rootUnknown = "evidence.certificate.root"
        case certificateRole = "evidence.certificate.role"
        case certificateIssuer = "evidence.certificate.issuer"
        case certificateAuthority = "evidence.certificate.authority"
        case certificateSignature = "evidence.certificate.signature"
        case certificateValidity = "evidence.certificate.validity"
        case revocationMissing = "evidence.revocation.missing"
        case revocationIssuer = "evidence.revocation.issuer"
        case revocationSignature = "evidence.revocation.signature"
        case revocationEarly = "evidence.revocation.early"
        case revocationStale = "evidence.revocation.stale"
        case revocationNotBefore = "evidence.revocation.not-before"
        case revoked = "evidence.revocation.revoked"

        // Which platform it is.
        case platformKind = "evidence.platform.kind"
        case simulated = "evidence.platform.simulated"
        case product = "evidence.platform.product"
        case milan = "evidence.platform.milan"
        case processor = "evidence.platform.processor"

        // The report and the key that signed it.
        case reportSignature = "evidence.signature"
        case reportVersion = "evidence.version"
        case signingKey = "evidence.signing-key"
        case signingKeyCertificate = "evidence.signing-key.certificate"
        case chip = "evidence.chip"
        case chipCertificate = "evidence.chip.certificate"
        case chipKeyMasked = "evidence.chip.masked"

        // The firmware.
        case tcbReserved = "evidence.tcb.reserved"
        case tcbCertificate = "evidence.tcb.certificate"
        case tcbMinimum = "evidence.tcb.minimum"
        case tcbOrder = "evidence.tcb.order"
        case tcbProvisional = "evidence.tcb.provisional"
        case firmware = "evidence.firmware.minimum"
        case firmwareOrder = "evidence.firmware.order"
        case mitigations = "evidence.mitigations"

        // The guest.
        case measurement = "evidence.measurement"
        case vmpl = "evidence.vmpl"
        case guestSVN = "evidence.guest-svn"
        case familyID = "evidence.family-id"
        case imageID = "evidence.image-id"
        case idKey = "evidence.id-key"
        case authorKey = "evidence.author-key"
        case authorKeyUnused = "evidence.author-key.unused"
        case debug = "evidence.policy.debug"
        case migration = "evidence.policy.migration"
        case migrationAgent = "evidence.migration-agent"
        case policySMT = "evidence.policy.smt"
        case policyCXL = "evidence.policy.cxl"
        case policySingleSocket = "evidence.policy.single-socket"
        case policyAES256XTS = "evidence.policy.aes-256-xts"
        case policyRAPLDisabled = "evidence.policy.rapl-disabled"
        case policyCiphertextHiding = "evidence.policy.ciphertext-hiding"
        case policyPageSwapDisabled = "evidence.policy.page-swap-disabled"
        case platformSMT = "evidence.platform-info.smt"
        case platformTSME = "evidence.platform-info.tsme"
        case platformECC = "evidence.platform-info.ecc"
        case platformRAPLDisabled = "evidence.platform-info.rapl-disabled"
        case platformCiphertextHiding = "evidence.platform-info.ciphertext-hiding"
        case platformAliasCheck = "evidence.platform-info.alias-check"
        case platformIOMMUWriteSafe = "evidence.platform-info.iommu-write-safe"
        case platformTIO = "evidence.platform-info.tio"
        case platformUnknown = "evidence.platform-info.unknown"

        // Whether anything was compared at all.
        case nothingCompared = "evidence.reference-values"

        // What binds the report to this session.
        case nonce = "evidence.nonce"
        case noncePath = "evidence.nonce.path"
        case manifestDigest = "evidence.manifest"
        case hostData = "evidence.host-data"
        case reportData = "evidence.report-data"

        // The verifier's own policy file.
        case refusedMeasurement = "evidence.policy-file.measurement"
        case policyProcessor = "evidence.policy-file.processor"
        case policyOpen = "evidence.policy-file.open"
        case policyUndecidable = "evidence.policy-file.undecidable"
        case policyClosed = "evidence.policy-file.closed"
        case policyNotShown = "evidence.policy-file.not-shown"
        case policyEngine = "evidence.policy-file.engine"
    }
}
