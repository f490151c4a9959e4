internal import Formats
internal import Keys
internal import Primitives

// Who learns more, who takes part, what runs, what is brought and what leaves.

extension Consequences {
    mutating func learning() {
        let (old, new) = (Reachability(of: before).sources, Reachability(of: after).sources)
        func unknown(_ name: Name, _ here: [Name: [Disclosure]], _ there: [Name: [Disclosure]]) -> [Disclosure] {
            let known = Set((there[name] ?? []).filter { $0.provider != .participant(name) }.map(\.source))
            return (here[name] ?? []).filter { $0.provider != .participant(name) && !known.contains($0.source) }
        }
        for name in after.participants.map(\.name) {
            let words = Self.words(for: unknown(name, new, old))
            if let words { add(.learning, .warning("\(name) can now learn \(words).")) }
        }
        for name in before.participants.map(\.name) {
            let words = Self.words(for: unknown(name, old, new))
            if let words { add(.stricter, .notice("\(name) can no longer learn \(words).")) }
        }
    }

    private static func words(for sources: [Disclosure]) -> String? {
        let data = sources.filter { $0.kind == .data }.map(\.source)
        let code = sources.filter { $0.kind == .component }.map(\.source)
        var parts: [String] = []
        if !data.isEmpty { parts.append("what the code lets out of \(Listing(data, title: "").text)") }
        if !code.isEmpty {
            parts.append("how \(Listing(code, title: "").text) \(code.count == 1 ? "behaves" : "behave")")
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", and ")
    }

    mutating func participants() {
        let pairs = paired(before.participants, after.participants, by: \.name)
        for participant in pairs.new {
            let text = "\(participant.name) takes part now, with the key \(participant.signingKey.fingerprint)."
            add(.people, .warning(text), at: "participants[\(participant.name)]")
        }
        for participant in pairs.gone {
            add(
                .people, .warning("\(participant.name) no longer takes part, and need not sign."),
                at: "participants[\(participant.name)]")
        }
        for (old, new) in pairs.both {
            let place = "participants[\(new.name)]"
            if old.signingKey != new.signingKey {
                let keys = "\(new.signingKey.fingerprint) instead of \(old.signingKey.fingerprint)"
                add(.people, .danger("\(new.name) signs with another key: \(keys)."), at: "\(place).signingKey")
            }
            if old.sealingKey != new.sealingKey {
                add(
                    .people, .danger("What goes to \(new.name) is sealed to another key."), at: "\(place).sealingKey")
            }
        }
    }

    mutating func components() {
        let pairs = paired(before.components, after.components, by: \.name)
        for component in pairs.new {
            add(
                .content,
                .warning(
                    "\(component.name) is new code, brought by \(component.provider), with the digest "
                        + "\(component.digest.prefixed)."), at: "components[\(component.name)]")
        }
        for component in pairs.gone {
            add(.content, .notice("\(component.name) no longer runs."), at: "components[\(component.name)]")
        }
        for (old, new) in pairs.both { component(from: old, to: new, at: "components[\(new.name)]") }
        if before.run != after.run {
            add(
                .content,
                .warning(
                    "The run calls \(after.run.export) of \(after.run.component) instead of \(before.run.export) of "
                        + "\(before.run.component)."), at: "run")
        }
    }

    private mutating func component(from old: Component, to new: Component, at place: String) {
        let name = new.name
        if old.digest != new.digest {
            add(
                .content,
                .warning(
                    "\(name) is other code: it has the digest \(new.digest.prefixed) instead of "
                        + "\(old.digest.prefixed)."), at: "\(place).digest")
        }
        provider(of: name, from: old.provider, to: new.provider, at: "\(place).provider")
        bound(
            "\(place).maximumBytes", "\(name)'s file may have", size(old.maximumBytes), size(new.maximumBytes),
            grew: grew(old.maximumBytes, new.maximumBytes))
        bound(
            "\(place).memoryMiB", "\(name) may use", size(old.memoryMiB << 20),
            size(new.memoryMiB << 20) + " of memory",
            grew: grew(old.memoryMiB, new.memoryMiB))
        bound(
            "\(place).temporaryMiB", "\(name) may use", size((old.temporaryMiB ?? 0) << 20),
            size((new.temporaryMiB ?? 0) << 20) + " of temporary files",
            grew: grew(old.temporaryMiB ?? 0, new.temporaryMiB ?? 0))
        if old.mayThrow != new.mayThrow {
            let text = "\(name) may \(new.mayThrow ? "use exceptions" : "no longer use exceptions")."
            add(
                new.mayThrow ? .wider : .stricter, new.mayThrow ? .warning(text) : .notice(text),
                at: "\(place).features")
        }
        for name in new.imports where !old.imports.contains(name) {
            add(.wider, .warning("\(new.name) may import \(name)."), at: "\(place).imports[\(name)]")
        }
        for name in old.imports where !new.imports.contains(name) {
            add(.stricter, .notice("\(new.name) may no longer import \(name)."), at: "\(place).imports[\(name)]")
        }
        if old.clock != new.clock {
            let isReal = new.clock == .real
            let text = "\(name) sees \(isReal ? "the host's clock" : "a virtual clock instead of the host's")."
            add(isReal ? .wider : .stricter, isReal ? .warning(text) : .notice(text), at: "\(place).clock")
        }
        if new.randomness == .repeatable, old.randomness != .repeatable {
            add(
                .weaker, .danger("\(name) gets randomness that every participant can compute."),
                at: "\(place).randomness")
        }
        if old.source != new.source {
            add(
                .other,
                .notice(
                    new.source == nil
                        ? "\(name) has no claim of its source any more." : "\(name)'s source is claimed to be:",
                    lines: new.source?.lines ?? []), at: "\(place).source")
        }
    }

