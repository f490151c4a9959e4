internal import Commitments
public import Primitives

/// One field of a report, for people.
public struct ReportField: Equatable, Sendable {
    /// The specification's name.
    public let name: String
    /// In bytes from the report's start.
    public let offset: Int
    public let value: String
    public let meaning: String
    public let bits: [Bit]

    /// One bit of a field.
    public struct Bit: Equatable, Sendable {
        public let position: Int
        /// The specification's name.
        public let name: String
        public let isSet: Bool
        public let meaning: String
    }

    init(_ name: String, at offset: Int, _ value: String, _ meaning: String, bits: [Bit] = []) {
        self.name = name
        self.offset = offset
        self.value = value
        self.meaning = meaning
        self.bits = bits
    }
}

extension AttestationReport {
    /// Every field in the report's order, with its meaning and its bits spelled out.
    public var listing: [ReportField] {
        (launchFields + platformFields + boundFields + versionFields).sorted { $0.offset < $1.offset }
    }

    private var launchFields: [ReportField] {
        [
            ReportField("VERSION", at: 0x00, "\(version)", "of the report's layout"),
            ReportField("GUEST_SVN", at: 0x04, "\(guestSVN)", "the guest's security version"),
            ReportField(
                "POLICY", at: 0x08, policy.rawValue.hexText,
                "what the guest's owner allows; firmware ABI \(policy.abiMajor).\(policy.abiMinor) or later",
                bits: GuestPolicyBit.allCases.map { bit in
                    let isSet = policy.contains(bit)
                    return ReportField.Bit(
                        position: bit.rawValue, name: bit.name, isSet: isSet,
                        meaning: isSet ? bit.meanings.one : bit.meanings.zero)
                }),
            ReportField("FAMILY_ID", at: 0x10, "\(familyID)", "from the ID block"),
            ReportField("IMAGE_ID", at: 0x20, "\(imageID)", "from the ID block"),
            ReportField("VMPL", at: 0x30, "\(vmpl)", "the privilege level that asked; 0 is the highest"),
            ReportField("MEASUREMENT", at: 0x90, "\(measurement)", "the launch digest"),
            ReportField("ID_KEY_DIGEST", at: 0xE0, "\(idKeyDigest)", "the ID block's signer; zeros for none"),
            ReportField("AUTHOR_KEY_DIGEST", at: 0x110, "\(authorKeyDigest)", "the ID key's signer"),
        ]
    }

    private var platformFields: [ReportField] {
        [
            ReportField("SIGNATURE_ALGO", at: 0x34, "1", "ECDSA P-384 with SHA-384"),
            ReportField(
                "PLATFORM_INFO", at: 0x40, platformInfo.rawValue.hexText, "what the platform says of itself",
                bits: PlatformInfoBit.allCases.map { bit in
                    let isSet = platformInfo.contains(bit)
                    return ReportField.Bit(
                        position: bit.rawValue, name: bit.name, isSet: isSet,
                        meaning: isSet ? bit.meanings.one : bit.meanings.zero)
                }),
            ReportField(
                "SIGNER_INFO", at: 0x48, UInt64(signer.rawValue).hexText, "signed by \(signerMeaning)",
                bits: [
                    ReportField.Bit(
                        position: 0, name: "AUTHOR_KEY_EN", isSet: signer.authorKeyEnabled,
                        meaning: signer.authorKeyEnabled ? "an author key signed the ID key" : "no author key"),
                    ReportField.Bit(
                        position: 1, name: "MASK_CHIP_KEY", isSet: signer.chipKeyMasked,
                        meaning: signer.chipKeyMasked ? "the chip's key is kept back" : "the chip's key may sign"),
                ]),
            ReportField("CHIP_ID", at: 0x1A0, "\(chipID)", chipID.isZero ? "not told" : "the chip's hardware ID"),
        ] + processorFields
    }

    private var signerMeaning: String {
        switch signer.signingKey {
        case .vcek: "a VCEK, the chip's own key"
        case .vlek: "a VLEK, a cloud provider's key"
        case .none: "nobody"
        }
    }

    private var processorFields: [ReportField] {
        guard let processor else { return [] }
        let product = processor.product?.rawValue ?? "no product that is known to this release"
        return [ReportField("CPUID", at: 0x188, "\(processor)", "family, model and stepping: \(product)")]
    }

    private var boundFields: [ReportField] {
        let hasAgent = migrationAgentReportID != FixedBytes(repeating: 0xFF)
        return [
            ReportField("REPORT_DATA", at: 0x50, "\(reportData)", "what the guest put in"),
            ReportField("HOST_DATA", at: 0xC0, "\(hostData)", "what the host put in at launch"),
            ReportField("REPORT_ID", at: 0x140, "\(reportID)", "this guest's report identifier"),
            ReportField(
                "REPORT_ID_MA", at: 0x160, "\(migrationAgentReportID)",
                hasAgent ? "the migration agent's" : "no migration agent"),
            ReportField("SIGNATURE", at: 0x2A0, "\(signature)", "R and S, big-endian"),
        ]
    }

    private var versionFields: [ReportField] {
        let named = [
            ("CURRENT_TCB", 0x38, tcb.current, "what runs now"),
            ("REPORTED_TCB", 0x180, tcb.reported, "what the signing key stands for"),
            ("COMMITTED_TCB", 0x1E0, tcb.committed, "what it can no longer fall below"),
            ("LAUNCH_TCB", 0x1F0, tcb.launch, "what ran when the guest was launched"),
        ]
        // Version 2 does not name its product; no Turin is known to write it.
        let layout = processor == nil ? TCBLayout.milanAndGenoa : processor?.tcbLayout
        let versions = named.map { name, offset, encoded, meaning in
            let text = layout.map { encoded.decoded(as: $0)?.description ?? "undecodable" } ?? "not interpreted"
            return ReportField(name, at: offset, "\(encoded)", "\(meaning): \(text)")
        }
        let firmware = [
            ReportField("CURRENT_VERSION", at: 0x1E8, currentFirmware.text, "the SNP firmware that runs now"),
            ReportField("COMMITTED_VERSION", at: 0x1EC, committedFirmware.text, "the SNP firmware that is committed"),
        ]
        guard let mitigations else { return versions + firmware }
        return versions + firmware + [
            ReportField("LAUNCH_MIT_VECTOR", at: 0x1F8, mitigations.launch.hexText, "mitigations at launch"),
            ReportField("CURRENT_MIT_VECTOR", at: 0x200, mitigations.current.hexText, "mitigations now"),
        ]
    }
}

extension ReportField {
    /// One entry of what `2cvm evidence show --json` prints.
    public var json: JSONValue {
        var members = [
            JSONMember("name", .string(name)), JSONMember("offset", .integer(offset)),
            JSONMember("value", .string(value)), JSONMember("meaning", .string(meaning)),
        ]
        if !bits.isEmpty { members.append(JSONMember("bits", .array(bits.map(\.json)))) }
        return .object(members)
    }
}

extension ReportField.Bit {
    fileprivate var json: JSONValue {
        [
            "position": .integer(position), "name": .string(name), "set": .bool(isSet), "meaning": .string(meaning),
        ]
    }
}
