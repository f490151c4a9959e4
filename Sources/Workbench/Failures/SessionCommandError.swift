package import Commitments

/// What the commands of a session refuse by themselves.
package enum SessionCommandError: Error, Equatable {
    case contraindicated
    case notLocked
    case unknownName(String, [Name])
    case otherKeys(Name)
    case nothingToSubmit
    case twoManners
    case anothersSlot(Name, of: End)
    case severalToSeal([Name])
    case notAQuestion(Name)
    /// By its words.
    case otherSession(String)
}

extension SessionCommandError: CommandFault {
    package var status: ExitStatus { .refused }

    package var code: String {
        switch self {
        case .contraindicated: "appraisal.contraindicated"
        case .notLocked: "session.unlocked"
        case .unknownName: "participant.unknown"
        case .otherKeys: "participant.keys"
        case .nothingToSubmit: "submission.nothing"
        case .twoManners: "submission.manner"
        case .anothersSlot: "submission.slot"
        case .severalToSeal: "submission.several"
        case .notAQuestion: "submission.question"
        case .otherSession: "session.other"
        }
    }

    package var message: String {
        switch self {
        case .contraindicated: "the evidence does not meet what the manifest demands"
        case .notLocked: "the session has no manifest yet"
        case .unknownName(let name, _): "\(name) is no participant of this manifest"
        case .otherKeys(let name): "these are not the keys that the manifest has for \(name)"
        case .nothingToSubmit: "nothing was named to submit"
        case .twoManners: "a sealed stream goes by itself, without files beside it"
        case .anothersSlot(let slot, let provider): "\(slot) is \(provider)'s to submit"
        case .notAQuestion(let slot): "\(slot) is brought once for all runs"
        case .otherSession(let words): "the machine answers for session \(words), and for no other"
        case .severalToSeal(let slots):
            "one sealed file fills one slot, and \(slots.map(\.description).joined(separator: ", ")) are \(slots.count)"
        }
    }

    package var hint: String? {
        switch self {
        case .contraindicated: "each line marked !! above is a reason not to trust it; nothing was sent or kept"
        case .notLocked: "any participant locks it with `2cvm lock`"
        case .unknownName(let name, let names): Suggestion(for: name, among: names.map(\.description)).text
        case .severalToSeal: "run `2cvm seal` once for each"
        case .notAQuestion: "bring it with `2cvm submit`"
        case .otherSession: "attest it, and compare its words with the other participants again"
        case .nothingToSubmit: "add --component NAME=FILE or --data NAME=FILE"
        case .otherKeys, .twoManners, .anothersSlot: nil
        }
    }
}
