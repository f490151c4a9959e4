internal import Primitives

// What is brought, what runs, what leaves, and by which ways.

extension Explanation {
    static func running(_ manifest: Manifest, _ voice: Voice) -> [Statement] {
        [
            .notice(
                "\(manifest.limits.runs == 1 ? "The run" : "Each run") calls \(manifest.run.export) of "
                    + "\(manifest.run.component), once."),
            .notice(
                "Each component is pinned by its digest: exactly that file runs. What it does is not judged here. "
                    + "If you want to know, read its source, build it, and compare the digest."),
        ] + manifest.components.flatMap { component($0, voice) }
    }

    private static func component(_ component: Component, _ voice: Voice) -> [Statement] {
        let name = component.name
        let imports = Listing(component.imports, title: "interfaces that \(name) may import")
        let granted = component.imports.isEmpty ? "nothing" : imports.text
        var statements: [Statement] = [
            .notice(
                "\(name) is \(voice.possessive(component.provider)) code with the digest \(component.digest.prefixed), "
                    + "at most \(size(component.maximumBytes)) long; it may import \(granted) and use "
                    + "\(size(component.memoryMiB << 20)) of memory.", details: imports.details)
        ]
        if component.imports.contains(where: { $0.package == "wasi:sockets" }) {
            statements.append(
                .notice(
                    "\(name) may import sockets, as many toolchains make it. None is ever created: it reaches no "
                        + "network."
                ))
        }
        if !component.arguments.isEmpty {
            let count = counted(component.arguments.count, "argument")
            // Quoted as in JSON, so that none can pass for two.
            let quotes = component.arguments.enumerated().map { index, text -> Statement.Line in
                let quoted = String(decoding: JSONValue.string(text).canonicalBytes, as: UTF8.self)
                return .quote(label: "argument \(index + 1)", ForeignText(escaping: quoted))
            }
            statements.append(.few("\(name) is called with \(count), in the proposer's words:", quotes))
        }
        if let temporary = component.temporaryMiB {
            statements.append(
                .notice(
                    "\(name) has a private folder /tmp of \(size(temporary << 20)) in memory; nothing of it is "
                        + "released."
                ))
        }
        if component.mayThrow {
            statements.append(
                .warning(
                    "\(name) may use exceptions: that part of the engine is on for it, and off for code that does not "
                        + "say so. What is thrown lies in one heap of the whole run, at most as large as the run's "
                        + "largest memory, which all components with exceptions share: one can fill it for the others."
                ))
        }
        if component.clock == .real {
            statements.append(.warning("\(name) sees the host's clock, which the host sets as it likes."))
        }
        switch component.randomness {
        case .repeatable:
            statements.append(
                .danger(
                    "\(name) gets repeatable randomness: every participant can compute each of its bytes. A key or a "
                        + "mask made of them hides nothing."))
        case .real:
            statements.append(.notice("\(name) gets real randomness, so a run cannot be repeated bit by bit."))
        case nil: break
        }
        if let source = component.source {
            statements.append(
                .notice(
                    "\(voice.subject(component.provider, "claim", "claims")) that the source of \(name) is this, "
                        + "and that this builds it. Nothing here follows the claim:", lines: source.lines))
        }
        return statements
    }

    static func data(_ entry: DataEntry, _ voice: Voice) -> [Statement] {
        let owner = voice.possessive(entry.provider)
        let statement: Statement =
            switch entry.commitment {
            case .fixed(let digest):
                .notice(
                    "\(entry.name) is \(owner) data, pinned to the content with the commitment \(digest.prefixed), at "
                        + "most \(size(entry.maximumBytes)).")
            case .any:
                .notice(
                    "\(entry.name) is \(owner) data, and not pinned: any content of at most "
                        + "\(size(entry.maximumBytes)) is taken. The receipt says what it was.")
            }
        let period: [Statement] =
            entry.period == .run ? [.notice("\(entry.name) is brought for each run anew.")] : []
        guard let format = entry.format else { return [statement] + period }
        return [statement] + period + [
            .dozen("\(entry.name) must be \(format.words), which is checked before the run.", format.lines)
        ]
    }

    static func channel(_ channel: Channel, in manifest: Manifest, _ voice: Voice) -> Statement {
        func recipients(of output: Name) -> String {
            let names = manifest.outputs.first { $0.name == output }?.recipients ?? []
            return Listing(names.map(voice.object), title: "").text
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
                    + "\(log.output), cut where that ends.")
        }
    }
}

extension SourceClaim {
    var lines: [Statement.Line] {
        [.quote(label: "source", uri), .quote(label: "revision", revision), .quote(label: "build", build)]
    }
}
