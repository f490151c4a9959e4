import ArgumentParser
import CommandOptions
import Commitments
import Platform
import Primitives
import Workbench

struct ManifestNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Write a draft manifest from flags; at a terminal, ask for what is missing.",
        discussion: """
            Components are read and admitted as a session admits them: what they import is granted, and what is no \
            component is refused. Then the draft is held against every rule, and written. You decide everything on a \
            real platform: it comes from --platform, a file with the manifest's "platform" object. If the file does \
            not name binding and chips, you are asked for them.

            If you give each needed flag, you are asked nothing. Otherwise you are asked for everything, and asked \
            again after an answer that is refused. `2cvm component inspect` shows what a file needs.

            Example:
              2cvm manifest new --name cohort --purpose "Pooled regression" \\
                --participant hospital-a.pub --participant statistician.pub \\
                --component moments:statistician=moments.wasm \\
                --data patients:hospital-a --mount patients:moments=/data/patients.csv \\
                --output-to coefficients=hospital-a,statistician --format coefficients=coefficients.format.json \\
                --release coefficients:moments=/output/coefficients.json \\
                --run moments --simulated

            With --sql the draft is written for a query, for a simulated platform unless --platform says another: who \
            brings what, the formats of the data, where everything is mounted, and bounds that fit. The query runs \
            here once, and its result shows the format of the output. What you brought is written to NAME.files.json, \
            with the salts by which it is pinned: keep it, and give it to `2cvm run` and `2cvm submit`.

            Example:
              2cvm manifest new --sql ages.sql --data patients=patients.csv:hospital-a --output ages:analyst

            With --python it is written in the same way for a script, which the installed runtime python runs. The \
            script reads /data/patients.csv, and writes /output/ages.csv. `2cvm runtime install` installs the runtime.

            Example:
              2cvm manifest new --python ages.py --data patients=patients.csv:hospital-a --output ages:analyst
            """)

    @OptionGroup(title: "A query") var query: QueryOptions
    @OptionGroup(title: "The agreement") var agreement: AgreementOptions
    @OptionGroup(title: "What takes part") var parts: PartOptions
    @OptionGroup(title: "What may flow") var flows: FlowOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions
    @OptionGroup(title: "The platform") var platform: PlatformOptions
    @OptionGroup var output: OutputOption

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try query.requireAlone(parts, flows)
        if let path = query.file { return try draftQuery(path) }
        try requireFlags()
        var draft = Draft()
        var questions = Questions()
        let manifest: Manifest
        do throws(CommandFailure) {
            try agree(&draft, &questions)
            try bring(&draft, &questions)
            try place(&draft, &questions)
            manifest = try draft.manifest()
        } catch {
            guard questions.isAnswered else { throw error }
            // Told here already: the question that follows needs its reason.
            Report.show(error)
            keep(draft, questions)
            throw error.status.code
        }
        let path = try output.write(draft.value.indentedBytes, unlessNamed: "\(manifest.name).json")
        if json { return show(manifest, at: path) }
        print("wrote \(path): \(manifest.digest.prefixed)")
        print("read it with `2cvm manifest explain \(path)`,")
        print("then sign it with `2cvm manifest sign \(path) --key NAME.key`")
    }

    /// The whole draft from a query. Nothing is asked.
    private func draftQuery(_ path: String) throws(CommandFailure) {
        let query = try QueryDraft(path, self.query, parts, output: output.output)
        let name = agreement.name ?? query.name
        let (file, filesFile) = ("\(name).json", "\(name).files.json")
        for path in [file, filesFile] where !output.force && NamedFile.exists(path) {
            throw CommandFailure(CommandError.fileExists(path))
        }
        var draft = try Draft().named([name]).purposed([agreement.purpose ?? query.purpose])
        draft = try draft.joined(by: try query.participantFiles(agreement.participant))
        draft.limits = try limits.value(wallTime: query.wallTimeSeconds, compiling: query.compileSeconds)
        draft = try query.fill(draft)
        var questions = Questions()
        try place(&draft, &questions, unlessGiven: PlatformOptions.simulatedWord)
        var manifest = try draft.manifest()
        let progress = Progress(isQuiet: json)
        if query.isDescribing {
            draft = try query.describing(draft, manifest, progress)
            manifest = try draft.manifest()
        }
        try writeFile(file, draft.value.indentedBytes, mode: 0o644, force: output.force)
        try writeFile(filesFile, query.brought(manifest).json.indentedBytes, mode: 0o600, force: output.force)
        if json { return show(manifest, at: file, bringing: filesFile) }
        print("wrote \(file): \(manifest.digest.prefixed)")
        print("wrote \(filesFile): your files and their salts; keep it, and show it to nobody")
        if platform.given.isEmpty {
            progress.note("the platform is simulated, which keeps nobody out; --platform FILE names a real one")
        }
        print("rehearse it with `2cvm run \(file) --files \(filesFile) \(query.standIns)--output results`,")
        print("read it with `2cvm manifest explain \(file)`,")
        print("then sign it with `2cvm manifest sign \(file) --key NAME.key`")
    }

    /// For machines.
    private func show(_ manifest: Manifest, at path: String, bringing files: String? = nil) {
        let members = [
            JSONMember("name", .string(manifest.name.description)), JSONMember("file", .string(path)),
            JSONMember("digest", .string(manifest.digest.prefixed)),
        ]
        printJSON(.object(members + (files.map { [JSONMember("files", .string($0))] } ?? [])))
    }

    private func agree(_ draft: inout Draft, _ questions: inout Questions) throws(CommandFailure) {
        draft.limits = try limits.value(wallTime: LimitOptions.usualWallTimeSeconds)
        draft = try questions.put(
            Question("Name of the manifest", flag: "--name", .line), given: list(agreement.name), draft, Draft.named)
        draft = try questions.put(
            Question("Purpose, in plain words", flag: "--purpose", .line), given: list(agreement.purpose), draft,
            Draft.purposed)
        draft = try questions.put(
            Question("Participants' .pub files", flag: "--participant"), given: agreement.participant, draft,
            Draft.joined(by:))
    }

    private func bring(_ draft: inout Draft, _ questions: inout Questions) throws(CommandFailure) {
        let grants = try parts.grants()
        draft = try questions.put(
            Question("Components, each NAME:PROVIDER=FILE", flag: "--component"), given: parts.component, draft,
            Draft.bringing(components:))
        draft = try draft.granting(grants)
        draft = try questions.put(
            Question("Component to run", flag: "--run", .line), given: list(flows.run), draft, Draft.running)
        if draft.needsLinks || !flows.link.isEmpty {
            draft = try questions.put(
                Question("Links, each IMPORTER:IMPORT=EXPORTER:INTERFACE", flag: "--link", .optional),
                given: flows.link, draft, Draft.linked)
        }
        for component in draft.undecided {
            let question = Question(
                "\(component) imports randomness: real, or repeatable, which every participant knows",
                flag: "--randomness \(component)=real or \(component)=repeatable", .line)
            draft = try questions.put(question, given: [], draft) { draft in
                { texts throws(CommandFailure) in try draft.deciding(randomness: texts, of: component) }
            }
        }
        draft = try questions.put(
            Question("Data, each NAME:PROVIDER or NAME:PROVIDER=COMMITMENT", flag: "--data", .optional),
            given: parts.data, draft, Draft.bringing(data:))
        if draft.hasData || !flows.mount.isEmpty {
            draft = try questions.put(
                Question("Mounts, each DATA:COMPONENT=/path", flag: "--mount", .optional), given: flows.mount, draft,
                Draft.mounting)
        }
        draft = try questions.put(
            Question("Outputs, each NAME=RECIPIENT,RECIPIENT or NAME=all", flag: "--output-to", .optional),
            given: parts.outputTo, draft, Draft.releasing(outputs:))
        guard draft.hasOutputs || !flows.release.isEmpty || !flows.log.isEmpty else { return }
        draft = try questions.put(
            Question("Releases, each OUTPUT:COMPONENT=/output/path", flag: "--release", .optional),
            given: flows.release, draft, Draft.releasing(files:))
        draft = try questions.put(
            Question("Logs, each OUTPUT:COMPONENT=stdout or stderr", flag: "--log", .optional), given: flows.log,
            draft, Draft.logging)
        for output in draft.unformed {
            let question = Question(
                "Format of \(output): a file, or any, which lets whatever bytes leave",
                flag: "--format \(output)=FILE or \(output)=any", .line)
            draft = try questions.put(question, given: [], draft) { draft in
                { texts throws(CommandFailure) in try draft.forming(texts, output) }
            }
        }
    }

    /// - Parameter standard: what is taken where no flag says anything; without it that is asked for.
    private func place(
        _ draft: inout Draft, _ questions: inout Questions, unlessGiven standard: String? = nil
    ) throws(CommandFailure) {
        let question = PlatformOptions.platformQuestion
        let given = platform.given.isEmpty ? list(standard) : platform.given
        while true {
            draft = try questions.put(question, given: given, draft) { draft in
                { texts throws(CommandFailure) in draft.on(try platform.value(texts.first ?? "")) }
            }
            if draft.lacks("binding") {
                draft = try questions.put(
                    PlatformOptions.bindingQuestion, given: list(platform.binding?.rawValue), draft
                ) { draft in
                    { texts throws(CommandFailure) in try draft.bound(texts.first ?? "") }
                }
            }
            if draft.lacks("chips") {
                draft = try questions.put(PlatformOptions.chipQuestion, given: platform.chip, draft) { draft in
                    { texts throws(CommandFailure) in draft.chipped(texts) }
                }
            }
            do throws(CommandFailure) {
                return try draft.requirePlatform()
            } catch {
                guard questions.asks(question, given: given) else { throw error }
                Report.show(error)
            }
        }
    }

    /// Everything that is missing at once, where nobody can be asked.
    private func requireFlags() throws(CommandFailure) {
        guard !Keyboard.isInteractive else { return }
        let flags: [(String, Bool)] = [
            ("--name", agreement.name != nil), ("--purpose", agreement.purpose != nil),
            ("--participant", !agreement.participant.isEmpty), ("--component", !parts.component.isEmpty),
            ("--run", flows.run != nil), (PlatformOptions.platformQuestion.flag, !platform.given.isEmpty),
        ]
        let missing = flags.filter { !$0.1 }.map(\.0)
        guard missing.isEmpty else { throw Questions.missing(missing) }
    }

    /// Answers are never lost: what cannot be a manifest yet can be mended by hand. Who has left is not asked.
    private func keep(_ draft: Draft, _ questions: Questions) {
        guard let name = draft.name else { return }
        let path = "\(name).draft.json"
        let question = "Keep your answers in \(path), to mend them by hand?"
        guard questions.isAtEnd || questions.agrees(to: question) else { return }
        do throws(CommandFailure) {
            try writeFile(path, draft.value.indentedBytes, mode: 0o644, force: false)
            printError("2cvm: note: your answers are in \(path); `2cvm manifest check \(path)` names what to mend")
        } catch {
            Report.show(error)
        }
    }

    private func list(_ text: String?) -> [String] { text.map { [$0] } ?? [] }
}
