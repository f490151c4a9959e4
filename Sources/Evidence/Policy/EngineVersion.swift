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
