internal import Keys
internal import Primitives

/// A manifest in plain words, for the people who sign it.
public struct Explanation: Equatable, Sendable {
    public let sections: [Section]

    /// Statements under one title.
    public struct Section: Equatable, Sendable {
        public let title: String
        public let statements: [Statement]
    }

    /// One sentence, and how loudly it should be read.
    public struct Statement: Equatable, Sendable {
        public let text: String
        public let severity: Severity

        static func notice(_ text: String) -> Statement { Statement(text: text, severity: .notice) }
        static func warning(_ text: String) -> Statement { Statement(text: text, severity: .warning) }
        static func danger(_ text: String) -> Statement { Statement(text: text, severity: .danger) }
    }

    /// Explains `document` to somebody who knows the keys in `addressBook`.
    public init(of document: ManifestDocument, addressBook: AddressBook) {
        let manifest = document.manifest
        let reachability = Reachability(of: manifest)
        sections = [
            Section(title: "The agreement", statements: Self.agreement(document)),
            Section(
                title: "Who takes part",
                statements: manifest.participants.flatMap { Self.participant($0, in: manifest, addressBook) }),
            Section(title: "What runs", statements: Self.running(manifest)),
            Section(title: "What may flow", statements: manifest.channels.map { Self.channel($0, in: manifest) }),
            Section(
                title: "How far each thing can reach", statements: reachability.disclosures.flatMap(Self.disclosure)),
            Section(
                title: "Who can learn what",
                statements: manifest.participants.map { Self.lessons(for: $0.name, in: manifest, reachability) }
                    + [.notice("Everyone learns whether the run completed.")]),
            Section(title: "What the machine must prove", statements: Self.platform(manifest.platform)),
            Section(title: "Until when", statements: Self.limits(manifest.limits)),
        ]
    }

    /// Statements of one severity, over all sections.
    public func statements(of severity: Severity) -> [Statement] {
        sections.flatMap(\.statements).filter { $0.severity == severity }
    }
}

// MARK: - People

extension Explanation {
    private static func agreement(_ document: ManifestDocument) -> [Statement] {
        let manifest = document.manifest
        var statements: [Statement] = [
            .notice("The name is \(manifest.name), the digest \(manifest.digest.prefixed)."),
            .notice("Its purpose in the proposer's words: \(manifest.purpose)"),
        ]
        if document.signers.isEmpty {
            statements.append(.notice("Nobody has signed yet; this is a draft."))
        } else {
            statements.append(.notice("Signed by \(listed(document.signers))."))
        }
        if !document.signers.isEmpty, !document.missingSigners.isEmpty {
            statements.append(.notice("Not yet signed by \(listed(document.missingSigners))."))
        }
        return statements
    }

    private static func participant(
        _ participant: Participant, in manifest: Manifest, _ addressBook: AddressBook
    ) -> [Statement] {
        let name = participant.name
        let components = manifest.components.filter { $0.provider == name }.map(\.name)
        let data = manifest.data.filter { $0.provider == name }.map(\.name)
        let outputs = manifest.outputs.filter { $0.recipients.contains(name) }.map(\.name)
        var parts: [String] = []
        if !components.isEmpty { parts.append("brings the code \(listed(components))") }
        if !data.isEmpty { parts.append("brings the data \(listed(data))") }
        if !outputs.isEmpty { parts.append("receives \(listed(outputs))") }
        if parts.isEmpty { parts.append("brings nothing and receives nothing; it only has to sign") }
        return [.notice("\(name) \(parts.joined(separator: ", and "))."), key(of: participant, addressBook)]
    }

    private static func key(of participant: Participant, _ addressBook: AddressBook) -> Statement {
        let name = participant.name
        let fingerprint = participant.signingKey.fingerprint
        return switch addressBook.standing(of: participant) {
        case .trusted: .notice("\(name)'s key \(fingerprint) is in your address book.")
        case .unknown:
            .warning("\(name)'s key \(fingerprint) is not in your address book: whose it is, nobody has told you.")
        case .contradicted(let known):
            .danger("\(name)'s key \(fingerprint) is not the one that you know, \(known.fingerprint).")
        }
    }

    private static func lessons(
        for participant: Name, in manifest: Manifest, _ reachability: Reachability
    ) -> Statement {
        let outputs = manifest.outputs.filter { $0.recipients.contains(participant) }.map(\.name)
        guard !outputs.isEmpty else { return .notice("\(participant) receives no output and learns nothing else.") }
        let others = reachability.sources(for: participant).filter { $0.provider != participant }
        let data = others.filter { $0.kind == .data }.map(\.source)
        let code = others.filter { $0.kind == .component }.map(\.source)
        var text = "\(participant) receives \(listed(outputs))"
        if !data.isEmpty { text += ", and can learn from them what the code lets out of \(listed(data))" }
        if !code.isEmpty {
            text +=
                (data.isEmpty ? ", and" : "; beside that,")
                + " how \(listed(code)) \(code.count == 1 ? "behaves" : "behave")"
        }
        return .notice(text + ".")
    }

