import ArgumentParser
package import Commitments
package import Primitives
package import Workbench

// What commands on manifests have in common with those on plans.

/// What the marks before the lines of an explanation or a comparison mean, as help says it.
package let howToReadMarks = """
    Look twice at lines that begin with !, and ask for a reason for lines that begin with !!. Somebody else wrote the \
    lines that begin with |.
    """

/// Envelopes of the same terms, whose signatures become those of one.
package struct EnvelopesOptions<Terms: Agreement>: ParsableArguments where Terms.Fault: CommandFault {
    @Argument(help: "Envelopes, as `2cvm \(Terms.word) sign` writes them.", completion: .file(extensions: ["json"]))
    var envelopes: [String]

    @OptionGroup var output: OutputOption

    @Flag(help: "Print JSON.")
    var json = false

    package init() {}

    package func validate() throws {
        guard envelopes.count >= 2 else { throw ValidationError("expected at least two envelopes") }
    }

    /// Merges them, and writes `manifest.signed.json` unless another name was given.
    package func join() throws(CommandFailure) {
        let joined: SignedAgreement<Terms> = try joinedEnvelopes(envelopes)
        let path = try output.write(joined.encoded, unlessNamed: "\(Terms.word).signed.json")
        reportEnvelope(joined, path, json: json)
    }
}

/// How a comparison is shown.
package struct DifferenceOptions: ParsableArguments {
    @Flag(help: "Print each changed value with its place as well.")
    var paths = false

    @Flag(help: "Print JSON: the consequences, and each changed value.")
    var json = false

    package var isJSON: Bool { json }

    package init() {}

    /// Prints it for a machine, or for a person unless a page has it already.
    ///
    /// - Parameters:
    ///   - value: The comparison for machines.
    ///   - isWritten: Whether a page has it.
    ///   - text: The same for people: in colour or not, in so many columns, with places or not.
    package func show(_ value: JSONValue, unless isWritten: Bool = false, text: (Bool, Int, Bool) -> String) {
        if json { return printJSON(value) }
        if !isWritten { print(text(Screen.showsColour, Screen.columns, paths), terminator: "") }
    }
}
