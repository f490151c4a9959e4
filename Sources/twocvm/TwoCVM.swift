import ArgumentParser

@main
struct TwoCVM: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "2cvm",
        abstract: "Compute with others inside a confidential VM, on terms that everyone can check.")
}