    private static func disclosure(_ disclosure: Disclosure) -> [Statement] {
        let subject = disclosure.kind == .data ? disclosure.source.description : "the behaviour of \(disclosure.source)"
        let others = disclosure.learners.filter { $0 != disclosure.provider }
        guard !others.isEmpty else {
            return [.notice("\(capitalised(subject)) can reach nobody but its provider, \(disclosure.provider).")]
        }
        return [.notice("\(capitalised(subject)) can reach \(listed(others)):")]
            + disclosure.routes.map { route in
                .notice(
                    "  " + route.steps.map(\.description).joined(separator: " → ") + " → " + listed(route.recipients))
            }
    }
}

// MARK: - The composition

extension Explanation {
    private static func running(_ manifest: Manifest) -> [Statement] {
        [.notice("The run calls \(manifest.run.export) of \(manifest.run.component), once.")]
            + manifest.components.flatMap(component)
    }

    private static func component(_ component: Component) -> [Statement] {
        let imports = component.imports.isEmpty ? "nothing" : listed(component.imports)
        var statements: [Statement] = [
            .notice(
                "\(component.name) is \(component.provider)'s code with the digest \(component.digest.prefixed); it "
                    + "may import \(imports) and use \(component.memoryMiB) MiB of memory.")
        ]
        if !component.arguments.isEmpty {
            let arguments = component.arguments.map { String(decoding: JSONValue.string($0).canonicalBytes, as: UTF8.self) }
                .joined(separator: " ")
            statements.append(.notice("\(component.name) is called with the arguments \(arguments)."))
        }
        if let size = component.temporaryMiB {
            statements.append(
                .notice(
                    "\(component.name) has a private folder /tmp of \(size) MiB in memory; nothing of it is released."))
        }
        if component.clock == .real {
            statements.append(.warning("\(component.name) sees the host's clock, which the host sets as it likes."))
        }
        switch component.randomness {
        case .repeatable:
            statements.append(
                .danger(
                    "\(component.name) gets repeatable randomness: every participant can compute each of its bytes. A "
                        + "key or a mask made of them hides nothing."))
        case .real:
            statements.append(
                .notice("\(component.name) gets real randomness, so a run cannot be repeated bit by bit."))
        case nil: break
        }
        return statements
    }

    private static func channel(_ channel: Channel, in manifest: Manifest) -> Statement {
        func recipients(of output: Name) -> String {
            listed(manifest.outputs.first { $0.name == output }?.recipients ?? [])
        }
        return switch channel {
        case .mount(let mount): .notice("\(mount.component) reads \(mount.data) at \(mount.path).")
        case .link(let link):
            .notice("\(link.importer) calls \(link.exporter)'s \(link.export), which it knows as \(link.importName).")
        case .release(let release):
            .notice(
                "\(release.component) writes \(release.path), which goes to \(recipients(of: release.output)) as "
                    + "\(release.output).")
        case .log(let log):
            .notice(
                "What \(log.component) prints on \(log.stream.rawValue) goes to \(recipients(of: log.output)) as "
                    + "\(log.output).")
        }
    }

    private static func platform(_ platform: PlatformRequirements) -> [Statement] {
        var statements: [Statement] = []
        switch platform.binding {
        case .launch:
            statements.append(.notice("The machine is bound to this manifest from its start on."))
        case .lock:
            statements.append(.notice("The machine is bound to the first fully signed manifest that it is given."))
        }
        if case .sevSNP(let requirements) = platform {
            let products = SEVProduct.allCases.filter { requirements.minimumTCB[$0] != nil }.map(\.rawValue)
            statements.append(
                .notice("It is an AMD SEV-SNP guest on \(listed(products)), at VMPL \(requirements.vmpl)."))
        }
        let count = platform.measurements.count
        statements.append(
            .notice("It runs \(count == 1 ? "the image" : "one of the \(count) images") whose measurement is listed."))
        return statements
            + platform.waivers.map { Statement(text: "Waived, \($0.key): \($0.meaning)", severity: $0.severity) }
    }

    private static func limits(_ limits: Limits) -> [Statement] {
        [
            .notice("Everything must be submitted within \(duration(limits.admissionSeconds))."),
            .notice(
                "Compiling ends after \(duration(limits.compileSeconds)), the run after "
                    + "\(duration(limits.wallTimeSeconds)) at most."),
            .notice("Outputs can be fetched for \(duration(limits.retentionSeconds))."),
        ]
    }
}

// MARK: - Words

/// `a`, `a and b`, `a, b and c`.
private func listed(_ values: [some CustomStringConvertible]) -> String {
    let words = values.map(\.description)
    guard let last = words.last, words.count > 1 else { return words.first ?? "nobody" }
    return words.dropLast().joined(separator: ", ") + " and " + last
}

private func capitalised(_ text: String) -> String {
    text.hasPrefix("the ") ? "T" + text.dropFirst() : text
}

private func duration(_ seconds: Int) -> String {
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")]
    let unit = units.first { seconds.isMultiple(of: $0.0) } ?? (1, "second")
    let count = seconds / unit.0
    return "\(count) \(unit.1)\(count == 1 ? "" : "s")"
}
