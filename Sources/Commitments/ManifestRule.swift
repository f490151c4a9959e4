internal import Primitives

/// A rule that values break together, each of them well formed.
public enum ManifestRule: Equatable, Sendable {
    /// Participants, components, data and outputs share one set of names.
    case nameRepeated(Name)
    case keyRepeated(by: Name)
    case unknown(Entry, Name)
    case pathsOverlap(GuestPath, component: Name)
    case mountAmongOutputs
    /// `temporaryMiB` makes `/tmp` the component's own.
    case mountAmongTemporaryFiles(component: Name)
    /// The format of a table lies beside it.
    case mountAtFormat(of: Name, component: Name)
    case releaseOutsideOutputs
    case outputLeavesTwice(Name)
    case outputNeverLeaves(Name)
    case dataUnused(Name)
    case componentUnused(Name)
    case streamLoggedTwice(component: Name)
    case importMetTwice(String, component: Name)
    case linkCycle([Name])
    case httpImport(InterfaceName)
    case randomnessUndecided(Name)
    case randomnessUnneeded(Name)
    /// Each of several runs would be the same.
    case runsWithoutQuestions
    /// A session of a plan runs once, on what is there before.
    case runsInPlan
    case questionInPlan(Name)
    /// What a session will send is not known yet.
    case resultPinned(Name, of: Name)
    /// What is asked for each run anew is not known yet.
    case questionPinned(Name)
    /// Who approves reads it, and so it is text of lines that show themselves.
    case approvalOfWholeSession(Name)
    case approvalWithoutText(Name)
    case chipsWithoutKey(String)
    case keyWithoutChips(String)
    case mitigationsNeedVersion5
    /// A log is lines of text, or whatever was printed.
    case logFormat(Name)
    /// Noise is drawn from the salts of data.
    case noiseWithoutData(Name)

    /// The lists that a name can be in.
    public enum Entry: String, Sendable {
        case participant, component, data, output, session
    }
}

extension ManifestRule {
    var code: String {
        switch self {
        case .nameRepeated: "name.repeated"
        case .keyRepeated: "key.repeated"
        case .unknown(let entry, _): "\(entry.rawValue).unknown"
        case .pathsOverlap: "path.overlap"
        case .mountAmongOutputs, .mountAmongTemporaryFiles, .mountAtFormat, .releaseOutsideOutputs: "path.place"
        case .outputLeavesTwice: "output.repeated"
        case .outputNeverLeaves: "output.unused"
        case .dataUnused: "data.unused"
        case .componentUnused: "component.unused"
        case .streamLoggedTwice: "log.repeated"
        case .importMetTwice: "import.repeated"
        case .linkCycle: "link.cycle"
        case .httpImport: "import.http"
        case .randomnessUndecided, .randomnessUnneeded: "randomness"
        case .runsWithoutQuestions, .runsInPlan: "runs"
        case .questionPinned, .questionInPlan: "data.per"
        case .resultPinned: "data.commitment"
        case .approvalOfWholeSession, .approvalWithoutText: "data.approval"
        case .chipsWithoutKey, .keyWithoutChips: "platform.chips"
        case .mitigationsNeedVersion5: "platform.mitigations"
        case .logFormat: "log.format"
        case .noiseWithoutData: "noise.data"
        }
    }