    private mutating func provider<Owner: Equatable>(
        of name: Name, from old: Owner, to new: Owner, at place: String
    ) {
        guard old != new else { return }
        add(.content, .warning("\(new) brings \(name) instead of \(old)."), at: place)
    }

    mutating func data() {
        let pairs = paired(before.data, after.data, by: \.name)
        for entry in pairs.new {
            add(
                .content, .warning("\(entry.name) is new data, brought by \(entry.provider)."),
                at: "data[\(entry.name)]")
        }
        for entry in pairs.gone {
            add(.content, .notice("\(entry.name) is no longer brought."), at: "data[\(entry.name)]")
        }
        for (old, new) in pairs.both {
            let (name, place) = (new.name, "data[\(new.name)]")
            provider(of: name, from: old.provider, to: new.provider, at: "\(place).provider")
            bound(
                "\(place).maximumBytes", "\(name) may have", size(old.maximumBytes), size(new.maximumBytes),
                grew: grew(old.maximumBytes, new.maximumBytes))
            approval(of: name, from: old.approval, to: new.approval, at: "\(place).approval")
            if old.period != new.period {
                let isPerRun = new.period == .run
                let text = "\(name) is brought \(isPerRun ? "for each run anew" : "once for all runs")."
                add(isPerRun ? .wider : .stricter, isPerRun ? .warning(text) : .notice(text), at: "\(place).per")
            }
            switch (old.commitment, new.commitment) {
            case (.fixed, .any):
                add(
                    .wider, .warning("\(name) is not pinned any more: any content is taken."), at: "\(place).commitment"
                )
            case (.any, .fixed(let digest)):
                add(.stricter, .notice("\(name) is pinned now, to \(digest.prefixed)."), at: "\(place).commitment")
            case (.fixed(let old), .fixed(let new)) where old != new:
                add(
                    .content,
                    .warning("\(name) is pinned to other content: \(new.prefixed) instead of \(old.prefixed)."),
                    at: "\(place).commitment")
            default: break
            }
        }
    }

    mutating func outputs() {
        let pairs = paired(before.outputs, after.outputs, by: \.name)
        for output in pairs.new {
            add(
                .learning,
                .warning(
                    "\(output.name) is a new output: at most \(bits(output.gate.count.capacity)) go to "
                        + "\(Listing(output.recipients, title: "").text)."), at: "outputs[\(output.name)]")
        }
        for output in pairs.gone {
            add(.stricter, .notice("\(output.name) no longer leaves."), at: "outputs[\(output.name)]")
        }
        for (old, new) in pairs.both {
            let (name, place) = (new.name, "outputs[\(new.name)]")
            for recipient in new.recipients where !old.recipients.contains(recipient) {
                add(
                    .learning, .warning("\(recipient) receives \(name) now."),
                    at: "\(place).recipients[\(recipient.step)]")
            }
            for recipient in old.recipients where !new.recipients.contains(recipient) {
                add(
                    .stricter, .notice("\(recipient) no longer receives \(name)."),
                    at: "\(place).recipients[\(recipient.step)]")
            }
            bound(
                "\(place).maximumBytes", "\(name) may have", size(old.maximumBytes), size(new.maximumBytes),
                grew: grew(old.maximumBytes, new.maximumBytes))
            gate(of: name, from: old.gate, to: new.gate, at: place)
            approval(of: name, from: old.approval, to: new.approval, at: "\(place).approval")
        }
    }

    mutating func channels() {
        func sentence(_ channel: Channel, _ manifest: Manifest) -> String {
            Explanation.channel(channel, in: manifest, Voice(reader: nil)).text
        }
        let (old, new) = (Set(before.channels), Set(after.channels))
        for channel in after.channels where !old.contains(channel) {
            add(.wider, .warning("New: \(sentence(channel, after))"), at: "channels")
        }
        for channel in before.channels where !new.contains(channel) {
            add(.stricter, .notice("Gone: \(sentence(channel, before))"), at: "channels")
        }
    }

    mutating func limits() {
        for limit in Limits.bounds {
            let (old, new) = (before.limits[keyPath: limit.value], after.limits[keyPath: limit.value])
            bound(
                "limits.\(limit.key)", limit.subject, limit.words(old),
                limit.noun.map { counted(new, $0) } ?? limit.words(new), grew: grew(old, new))
        }
    }

    /// Who decided and who decides.
    mutating func approval(of name: Name, from old: Approval?, to new: Approval?, at place: String) {
        for approver in old?.approvers ?? [] where new?.approvers.contains(approver) != true {
            add(
                .wider, .warning("\(approver) no longer decides on \(name)."), at: "\(place).by[\(approver)]", place)
        }
        for approver in new?.approvers ?? [] where old?.approvers.contains(approver) != true {
            add(
                .learning, .warning("\(approver) can read \(name) and decides on it now."),
                at: "\(place).by[\(approver)]", place)
        }
        guard let old, let new else { return }
        bound(
            "\(place).seconds", "Answers on \(name) may take", duration(old.seconds), duration(new.seconds),
            grew: grew(old.seconds, new.seconds))
    }
}

extension End {
    /// As ``ManifestDifference`` names it among others.
    fileprivate var step: String {
        switch self {
        case .participant(let name): name.description
        case .session(let name): "session \(name)"
        }
    }
}
