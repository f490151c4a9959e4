/// A verifier's own rules: any number of policy files, all of which count. Where two differ, the stricter one wins.
public struct VerifierPolicy: Equatable, Sendable {
    public let files: [PolicyFile]

    /// No rules beside the manifest's.
    public static let none = VerifierPolicy([])

    /// Composes files, in any order.
    public init(_ files: [PolicyFile]) {
        self.files = files
    }

    /// The newest file's; `nil` in ``none``.
    public var date: Timestamp? { files.map(\.date).max() }

    public var revocationNotBefore: Timestamp? { files.compactMap(\.revocationNotBefore).max() }

    public var earliestEngine: EngineVersion? { files.compactMap(\.earliestEngine).max() }

    /// What the policy has against an engine. Evidence does not name one; a receipt does.
    public func findings(onEngine version: EngineVersion) -> [Finding] {
        guard let earliestEngine, version < earliestEngine else { return [] }
        return [Finding(.policyEngine, expected: "\(earliestEngine) or later", found: "\(version)")]
    }
}
