package import ArgumentParser

/// What an operator does, in the order of `--help`.
package var machineCommands: [any ParsableCommand.Type] {
    [MeasureCommand.self, ImageCommand.self, Launch.self]
}
