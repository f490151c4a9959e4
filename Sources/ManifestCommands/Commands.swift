package import ArgumentParser

/// What one does before a session, in the order of `--help`.
package var manifestCommands: [any ParsableCommand.Type] {
    [ManifestCommand.self, DataCommand.self, ComponentCommand.self, RuntimeCommand.self, Run.self]
}
