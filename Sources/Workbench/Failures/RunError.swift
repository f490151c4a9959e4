package import Commitments
package import Formats

/// What is refused of the files that somebody names for a manifest's components and data.
package enum RunError: Error, Equatable {
    case missing(Name, String)
    case unknown(String, String, [Name])
    case twice(Name, String)
    case saltMissing(Name)
    case saltForm(Name)
    case tooLarge(Name, Int)
    case contentDiffers(Name)
    case formatDiffers(Name, Misfit)
    /// Data cannot be made up without a format.
    case formless(Name)
}

extension RunError: CommandFault {
    package var status: ExitStatus { .refused }

    package var code: String {
        switch self {
        case .missing: "run.argument.missing"
        case .unknown: "run.argument.unknown"
        case .twice: "run.argument.twice"
        case .saltMissing: "run.salt.missing"
        case .saltForm: "run.salt.form"
        case .tooLarge: "content.size"
        case .contentDiffers: "content.digest"
        case .formatDiffers: "content.format"
        case .formless: "run.stand-in.format"
        }
    }

    package var message: String {
        switch self {
        case .missing(let name, let option): "the manifest's \(Self.thing(option)) \(name) has no file"
        case .unknown(let text, let option, _): "\(option) \(text): the manifest has no \(Self.thing(option)) \(text)"
        case .twice(let name, let option): "\(option) is given twice for \(name)"
        case .saltMissing(let name): "the manifest pins \(name), and its commitment cannot be compared without a salt"
        case .saltForm(let name): "--salt \(name): expected 64 lowercase hexadecimal digits"
        case .tooLarge(let name, let maximum): "the manifest allows \(name) at most \(maximum) bytes, and this has more"
        case .contentDiffers(let name): "this is not the \(name) that the manifest pins"
        case .formless(let name): "the manifest does not say what \(name) is, so it cannot be made up"
        case .formatDiffers(let name, let misfit): "this is not of the format of \(name): \(misfit.message)"
        }
    }

    package var hint: String? {
        switch self {
        case .missing(let name, let option): "add \(option) \(name)=FILE"
        case .unknown(let text, _, let names): Suggestion(for: text, among: names.map(\.description)).text
        case .saltMissing(let name):
            "add --salt \(name)=HEX, or rehearse on other data with --stand-in \(name)=FILE"
        case .formless(let name): "give a file: --stand-in \(name)=FILE"
        case .formatDiffers(_, let misfit): misfit.hint ?? "bring data of the format that the manifest says"
        case .contentDiffers(let name):
            "bring the file that was committed to, with its salt; `2cvm run` also takes --stand-in \(name)=FILE"
        case .tooLarge(let name, _): "bring less, or raise maximumBytes of \(name) in a new manifest"
        case .twice, .saltForm: nil
        }
    }

    private static func thing(_ option: String) -> String { option == "--component" ? "component" : "data" }
}
