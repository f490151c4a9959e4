internal import Commitments
public import Primitives

/// A verifier's own dated rules. They narrow what a manifest allows and never widen it: there is no
/// key that could.
public struct VerifierPolicy: Equatable, Sendable {
    /// When the rules were written. `nil` only in ``none``.
    public let date: Timestamp?
    public let refusedMeasurements: [RefusedMeasurement]
    public let floors: [ProcessorFloor]
    /// What becomes of a processor that no floor is for. `nil` only in ``none``, which has no floors to miss.
    public let unlistedProcessors: Unlisted?
    public let earliestEngine: EngineVersion?

    /// Whether a processor without a floor is taken; then each appraisal lists it as waived.
    public enum Unlisted: String, CaseIterable, Hashable, Sendable {
        case refused, allowed
    }

    /// No rules beside the manifest's.
    public static let none = VerifierPolicy(
        date: nil, refusedMeasurements: [], floors: [], unlistedProcessors: nil, earliestEngine: nil)

    init(
        date: Timestamp?, refusedMeasurements: [RefusedMeasurement], floors: [ProcessorFloor],
        unlistedProcessors: Unlisted?, earliestEngine: EngineVersion?
    ) {
        self.date = date
        self.refusedMeasurements = refusedMeasurements
        self.floors = floors
        self.unlistedProcessors = unlistedProcessors
        self.earliestEngine = earliestEngine
    }

    /// What the policy has against an engine. Evidence does not name one; a receipt does.
    public func findings(onEngine version: EngineVersion) -> [Finding] {
        guard let earliestEngine, version < earliestEngine else { return [] }
        return [Finding(.policyEngine, expected: "\(earliestEngine) or later", found: "\(version)")]
    }
}

/// An image that is no longer accepted, whatever a manifest says.
public struct RefusedMeasurement: Hashable, Sendable {
    public let measurement: FixedBytes<48>
    public let reason: String
}

/// The least TCB of one sort of processor.
public struct ProcessorFloor: Hashable, Sendable {
    public let family: UInt8
    public let model: UInt8
    /// `nil` stands for every stepping.
    public let stepping: UInt8?
    public let minimum: TCBVersion
    public let aliasCheck: AliasCheck
    /// The bulletins that the figures come from.
    public let sources: [String]
    /// Whether the figures were compared with the bulletins themselves.
    public let isConfirmed: Bool

    /// Whether PLATFORM_INFO must say that memory was searched for aliases (AMD-SB-3015, BadRAM).
    public enum AliasCheck: String, CaseIterable, Hashable, Sendable {
        case required, any
    }

    func covers(_ processor: Processor) -> Bool {
        family == processor.family && model == processor.model && (stepping ?? processor.stepping) == processor.stepping
    }

    var product: SEVProduct? { Processor(family: family, model: model, stepping: stepping ?? 0).product }
}

/// An engine's version, such as `50.0.1`.
public struct EngineVersion: Hashable, Sendable {
    public let major: UInt16
    public let minor: UInt16
    public let patch: UInt16

    /// Parses three decimal numbers without leading zeros.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part -> UInt16? in
            guard let number = UInt16(part), String(number) == part else { return nil }
            return number
        }
        guard parts.count == 3, numbers.count == 3 else { return nil }
        (major, minor, patch) = (numbers[0], numbers[1], numbers[2])
    }
}

extension EngineVersion: Comparable, CustomStringConvertible {
    /// Older first: major, minor, patch.
    public static func < (left: EngineVersion, right: EngineVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }

    public var description: String { "\(major).\(minor).\(patch)" }
}
