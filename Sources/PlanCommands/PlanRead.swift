import ArgumentParser
import CommandOptions
import Commitments
import Formats
import Keys
import Pages
import Plans
import Primitives
import Workbench

struct PlanCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Hold a plan and all its manifests against every rule.",
        discussion: """
            Names the path of the first value that breaks a rule. Says nothing about trust: see `explain`.

            With --maximum-bits, also refuses a plan by which more of somebody's data, or of how their code behaves, \
            can reach all others together over all sessions. Whether results were released, which everybody learns, is \
            one bit more for each session.

            Example: 2cvm plan check cohort/plan.json --maximum-bits 1000
            """)

    @OptionGroup var file: PlanArgument

    @Option(help: ArgumentHelp("How much of anything may reach the others, in bits.", valueName: "bits"))
    var maximumBits: Int?

    @Flag(help: "Print JSON: the plan's digest, and what each session is bound to.")
    var json = false

    func run() throws {
        let (document, plan) = try file.read()
        let told = PlanReachability(of: plan).tellings.max { $0.together < $1.together }
        if let maximumBits, let told, told.together.bits > max(0, maximumBits) {
            throw CommandFailure(TooManyBits(told: told, maximum: maximumBits), in: file.plan)
        }
        if json {
            let sessions = plan.manifests.map { manifest -> JSONValue in
                [
                    "name": .string(manifest.name.description), "manifest": .string(manifest.digest.prefixed),
                    "bound": .string(manifest.bound.description),
                ]
            }
            let start = [
                JSONMember("name", .string(plan.plan.name.description)),
                JSONMember("digest", .string(plan.plan.digest.prefixed)),
                JSONMember("maximumBits", .integer(Int(told?.together.bits ?? 0))),
                JSONMember("sessions", .array(sessions)),
            ]
            return printJSON(.object(start + jsonSigners(document.signers, missing: document.missingSigners)))
        }
        print("valid: \(plan.plan.name), \(plan.plan.digest.prefixed)")
        print("sessions: \(plan.plan.sessions.count), flows: \(plan.plan.flows.count)")
        print("signatures: \(document.signers.count) of \(plan.plan.participants.count)")
        if let told { print("at most \(bits(told.together)) of \(told.words) can reach others") }
    }
}

/// More could leave than somebody wants.
private struct TooManyBits: CommandFault {
    let told: Telling
    let maximum: Int

    var status: ExitStatus { .refused }
    var code: String { "plan.bits" }
    var message: String { "\(bits(told.together)) of \(told.words) can reach others, and \(maximum) may" }
    var hint: String? { "`2cvm plan explain` shows by which outputs; narrow their formats" }
}

extension Telling {
    fileprivate var words: String { "\(owner)'s \(kind == .data ? "data" : "code")" }
}

struct PlanExplain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say in plain words what a plan agrees to: read it before you sign.",
        discussion: """
            Says first who can learn what over all sessions. Manifests that say the same are explained once. \
            \(howToReadMarks) The code itself is not judged.

            With --html the same is a page to read, to print and to file.

            Example: 2cvm plan explain cohort/plan.json --as hospital-a
            """)

    @OptionGroup var file: PlanArgument

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Your name in the plan: you are spoken to. Without it: TWOCVM_AS, or your settings.", valueName: "name"))
    var name: String?

    @Flag(help: "Print also the values that are only counted otherwise: salts, keys, digests, long lists.")
    var all = false

    @Flag(help: "Print JSON: every value, and who can learn what.")
    var json = false

    @OptionGroup var page: PageOption

    func validate() throws { try page.requireFile() }

    func run() throws {
        let (document, plan) = try file.read()
        let explanation = PlanExplanation(
            of: plan, in: document, addressBook: try Home().addressBook(),
            reader: try Setting.reader(name, among: plan.plan.participants.map(\.name)))
        if json {
            try page.write(Page(plan, explanation), says: false)
            printJSON(explanation.json(of: plan))
        } else if try !page.write(Page(plan, explanation)) {
            print(explanation.text(colour: Screen.showsColour, columns: Screen.columns, all: all), terminator: "")
        }
    }
}

struct PlanDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what a change of a plan means: who can learn more, which bound widened.",
        discussion: """
            What is the same in several sessions is said once. --paths adds each changed value with its place. \
            \(howToReadMarks)

            Exit status 0 when they are the same plan, 1 when they differ.

            Example: 2cvm plan diff old/plan.json new/plan.json
            """)

    @Argument(help: "The earlier plan, its manifests beside it.", completion: .file(extensions: ["json"]))
    var before: String

    @Argument(help: "The later plan, its manifests beside it.", completion: .file(extensions: ["json"]))
    var after: String

    @OptionGroup var shown: DifferenceOptions

    func run() throws {
        let old = try PlanFiles(plan: before, manifests: nil).read().plan
        let new = try PlanFiles(plan: after, manifests: nil).read().plan
        let difference = PlanDifference(from: old, to: new)
        shown.show(difference.json) { difference.text(colour: $0, columns: $1, paths: $2) }
        if !difference.isEmpty { throw ExitStatus.refused.code }
    }
}
