internal import Formats
internal import Keys
internal import Primitives

// Who takes part, what they agree to, and who can learn what.

extension Explanation {
    static func learning(_ manifest: Manifest, _ reachability: Reachability, _ voice: Voice) -> [Statement] {
        let sources = reachability.sources
        let participants = readerFirst(manifest, voice).map(\.name)
        var statements: [Statement] = [
            .notice(
                "The code decides what flows along the ways that are granted. This program has not read the code and "
                    + "does not judge it: whatever a component is given, it may put into what leaves.")
        ]
        if let reader = voice.reader { statements.append(.notice("You are \(reader).")) }
        let ends =
            manifest.limits.runs == 1
            ? "Everyone learns whether the results were released, which is 1 bit."
            : "Everyone learns of each run whether its results were released, which is at most "
                + "\(bits(Capacity.bit * manifest.limits.runs)) in all runs."
        statements.append(.notice(ends))
        statements += participants.map { lesson(for: $0, from: sources[$0] ?? [], reachability, in: manifest, voice) }
        let readers = Set(participants.filter { !manifest.readings(of: $0).isEmpty })
        if readers.count > 1 {
            let all = Set(readers.flatMap(manifest.readings))
            let total = bits(reachability.capacity(of: Array(all)))
            statements.append(
                .notice("All who receive something can learn at most \(total) together\(manifest.inAllRuns)."))
        }
        statements.append(
            .notice(
                "Whoever can reach the machine sees when each of its stages begins. Its host also sees the size of "
                    + "each submission, and how long the run takes."))
        return statements
    }

    /// Who reads looks for their own name first.
    private static func readerFirst(_ manifest: Manifest, _ voice: Voice) -> [Participant] {
        var participants = manifest.participants
        if let own = participants.firstIndex(where: { $0.name == voice.reader }) {
            participants.insert(participants.remove(at: own), at: 0)
        }
        return participants
    }

    static func shares(
        of manifest: Manifest, _ reachability: Reachability, _ reach: [[Statement]], _ voice: Voice
    ) -> [Share] {
        let sources = reachability.sources
        return readerFirst(manifest, voice).map { participant in
            let name = participant.name
            let own = zip(reachability.disclosures, reach).filter { $0.0.provider == .participant(name) }.flatMap(\.1)
            return Share(
                participant: name, isReader: name == voice.reader,
                statements: Self.participant(participant, in: manifest, voice)
                    + [lesson(for: name, from: sources[name] ?? [], reachability, in: manifest, voice)]
                    + own)
        }
    }

    private static func lesson(
        for participant: Name, from sources: [Disclosure], _ reachability: Reachability, in manifest: Manifest,
        _ voice: Voice
    ) -> Statement {
        let readings = manifest.readings(of: participant)
        guard !readings.isEmpty else {
            return .notice(
                voice.subject(participant, "receive", "receives") + " no output and "
                    + (participant == voice.reader ? "learn" : "learns") + " nothing else.")
        }
        let names = Listing(readings, title: "what \(voice.object(participant)) can read")
        let total = bits(reachability.capacity(of: readings))
        let isToldFirst = !manifest.receives(participant)
        var text =
            voice.subject(participant, isToldFirst ? "see" : "receive", isToldFirst ? "sees" : "receives")
            + " \(names.text), which can tell at most \(total)" + (readings.count == 1 ? "" : " together")
            + manifest.inAllRuns
        let others = sources.filter { $0.provider != .participant(participant) }
        let data = others.filter { $0.kind == .data }.map(\.source)
        let code = others.filter { $0.kind == .component }.map(\.source)
        let pronoun = readings.count == 1 ? "it" : "them"
        if !data.isEmpty {
            text += ", and can learn from \(pronoun) what the code lets out of \(Listing(data, title: "").text)"
        }
        if !code.isEmpty {
            text += data.isEmpty ? ", and can learn from \(pronoun)" : "; beside that,"
            text += " how \(Listing(code, title: "").text) \(code.count == 1 ? "behaves" : "behave")"
        }
        return .notice(text + ".", details: names.details)
    }

    static func disclosure(
        _ disclosure: Disclosure, _ reachability: Reachability, in manifest: Manifest, _ voice: Voice
    ) -> [Statement] {
        let reach = reach(of: disclosure, reachability, in: manifest, voice)
        guard disclosure.kind == .data else { return [reach] }
        let providers = Dictionary(manifest.components.map { ($0.name, $0.provider) }) { first, _ in first }
        func code(_ names: [Name]) -> String {
            let owned = names.map { name in
                providers[name].map { "\(name) (\(voice.possessive($0)) code)" } ?? name.description
            }
            return Listing(owned, title: "").text
        }
        let isAll = disclosure.readers.count + disclosure.reached.count == manifest.components.count
        let (readers, reached) = (code(disclosure.readers), disclosure.reached.count)
        let rest =
            switch reached {
            case 0: "No other code can get anything of it."
            case 9... where isAll: "What that passes on can come to all \(grouped(reached)) other components."
            default: "What that passes on can come to \(code(disclosure.reached))."
            }
        return [reach, .notice("\(disclosure.source) is read by \(readers). \(rest)")]
    }

