import ArgumentParser
import CommandOptions
import Commitments
import Evidence
import Primitives
import Workbench

/// What a report by itself must show. Each value that is not named is listed as waived.
struct ReferenceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with what a manifest's \"platform\" says. The other values here then replace its own.",
            valueName: "file"),
        completion: .file(extensions: ["json"]))
    var platform: String?

    @Option(help: ArgumentHelp("MEASUREMENT, 96 digits. Repeatable: one of them.", valueName: "hex"))
    var measurement: [Hexadecimal<48>] = []

    @Option(help: ArgumentHelp("REPORT_DATA, 128 digits.", valueName: "hex"))
    var reportData: Hexadecimal<64>?

    @Option(help: ArgumentHelp("HOST_DATA, 64 digits.", valueName: "hex"))
    var hostData: Hexadecimal<32>?

    @Option(
        help: ArgumentHelp(
            "The least TCB: fmc, bootLoader, tee, snp and microcode, such as snp=27,microcode=86.", valueName: "parts"))
    var minimumTcb: TCBArgument?

    @Option(help: ArgumentHelp("The least SNP firmware, such as 1.58.4.", valueName: "version"))
    var minimumFirmware: FirmwareArgument?

    @Option(help: ArgumentHelp("The least version of the report, 2 to 5.", valueName: "number"))
    var minimumReportVersion: Int?

    @Option(help: ArgumentHelp("The least GUEST_SVN.", valueName: "number"))
    var minimumGuestSvn: UInt32?

    @Option(help: ArgumentHelp("VMPL, 0 to 3.", valueName: "level"))
    var vmpl: UInt32?

    @Option(help: ArgumentHelp("CHIP_ID, 128 digits, or csp:NAME. Repeatable: one of them.", valueName: "chip"))
    var chip: [ChipArgument] = []

    @Option(help: ArgumentHelp("ID_KEY_DIGEST, 96 digits. Repeatable: one of them.", valueName: "hex"))
    var idKey: [Hexadecimal<48>] = []

    @Option(help: ArgumentHelp("AUTHOR_KEY_DIGEST, 96 digits. Repeatable: one of them.", valueName: "hex"))
    var authorKey: [Hexadecimal<48>] = []

    @Option(name: .customLong("family-id"), help: ArgumentHelp("FAMILY_ID, 32 digits.", valueName: "hex"))
    var familyID: Hexadecimal<16>?

    @Option(name: .customLong("image-id"), help: ArgumentHelp("IMAGE_ID, 32 digits.", valueName: "hex"))
    var imageID: Hexadecimal<16>?

    @Option(help: ArgumentHelp("Mitigation bits at launch and now, 16 digits.", valueName: "hex"))
    var mitigations: Hexadecimal<8>?

    @Option(
        help: ArgumentHelp(
            "A bit of PLATFORM_INFO, such as aliasCheck=required. Repeatable.", valueName: "bit=word"))
    var platformInfo: [BitArgument<PlatformInfoBit>] = []

    @Option(help: ArgumentHelp("A bit of POLICY, such as smt=forbidden. Repeatable.", valueName: "bit=word"))
    var guestPolicy: [BitArgument<GuestPolicyBit>] = []

    @Flag(help: "Refuse firmware that is not committed, which can be rolled back.")
    var committedFirmware = false

    var isEmpty: Bool {
        let images = [platform == nil, measurement.isEmpty, familyID == nil, imageID == nil, minimumGuestSvn == nil]
        let bindings = [
            reportData == nil, hostData == nil, vmpl == nil, chip.isEmpty, idKey.isEmpty, authorKey.isEmpty,
        ]
        let firmware = [
            minimumTcb == nil, minimumFirmware == nil, minimumReportVersion == nil, mitigations == nil,
            platformInfo.isEmpty, guestPolicy.isEmpty, !committedFirmware,
        ]
        return (images + bindings + firmware).allSatisfy { $0 }
    }

    func validate() throws {
        guard minimumReportVersion.map({ 2...5 ~= $0 }) ?? true else {
            throw ValidationError("--minimum-report-version is 2 to 5")
        }
        guard vmpl.map({ $0 <= 3 }) ?? true else { throw ValidationError("--vmpl is 0 to 3") }
    }

    /// - Parameter product: the certificate's, which the least TCB is for; without one, it is for every product.
    func reference(of product: SEVProduct?) throws(CommandFailure) -> ReferenceValues {
        var values = try platform.map(readPlatform) ?? .unasked
        if !measurement.isEmpty { values.measurements = .value(Set(measurement.map { $0.bytes })) }
        if let reportData { values.reportData = .value(reportData.bytes) }
        if let hostData { values.hostData = .value(hostData.bytes) }
        if let minimumTcb {
            let products = product.map { [$0] } ?? SEVProduct.allCases
            values.minimumTCB = .value(Dictionary(uniqueKeysWithValues: products.map { ($0, minimumTcb.floor) }))
        }
        if let minimumFirmware { values.firmware = .value(minimumFirmware.version) }
        if let minimumReportVersion { values.reportVersion = UInt32(minimumReportVersion) }
        if let minimumGuestSvn { values.guestSVN = minimumGuestSvn }
        if let vmpl { values.vmpl = .value(vmpl) }
        if !chip.isEmpty {
            values.chips = .listed(
                chipIDs: Set(chip.compactMap { $0.chipID }), providers: Set(chip.compactMap(\.provider)))
        }
        if !idKey.isEmpty { values.idKeys = .listed(Set(idKey.map { $0.bytes })) }
        if !authorKey.isEmpty { values.authorKeys = .listed(Set(authorKey.map { $0.bytes })) }
        if let familyID { values.familyID = .value(familyID.bytes) }
        if let imageID { values.imageID = .value(imageID.bytes) }
        if let mitigations { values.mitigations = .value(mitigations.bytes.bytes.reduce(0) { $0 << 8 | UInt64($1) }) }
        for bit in platformInfo { values.platformInfo[bit.bit] = bit.rule }
        for bit in guestPolicy { values.policy[bit.bit] = bit.rule }
        if committedFirmware { values.provisionalFirmware = .refused }
        return values
    }

    private func readPlatform(_ path: String) throws(CommandFailure) -> ReferenceValues {
        try readFile(path, maximumByteCount: Self.maximumPlatformByteCount, as: Self.platformValues)
    }

    private static let maximumPlatformByteCount = 1 << 20

    private static func platformValues(_ bytes: [UInt8]) throws(EvidenceFileError) -> ReferenceValues {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, maximumByteCount: maximumPlatformByteCount)
        } catch {
            throw .json(error)
        }
        do {
            return ReferenceValues(try PlatformRequirements(JSONReader(value)))
        } catch {
            throw .shape(error)
        }
    }
}