    var message: String {
        switch self {
        case .nameRepeated(let name): "\(name) is already the name of another entry"
        case .keyRepeated(let name): "the key is \(name)'s already"
        case .unknown(let entry, let name): "there is no \(entry.rawValue) named \(name)"
        case .pathsOverlap(let path, let component): "the path overlaps \(path) in \(component)"
        case .mountAmongOutputs: "expected a path outside /output, which is for releases"
        case .mountAmongTemporaryFiles(let component):
            "expected a path outside /tmp, which holds the temporary files of \(component)"
        case .mountAtFormat(let data, let component):
            "\(component) finds the format of \(data) at this path, as the manifest has it"
        case .releaseOutsideOutputs: "expected a path inside /output"
        case .outputLeavesTwice(let name): "\(name) has a release or log already"
        case .outputNeverLeaves(let name): "\(name) has neither a release nor a log"
        case .dataUnused(let name): "\(name) is mounted nowhere"
        case .componentUnused(let name): "\(name) neither runs nor is linked to what runs"
        case .streamLoggedTwice(let component): "this stream of \(component) is logged already"
        case .importMetTwice(let name, let component): "\(component)'s import \(name) is met already"
        case .linkCycle(let names): "the links form a cycle: " + names.map(\.description).joined(separator: " → ")
        case .httpImport(let name): "\(name) reaches the network, which no component may"
        case .randomnessUndecided(let name): "\(name) imports wasi:random and does not say which randomness it gets"
        case .randomnessUnneeded(let name): "\(name) imports no wasi:random interface"
        case .runsWithoutQuestions: "each of several runs would be the same: no data is asked for each run"
        case .runsInPlan: "a session of a plan has one run"
        case .questionInPlan(let name): "\(name) is asked for each run, and a session of a plan has one"
        case .resultPinned(let name, let session):
            "\(name) comes from the session \(session), and is pinned to one content"
        case .questionPinned(let name): "\(name) is asked for each run, and pinned to one content"
        case .approvalOfWholeSession(let name): "\(name) has an approval, and is not asked for each run"
        case .approvalWithoutText(let name):
            "\(name) has an approval, and no format of text with at most 65,536 characters, 200 in a line"
        case .chipsWithoutKey(let key): "entries that only a \(key) can match, and \(key) is not among signingKeys"
        case .keyWithoutChips(let key): "no entry that a \(key) could match, and \(key) is among signingKeys"
        case .mitigationsNeedVersion5: "mitigation bits exist from report version 5 on"
        case .logFormat(let name): "\(name) is a log, whose format is text or any"
        case .noiseWithoutData(let name):
            "the noise of \(name) would be known to everybody: it is drawn from the salts of data, and there is none"
        }
    }

    var hint: String? {
        switch self {
        case .mountAmongTemporaryFiles: "choose another path, or remove the key \"temporaryMiB\""
        case .mountAtFormat: "remove this mount, or choose another path"
        case .outputNeverLeaves: "add a release or log channel, or remove the output"
        case .dataUnused: "add a mount channel, or remove the data"
        case .componentUnused: "add a link from a component that runs, or remove the component"
        case .randomnessUndecided:
            "add \"randomness\": \"real\", or \"repeatable\" for bytes that every participant can compute"
        case .randomnessUnneeded: "remove the key \"randomness\""
        case .httpImport: "remove the import, or build the component without an HTTP client"
        case .importMetTwice: "an interface is met by a link or listed among the imports, not both"
        case .keyWithoutChips(let key):
            key == "vlek" ? "list the provider as \"csp:…\", its CSP id in the VLEK" : "list CHIP_IDs of 128 digits"
        case .logFormat: "use a format such as {\"kind\": \"text\", \"maximumCharacters\": 4096}"
        case .runsWithoutQuestions: "set \"runs\" to 1, or give the question \"per\": \"run\""
        case .questionPinned: "set its commitment to \"any\", or remove the key \"per\""
        case .runsInPlan: "set \"runs\" to 1"
        case .questionInPlan: "remove the key \"per\""
        case .resultPinned: "set its commitment to \"any\""
        case .approvalOfWholeSession: "add \"per\": \"run\", or remove the key \"approval\""
        case .approvalWithoutText:
            "use a format such as {\"kind\": \"text\", \"maximumCharacters\": 4096, \"maximumLineCharacters\": 200}"
        case .noiseWithoutData: "remove the key \"noise\", or let a participant bring data"
        case .mitigationsNeedVersion5: "set reportVersion to 5, or mitigations to \"any\""
        case .keyRepeated: "each participant makes keys of their own with `2cvm key new`"
        default: nil
        }
    }
}
