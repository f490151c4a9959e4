package import Commitments
package import Primitives

// What outputs and data of a draft may be.

extension Draft {
    /// Of an output for which nobody gave another bound.
    package static let maximumOutputBytes = 1 << 20

    /// Outputs for which nobody has said what they may be.
    package var unformed: [Name] { (names["output"] ?? []).filter { grants.formats[$0.description] == nil } }

    /// - Parameter texts: one, a file or `any`.
    package func forming(_ texts: [String], _ output: Name) throws(CommandFailure) -> Draft {
        var draft = self
        draft.grants.formats[output.description] = try DraftGrants.format(texts.first ?? "")
        return draft
    }

    /// An entry of data or outputs with its format, how often it is brought, and who decides on it.
    package func formed(_ entry: JSONValue) -> JSONValue {
        guard case .object(let members) = entry, case .string(let name)? = members.first?.value else { return entry }
        let more: [(String, JSONValue?)] = [
            ("format", grants.formats[name]), ("per", grants.perRun.contains(name) ? "run" : nil),
            ("approval", grants.approvals[name]),
        ]
        return .object(members + more.compactMap { key, value in value.map { JSONMember(key, $0) } })
    }
}
