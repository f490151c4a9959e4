import ArgumentParser
import CommandOptions
import Commitments
import Evidence
import Plans
import Platform
import Primitives
import Workbench

struct PlanNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a plan of manifests, and of what flows between their sessions.",
        discussion: """
            Each session begins with a manifest that stands alone, so that you can rehearse it with `2cvm run` before. \
            Its participants and its platform become the plan's. With --flow an output fills a slot of another \
            session: whoever received that output before does not receive it any more, and whoever brought that data \
            does not bring it.

            Writes FOLDER/plan.json, and each session's manifest as FOLDER/manifests/SESSION.json.

            Example:
              2cvm plan new --name cohort --purpose "Pooled regression" \\
                --session site-a=site-a.json --session site-b=site-b.json --session pool=pool.json \\
                --flow site-a/moments=pool/moments-a --flow site-b/moments=pool/moments-b --output cohort
            """)

    @Option(help: "The plan's name.")
    var name: String

    @Option(help: "What it is for, in plain words.")
    var purpose: String

    @Option(
        help: ArgumentHelp("A session and its manifest. Repeatable.", valueName: "session=file"), completion: .file())
    var session: [Assignment] = []

    @Option(
        help: ArgumentHelp(
            "An output that fills a slot of another session. Repeatable.", valueName: "session/output=session/data"))
    var flow: [Assignment] = []

    @Option(
        help: ArgumentHelp(
            "How many machines may take a session's part, since a scheduler starts some twice. Without it: 1. "
                + "Repeatable.",
            valueName: "session=count"))
    var attempts: [Assignment] = []

    @Option(
        help: ArgumentHelp(
            "How old a revocation list may be that sessions take of each other. Without it: today, and for simulated "
                + "platforms the day of the list that they all have.", valueName: "date"))
    var revocationNotBefore: String?

    @Option(
        help: ArgumentHelp("The policy file that sessions hold each other to.", valueName: "file"), completion: .file())
    var policy: String?

    @OptionGroup var folder: PlanFolderOption

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        var names: [Name] = []
        for entry in session { names.append(try planName(entry.name)) }
        guard !names.isEmpty else { throw ValidationError("expected at least one --session") }
        let attempts = try Assignment.unique(attempts, among: names, option: "--attempts")
        var manifests: [Manifest] = []
        for entry in session { manifests.append(try readManifest(entry.value).manifest) }
        var draft = try begin(isRehearsal: manifests.allSatisfy(\.platform.isSimulated))
        for (name, manifest) in zip(names, manifests) {
            let count = try attempts[name].map(countText) ?? 1
            try onDraft { () throws(PlanDraftError) in try draft.add(manifest, as: name, attempts: count) }
        }
        for entry in flow {
            let flow = try Self.flow(entry)
            try onDraft { () throws(PlanDraftError) in try draft.connect(flow) }
        }
        try folder.write(draft, named: name, json: json)
    }

    /// The simulated platform signs one list, and no newer one.
    private static let simulatedListDay = "2026-01-01"

    private func begin(isRehearsal: Bool) throws(CommandFailure) -> PlanDraft {
        let name = try planName(name)
        if let fault = Manifest.fault(ofPurpose: purpose) { throw malformed(purpose, fault) }
        let text: String
        if let revocationNotBefore {
            text = revocationNotBefore
        } else {
            // A time is told with its date first.
            text = isRehearsal ? Self.simulatedListDay : String(try currentTime().description.prefix(10))
        }
        guard let date = PlanDate(text) else { throw malformed(text, "a day, such as 2026-11-27") }
        let digest = try policy.map { path throws(CommandFailure) in
            let bytes = try readFile(path, maximumByteCount: PolicyFile.maximumByteCount)
            do throws(EvidenceFileError) {
                return try PolicyFile(decoding: bytes).digest
            } catch {
                throw CommandFailure(error, in: path)
            }
        }
        return PlanDraft(
            name: name, purpose: purpose, salt: randomBytes(), revocationNotBefore: date, policy: digest)
    }

    /// `session/output=session/data`.
    private static func flow(_ entry: Assignment) throws(CommandFailure) -> Flow {
        let sides = [entry.name, entry.value].map { $0.split(separator: "/", omittingEmptySubsequences: false) }
        let names = sides.flatMap(\.self).compactMap { Name(String($0)) }
        guard sides.allSatisfy({ $0.count == 2 }), names.count == 4 else {
            throw malformed("\(entry.name)=\(entry.value)", "SESSION/OUTPUT=SESSION/DATA")
        }
        return Flow(from: names[0], output: names[1], to: names[2], data: names[3])
    }
}

