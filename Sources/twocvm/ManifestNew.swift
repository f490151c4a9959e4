import ArgumentParser
import Commitments
import Platform
import Primitives

struct ManifestNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Write a draft manifest from flags; at a terminal, ask for what is missing.",
        discussion: """
            The draft is held against every rule before it is written. Nothing of the platform is decided for you: \
            a real one comes from --platform, a file with the manifest's "platform" object, and its chips are asked \
            for if the file does not name them.

            Whoever answers questions is asked for everything; whoever gives each needed flag is asked nothing. \
            `2cvm component inspect` shows what --imports must list.

            Example:
              2cvm manifest new --name cohort --purpose "Pooled regression" \\
                --participant hospital-a.pub --participant statistician.pub \\
                --component moments:statistician=moments.wasm --imports moments=twocvm:guest/files \\
                --data patients:hospital-a --mount patients:moments=/data/patients.csv \\
                --output-to coefficients=hospital-a,statistician \\
                --release coefficients:moments=/output/coefficients.json \\
                --run moments --simulated
            """)

    @OptionGroup(title: "The agreement") var agreement: AgreementOptions
    @OptionGroup(title: "What takes part") var parts: PartOptions
    @OptionGroup(title: "What may flow") var flows: FlowOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions
    @OptionGroup(title: "The platform") var platform: PlatformOptions
    @OptionGroup var output: OutputOption

    mutating func run() throws {
        var questions = Questions()
        let name = questions.answer(agreement.name, asking: "Name of the manifest", missing: "--name")
        let purpose = questions.answer(agreement.purpose, asking: "Purpose, in plain words", missing: "--purpose")
        let participants = questions.answers(
            agreement.participant, asking: "Participants' .pub files", missing: "--participant")
        let components = questions.answers(
            parts.component, asking: "Components, each NAME:PROVIDER=FILE", missing: "--component")
        let entry = questions.answer(flows.run, asking: "Component to run", missing: "--run")
        parts.askForRest(questions)
        flows.askForRest(questions)
        let platform = try platform.value(&questions)
        try questions.requireNothingMissing()

        let value: JSONValue = [
            "version": 1,
            "name": .string(name),
            "purpose": .string(purpose),
            "salt": .string((randomBytes() as FixedBytes<32>).description),
            "participants": .array(try AgreementOptions.entries(participants)),
            "components": .array(try parts.components(components)),
            "data": .array(try parts.dataEntries()),
            "outputs": .array(try parts.outputs(participants: AgreementOptions.entries(participants))),
            "channels": .array(try flows.channels()),
            "run": try FlowOptions.entryPoint(entry),
            "limits": try limits.value(),
            "platform": platform,
        ]
        try write(value, named: name)
    }

    private func write(_ value: JSONValue, named name: String) throws(CommandFailure) {
        let bytes = value.indentedBytes
        let manifest: Manifest
        do {
            manifest = try Manifest(decoding: bytes)
        } catch {
            // Of a draft from flags everything is the flags' fault, so nothing was read that is unreadable.
            throw CommandFailure(.refused, error, in: "the draft")
        }
        let path = try output.write(bytes, unlessNamed: "\(name).json")
        print("wrote \(path): \(manifest.digest.prefixed)")
        print("read it with `2cvm manifest explain \(path)`,")
        print("then sign it with `2cvm manifest sign \(path) --key NAME.key`")
    }
}

/// What is still unknown, asked for at a terminal and gathered elsewhere.
struct Questions {
    private var missing: [String] = []
    /// Whether somebody answers. Who gave every flag is not asked for what a manifest can do without.
    private var isAnswered = false

    mutating func answer(_ given: String?, asking question: String, missing flag: String) -> String {
        if let given { return given }
        if let line = Self.ask(question), !line.isEmpty {
            isAnswered = true
            return line
        }
        missing.append(flag)
        return ""
    }

    /// Several answers, separated by spaces.
    mutating func answers(_ given: [String], asking question: String, missing flag: String) -> [String] {
        if !given.isEmpty { return given }
        let line = Self.ask("\(question), separated by spaces") ?? ""
        let words = line.split(separator: " ").map(String.init)
        if words.isEmpty { missing.append(flag) } else { isAnswered = true }
        return words
    }

    /// Several answers, or none, where somebody answers.
    func rest(_ given: [String], asking question: String) -> [String] {
        guard given.isEmpty, isAnswered else { return given }
        let line = Self.ask("\(question), separated by spaces, or nothing") ?? ""
        return line.split(separator: " ").map(String.init)
    }

    func requireNothingMissing() throws(CommandFailure) {
        guard missing.isEmpty else { throw CommandFailure(.usage, CommandError.missing(missing)) }
    }

    private static func ask(_ question: String) -> String? {
        guard Keyboard.isInteractive else { return nil }
        printError("\(question):")
        return readLine(strippingNewline: true)
    }
}
