package import ArgumentParser

/// One's own keys, and whose keys one trusts.
package var keyCommands: [any ParsableCommand.Type] {
    [KeyCommand.self]
}

/// What is shown to whom, and judged by which rules, in the order of `--help`.
package var evidenceCommands: [any ParsableCommand.Type] {
    [EvidenceCommand.self, PolicyCommand.self]
}