/// Bytes of a fixed count as lowercase hexadecimal.
struct Hexadecimal<let byteCount: Int>: ExpressibleByArgument {
    let bytes: FixedBytes<byteCount>

    init?(argument: String) {
        guard let bytes = FixedBytes<byteCount>(hex: argument) else { return nil }
        self.bytes = bytes
    }
}

/// `snp=27,microcode=86`. What is not named is 0.
struct TCBArgument: ExpressibleByArgument {
    let floor: TCBFloor

    init?(argument: String) {
        var parts: [TCBPart: UInt8] = [:]
        for text in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = text.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let part = TCBPart(rawValue: String(sides[0])), let value = UInt8(sides[1]),
                parts.updateValue(value, forKey: part) == nil
            else { return nil }
        }
        floor = TCBFloor(
            fmc: parts[.fmc] ?? 0, bootLoader: parts[.bootLoader] ?? 0, tee: parts[.tee] ?? 0, snp: parts[.snp] ?? 0,
            microcode: parts[.microcode] ?? 0)
    }
}

/// `1.58.4`.
struct FirmwareArgument: ExpressibleByArgument {
    let version: FirmwareVersion

    init?(argument: String) {
        let numbers = argument.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard numbers.count == 3, let major = numbers[0], let minor = numbers[1], let build = numbers[2] else {
            return nil
        }
        version = FirmwareVersion(major: major, minor: minor, build: build)
    }
}

/// A chip, or a provider under whose key any of its chips counts. A zero CHIP_ID is no chip's.
struct ChipArgument: ExpressibleByArgument {
    let chipID: FixedBytes<64>?
    let provider: String?

    init?(argument: String) {
        let name = argument.hasPrefix("csp:") ? String(argument.dropFirst("csp:".count)) : nil
        let chip = FixedBytes<64>(hex: argument).flatMap { $0.isZero ? nil : $0 }
        guard chip != nil || name.map({ !$0.isEmpty }) ?? false else { return nil }
        (chipID, provider) = (chip, name)
    }
}

/// `aliasCheck=required`, with a manifest's words.
struct BitArgument<Bit: ReportBit>: ExpressibleByArgument {
    let bit: Bit
    let rule: BitRule

    init?(argument: String) {
        let sides = argument.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count == 2, let bit = Bit.allCases.first(where: { $0.facts.key == sides[0] }),
            let rule = bit.facts.words.rules.first(where: { $0.word == sides[1] })?.rule
        else { return nil }
        (self.bit, self.rule) = (bit, rule)
    }

    static var allValueStrings: [String] {
        Bit.allCases.flatMap { bit in bit.facts.words.rules.map { "\(bit.facts.key)=\($0.word)" } }
    }
}