    private static func reach(
        of disclosure: Disclosure, _ reachability: Reachability, in manifest: Manifest, _ voice: Voice
    ) -> Statement {
        let others = disclosure.learners.filter { .participant($0) != disclosure.provider }
        let owner = voice.isReader(disclosure.provider) ? "your " : ""
        let subject =
            switch disclosure.kind {
            case .data: "What the code lets out of \(owner)\(disclosure.source)"
            case .component: "The behaviour of \(owner)\(disclosure.source)"
            }
        guard !others.isEmpty else {
            return .notice("\(subject) can reach nobody but its provider, \(voice.object(disclosure.provider)).")
        }
        let routes = disclosure.routes.map { route in
            var steps = route.steps.map(\.description)
            if route.omittedCount > 0 { steps.insert("(\(route.omittedCount) more)", at: Route.shownCount) }
            let learners = Listing(route.learners.map(voice.object), title: "").text
            let told = bits(reachability.capacities[route.output] ?? .none)
            return steps.joined(separator: " → ") + " → \(learners), at most \(told)"
        }
        let together = bits(disclosure.together) + (others.count == 1 ? "" : " to all of them together")
        let isAll = others.count > 8 && others.count + 1 == manifest.participants.count
        let named = Listing(others.map(voice.object), title: "").text
        return .notice(
            "\(subject) can reach \(isAll ? "all \(others.count) other participants" : named), at most \(together):",
            lines: routes.map { .value($0) })
    }

    static func agreement(_ document: ManifestDocument, _ voice: Voice) -> [Statement] {
        let manifest = document.manifest
        var statements: [Statement] = [
            .notice(
                "The name is \(manifest.name), the digest \(manifest.digest.prefixed).",
                details: [.value("The salt, which keeps the digest from being guessed: \(manifest.salt)")]),
            .notice(
                "To compare the digest by telephone, read these words to each other:",
                lines: [.value(manifest.digest.words(10))]),
            .notice(
                "Its purpose in the proposer's words. Nothing holds the code to them:",
                lines: [.quote(label: nil, manifest.purpose)]),
        ]
        if document.signers.isEmpty {
            statements.append(.notice("Nobody has signed yet; this is a draft."))
        } else {
            statements.append(.notice("Signed by \(listed(document.signers.map(voice.object)))."))
        }
        if !document.signers.isEmpty, !document.missingSigners.isEmpty {
            statements.append(.notice("Not yet signed by \(listed(document.missingSigners.map(voice.object)))."))
        }
        return statements
    }

    static func participant(
        _ participant: Participant, in manifest: Manifest, _ voice: Voice
    ) -> [Statement] {
        let name = participant.name
        let (brings, receives) = name == voice.reader ? ("bring", "receive") : ("brings", "receives")
        let data = manifest.data.filter { $0.provider == .participant(name) }
        let lists: [(String, String, [Name])] = [
            ("\(brings) the code", "components", manifest.components.filter { $0.provider == name }.map(\.name)),
            ("\(brings) the data", "data entries", data.map(\.name)),
            (receives, "outputs", manifest.outputs.filter { $0.participants.contains(name) }.map(\.name)),
        ]
        var parts: [String] = []
        var details: [Statement.Line] = []
        for (words, title, names) in lists where !names.isEmpty {
            let listing = Listing(names, title: title)
            parts.append("\(words) \(listing.text)")
            details += listing.details
        }
        if parts.isEmpty {
            parts.append("\(brings) nothing and \(receives) nothing; a signature is all that is wanted")
        }
        let subject = name == voice.reader ? "You" : name.description
        return [
            .notice("\(subject) \(parts.joined(separator: ", and ")).", details: details),
            key(of: participant, voice),
        ]
    }

    /// Whose key it is, as far as the reader's address book knows.
    package static func key(of participant: Participant, _ voice: Voice) -> Statement {
        let owner = participant.name == voice.reader ? "Your" : "\(participant.name)'s"
        let key = "\(owner) key \(participant.signingKey.fingerprint)"
        let sealing = SHA256Digest(sha256: participant.sealingKey.rawRepresentation.bytes)
        let details: [Statement.Line] = [
            .value("\(owner) signing key: \(participant.signingKey.didKey)"),
            .value("\(owner) sealing key has the SHA-256 \(sealing.prefixed)"),
        ]
        let (severity, text): (Severity, String) =
            switch voice.addressBook.standing(of: participant) {
            case .trusted: (.notice, "\(key) is in your address book.")
            case .unknown: (.warning, "\(key) is not in your address book: whose it is, nobody has told you.")
            case .contradicted(let known): (.danger, "\(key) is not the one that you know, \(known.fingerprint).")
            }
        return Statement(text: text, severity: severity, lines: [], details: details)
    }
}
