public import Commitments
public import Primitives

/// A rule that values of a plan break together, each of them well formed.
public enum PlanRule: Equatable, Sendable {
    /// Participants, platforms and sessions share one set of names.
    case nameRepeated(Name)
    case sessionUnknown(Name)
    case platformUnknown(Name)
    case platformUnused(Name)
    case kindsDiffer(Name, Name)
    /// Each session has a manifest of its own.
    case manifestRepeated(by: Name)
    case flowRepeated(output: Name, of: Name, to: Name)
    case slotFedTwice(Name, of: Name)
    case flowCycle([Name])

    // What a plan and its manifests break together.
    case manifestMissing(Name)
    case manifestStray(Name)
    case manifestDiffers(Name, found: SHA256Digest)
    case saltRepeated(Name, like: Name?)
    case outputUnknown(Name, of: Name)
    case outputNotFor(Name, of: Name, receiver: Name)
    case outputUnsent(Name, of: Name, receiver: Name)
    case dataUnknown(Name, of: Name)
    case dataNotFrom(Name, of: Name, sender: Name)
    case dataUnfed(Name, of: Name, sender: Name)
    case outputTooLarge(Name, found: Int, maximum: Int)
    case formatsDiffer(output: Name, data: Name)
    /// Two attempts could differ.
    case retriesDiffer(Name, because: Unsteadiness)

    /// What makes two runs of one session differ.
    public enum Unsteadiness: Equatable, Sendable {
        case clock(Name, of: Name)
        case randomness(Name, of: Name)
        case approval(Name, of: Name)
    }
}

extension PlanRule {
    var code: String {
        switch self {
        case .nameRepeated: "name.repeated"
        case .sessionUnknown: "session.unknown"
        case .platformUnknown: "platform.unknown"
        case .platformUnused: "platform.unused"
        case .kindsDiffer: "platform.kind"
        case .manifestRepeated: "manifest.repeated"
        case .flowRepeated: "flow.repeated"
        case .slotFedTwice: "flow.data"
        case .flowCycle: "flow.cycle"
        case .manifestMissing: "manifest.missing"
        case .manifestStray: "manifest.stray"
        case .manifestDiffers: "manifest.differs"
        case .saltRepeated: "manifest.salt"
        case .outputUnknown, .dataUnknown: "flow.end.unknown"
        case .outputNotFor, .dataNotFrom: "flow.end.other"
        case .outputUnsent, .dataUnfed: "flow.missing"
        case .outputTooLarge: "flow.size"
        case .formatsDiffer: "flow.format"
        case .retriesDiffer: "session.attempts"
        }
    }

    var message: String {
        switch self {
        case .nameRepeated(let name): "\(name) is already the name of another entry"
        case .sessionUnknown(let name): "there is no session named \(name)"
        case .platformUnknown(let name): "there is no platform named \(name)"
        case .platformUnused(let name): "no session runs on \(name)"
        case .kindsDiffer(let name, let other): "\(name) and \(other) are of two kinds"
        case .manifestRepeated(let name): "the manifest is that of \(name) already"
        case .flowRepeated(let output, let session, let receiver):
            "\(output) of \(session) flows to \(receiver) already"
        case .slotFedTwice(let data, let session): "\(data) of \(session) is filled by another flow already"
        case .flowCycle(let names): "the flows form a cycle: " + names.map(\.description).joined(separator: " → ")
        case .manifestMissing(let session): "the manifest of \(session) is not here"
        case .manifestStray(let name): "a manifest is named \(name), and no session is"
        case .manifestDiffers(let session, let found): "the manifest of \(session) is another: \(found.prefixed)"
        case .saltRepeated(let session, nil): "the manifest of \(session) has the salt of the plan"
        case .saltRepeated(let session, let other?): "the manifests of \(session) and \(other) have one salt"
        case .outputUnknown(let output, let session): "\(session) has no output named \(output)"
        case .outputNotFor(let output, let session, let receiver):
            "the manifest of \(session) does not name \(receiver) among the recipients of \(output)"
        case .outputUnsent(let output, let session, let receiver):
            "\(output) of \(session) is for the session \(receiver), and no flow takes it there"
        case .dataUnknown(let data, let session): "\(session) has no data named \(data)"
        case .dataNotFrom(let data, let session, let sender):
            "the manifest of \(session) does not name \(sender) as the provider of \(data)"
        case .dataUnfed(let data, let session, let sender):
            "\(data) of \(session) comes from the session \(sender), and no flow brings it"
        case .outputTooLarge(let output, let found, let maximum):
            "\(output) may have \(grouped(found)) bytes, and the slot that it fills takes \(grouped(maximum))"
        case .formatsDiffer(let output, let data): "\(output) is of another format than \(data), which it fills"
        case .retriesDiffer(let session, let cause):
            "\(session) has several attempts, which could differ: \(cause.words)"
        }
    }

    var hint: String? {
        switch self {
        case .platformUnused: "remove the platform, or name it in a session"
        case .kindsDiffer: "all platforms of a plan are \"sev-snp\", or all are \"simulated\""
        case .manifestRepeated, .saltRepeated: "give each session a manifest with a salt of its own"
        case .manifestMissing(let session): "put the file \(session).json beside the others, in the folder manifests"
        case .manifestStray: "remove the file, or give the manifest the name of its session"
        case .manifestDiffers: "`2cvm plan check` says which digest the plan names; ask the proposer for that file"
        case .outputNotFor(_, _, let receiver):
            "add {\"session\": \"\(receiver)\"} to its recipients, or remove the flow"
        case .dataNotFrom(_, _, let sender): "make {\"session\": \"\(sender)\"} its provider, or remove the flow"
        case .outputUnsent, .dataUnfed: "add the flow, or name a participant there"
        case .outputTooLarge: "give the data the output's maximumBytes, or more"
        case .formatsDiffer: "give the data the output's format, or none"
        case .retriesDiffer: "set \"attempts\" to 1, or make every session from there on repeatable"
        default: nil
        }
    }
}

extension PlanRule.Unsteadiness {
    fileprivate var words: String {
        switch self {
        case .clock(let component, let session): "\(component) of \(session) sees the host's clock"
        case .randomness(let component, let session): "\(component) of \(session) gets real randomness"
        case .approval(let output, let session): "people decide on \(output) of \(session)"
        }
    }
}
