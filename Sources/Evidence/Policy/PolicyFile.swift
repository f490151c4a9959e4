public import Commitments
public import Primitives

/// One policy file: dated rules on machines, each named after the advisory that it answers.
///
/// It narrows what a manifest allows and never widens it: there is no key that could.
public struct PolicyFile: Equatable, Sendable {
    public let name: Name
    /// When the rules were written.
    public let date: Timestamp
    /// What becomes of a processor that the file has no product for.
    public let unlistedProcessors: Unlisted
    /// The newest revocation list at hand must be from then or later.
    public let revocationNotBefore: Timestamp?
    /// Evidence names no engine; a receipt does.
    public let earliestEngine: EngineVersion?
    public let refusedMeasurements: [RefusedMeasurement]
    public let products: [PolicyProduct]
    /// What no report can show, so that every appraisal says it.
    public let notShown: [Advisory]
    /// SHA-256 of the canonical bytes.
    public let digest: SHA256Digest

    /// Whether a processor without rules is taken; then each appraisal lists it as waived.
    public enum Unlisted: String, CaseIterable, Hashable, Sendable {
        case refused, allowed
    }

    /// Whether the file has rules for this very processor.
    func lists(_ processor: Processor) -> Bool { products.contains { $0.covers(processor) } }

    /// The rules for a machine. A version 2 report does not say which processor it is, so those of every product under
    /// the same root count.
    func rules(for processor: Processor?, of product: SEVProduct?) -> [PolicyRule] {
        products.filter { entry in
            if let processor { return entry.covers(processor) }
            return entry.product == product
        }.flatMap(\.rules)
    }

    /// `strict of 2026-11-27`.
    var title: String { "\(name) of \(date.description.prefix(10))" }
}

/// A published weakness, by the name that its publisher gave it.
public struct Advisory: Hashable, Sendable {
    /// `AMD-SB-3020`, a CVE, or a paper's number.
    public let identifier: String
    public let title: String
    /// What an attacker gains, in one clause.
    public let effect: String
    /// Where the figures come from.
    public let source: String
    /// When the source was read.
    public let date: Timestamp
    /// Whether somebody compared the figures with the publisher's own page.
    public let isConfirmed: Bool

    /// `AMD-SB-3020 (RMPocalypse)`.
    var fullName: String { "\(identifier) (\(title))" }
}

/// The rules for one sort of processor.
public struct PolicyProduct: Equatable, Sendable {
    public let family: UInt8
    public let model: UInt8
    /// `nil` stands for every stepping.
    public let stepping: UInt8?
    public let rules: [PolicyRule]

    /// Whose root vouches for it.
    public var product: SEVProduct? { Processor(family: family, model: model, stepping: stepping ?? 0).product }

    func covers(_ processor: Processor) -> Bool {
        family == processor.family && model == processor.model && (stepping ?? processor.stepping) == processor.stepping
    }

    /// `Genoa, CPUID 19/11/any`.
    var title: String {
        let step = stepping.map { [$0].hex } ?? "any"
        return "\(product?.rawValue ?? "unknown"), CPUID \([family].hex)/\([model].hex)/\(step)"
    }
}

/// What closes an advisory on one product, and what follows where it is not closed.
public struct PolicyRule: Equatable, Sendable {
    public let advisory: Advisory
    public let whenOpen: Consequence
    /// A report need not have what would decide.
    public let whenUndecidable: Consequence
    public let closedBy: Closing

    /// What is known of how it is closed.
    public enum Closing: Equatable, Sendable {
        /// Any one of them closes it. Never empty.
        case conditions([PolicyCondition])
        /// It is open on every such machine.
        case nothing
        /// Nobody found figures yet: no report decides.
        case unknown
    }

    /// What becomes of evidence.
    public enum Consequence: String, CaseIterable, Hashable, Sendable {
        /// It is contraindicated.
        case refused
        /// It is listed, and may be affirmed.
        case told
    }
}

/// All of what it names must hold. Never empty.
public struct PolicyCondition: Equatable, Sendable {
    /// Of CURRENT_TCB and REPORTED_TCB, of the current and committed firmware, and of CURRENT_MIT_VECTOR.
    public let current: FirmwareFloor
    /// Of LAUNCH_TCB and LAUNCH_MIT_VECTOR. No report has the firmware version of the launch.
    public let launch: FirmwareFloor
    public let platformInfo: [PlatformInfoBit: BitRule]
    public let guestPolicy: [GuestPolicyBit: BitRule]

    var isEmpty: Bool { current.isEmpty && launch.isEmpty && platformInfo.isEmpty && guestPolicy.isEmpty }
}

/// The least versions, each of which may be left unsaid.
public struct FirmwareFloor: Equatable, Sendable {
    /// By part; never 0, which every machine reaches.
    public let parts: [TCBPart: UInt8]
    public let firmware: FirmwareVersion?
    /// Bits that must be set; never 0.
    public let mitigations: UInt64?

    static let none = FirmwareFloor(parts: [:], firmware: nil, mitigations: nil)

    var isEmpty: Bool { self == .none }
}

/// A part of a TCB version.
public enum TCBPart: String, CaseIterable, Hashable, Sendable {
    case fmc, bootLoader, tee, snp, microcode

    /// As AMD writes it.
    var title: String {
        switch self {
        case .fmc: "FMC"
        case .bootLoader: "boot loader"
        case .tee: "TEE"
        case .snp: "SNP"
        case .microcode: "microcode"
        }
    }

    func value(of version: TCBVersion) -> UInt8 {
        switch self {
        case .fmc: version.fmc ?? 0
        case .bootLoader: version.bootLoader
        case .tee: version.tee
        case .snp: version.snp
        case .microcode: version.microcode
        }
    }
}

/// An image that is no longer accepted, whatever a manifest says.
public struct RefusedMeasurement: Hashable, Sendable {
    public let measurement: FixedBytes<48>
    public let reason: String
}