struct PlanExpand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expand",
        abstract: "Split sessions of a plan into shards, each on its own part of the data.",
        discussion: """
            The session site becomes site-1, site-2 and so on, each with a salt of its own. Where its output filled \
            the slot moments of another session, moments-1, moments-2 and so on are filled now, and what was mounted \
            at /data/moments.json is mounted at /data/moments-1.json and so on. Only sessions that no other feeds can \
            be split.

            Takes a draft or an envelope, and writes a new draft: FOLDER/plan.json and FOLDER/manifests.

            Example: 2cvm plan expand cohort/plan.json --session site-a --session site-b --shards 8 --output cohort-8
            """)

    @OptionGroup var file: PlanArgument

    @Option(help: ArgumentHelp("A session to split. Repeatable.", valueName: "session"))
    var session: [String] = []

    @Option(help: ArgumentHelp("Into how many.", valueName: "count"))
    var shards: Int

    @OptionGroup var folder: PlanFolderOption

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...Plan.maximumSessionCount).contains(shards) else {
            throw ValidationError("--shards: expected a number from 1 to \(Plan.maximumSessionCount), found \(shards)")
        }
        guard !session.isEmpty else { throw ValidationError("expected at least one --session") }
    }

    func run() throws {
        let plan = try file.read().plan
        var draft = PlanDraft(plan)
        for text in session {
            let name = try planName(text)
            try onDraft { () throws(PlanDraftError) in try draft.split(name, into: shards) }
        }
        try folder.write(draft, named: "\(plan.plan.name)-\(shards)", json: json)
    }
}

/// The folder of a plan that is made.
struct PlanFolderOption: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The folder to write to. Without it: one of the plan's name.", valueName: "folder"),
        completion: .directory)
    var output: String?

    @Flag(help: "Replace files that are there already.")
    var force = false

    func write(_ draft: PlanDraft, named standard: String, json: Bool) throws(CommandFailure) {
        let files = PlanFiles(folder: output ?? standard)
        let plan = try files.write(draft, force: force)
        if json {
            printJSON([
                "plan": .string(files.plan), "manifests": .string(files.manifests),
                "digest": .string(plan.plan.digest.prefixed), "sessions": .integer(plan.plan.sessions.count),
                "flows": .integer(plan.plan.flows.count),
            ])
            return
        }
        print(
            "wrote \(files.plan) with \(plan.plan.sessions.count) sessions and \(plan.plan.flows.count) flows: "
                + plan.plan.digest.prefixed)
        print("wrote their manifests to \(files.manifests)")
        print("read it with `2cvm plan explain \(files.plan)`,")
        print("then sign it with `2cvm plan sign \(files.plan) --key NAME.key`")
    }
}

func planName(_ text: String) throws(CommandFailure) -> Name {
    guard let name = Name(text) else {
        throw malformed(text, "a name of 1 to 40 of a-z, 0-9 and -, begun by a letter")
    }
    return name
}

func onDraft(_ body: () throws(PlanDraftError) -> Void) throws(CommandFailure) {
    do {
        try body()
    } catch {
        throw CommandFailure(error)
    }
}
