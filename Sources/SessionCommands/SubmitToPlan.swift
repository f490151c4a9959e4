import AgentAPI
import ArgumentParser
import Client
import CommandOptions
import Commitments
import Evidence
import Keys
import Plans
import Primitives
import Workbench

/// Several sessions instead of one.
struct PlannedSubmitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Submit to every session of this plan at which you bring something. Everyone has signed it.",
            valueName: "file"), completion: .file(extensions: ["json"]))
    var plan: String?

    @Option(
        help: ArgumentHelp(
            "The folder with each session's manifest as SESSION.json. Without it: manifests, beside the plan.",
            valueName: "folder"), completion: .directory)
    var manifests: String?

    @Option(
        help: ArgumentHelp("The folder of the plan's run, where machines are found.", valueName: "folder"),
        completion: .directory)
    var run: String?

    @Option(
        help: ArgumentHelp(
            "A table whose rows are split over all sessions that have a slot of this name, or of SESSION/NAME.",
            valueName: "name=file"), completion: .file(extensions: ["csv"]))
    var split: [Assignment] = []

    @Flag(help: "Go on for machines that start later, until each session has one that has finished.")
    var stay = false

    func validate() throws {
        guard plan == nil else {
            guard run != nil else { throw ValidationError("--plan needs --run") }
            return
        }
        guard run == nil, split.isEmpty, manifests == nil, !stay else {
            throw ValidationError("--run, --split, --manifests and --stay need --plan")
        }
    }
}

/// Brings what one participant promised to all sessions of a plan.
struct SubmissionToPlan {
    let files: PlanFiles
    let run: String
    let options: PlannedSubmitOptions
    let sender: SenderOptions
    let verifier: VerifierOptions
    let contents: ContentOptions
    let json: Bool

    func submit() async throws {
        let progress = Progress(isQuiet: json)
        let (signed, plan) = try files.readFullySigned()
        let (participant, keys) = try sender.keys(under: plan.manifests[0])
        let brought = try PlannedContents(
            PlannedContents.Arguments(
                components: contents.components.component, data: contents.data, splits: options.split,
                salts: contents.salt), of: participant.name, in: plan)
        for (slot, count) in brought.unnamed {
            progress.note("nothing was named for \(slot) of \(count == 1 ? "1 session" : "\(count) sessions")")
        }
        let submission = PlanSubmission(
            signed, plan, contents: brought, as: keys, by: try verifier.verifier(under: plan.plan),
            policy: try verifier.policyFile(of: plan.plan), in: try RunAddresses(run), progress)
        var machines: Set<String> = []
        try await submission.serve(stays: options.stay) { given in
            machines.insert("\(given.session) \(given.attempt)")
            show(given)
        }
        guard !json else { return }
        print("submitted to \(machines.count) machines of \(brought.sessions.count) sessions")
    }

    private func show(_ given: PlanSubmission.Given) {
        let meter = given.meter
        if json {
            var members = [
                JSONMember("version", 1), JSONMember("session", .string(given.session.description)),
                JSONMember("attempt", .integer(given.attempt)), JSONMember("words", .string(given.words.description)),
                JSONMember("submitted", .string(given.slot.description)),
                JSONMember("sealedBytes", .integer(meter.byteCount)),
                JSONMember("milliseconds", .integer(meter.milliseconds)), JSONMember("new", .bool(given.status != nil)),
            ]
            if let content = meter.content { members.append(JSONMember("contentBytes", .integer(content))) }
            if let rows = given.rows { members.append(JSONMember("rows", .integer(rows))) }
            return print(String(decoding: JSONValue.object(members).canonicalBytes, as: UTF8.self))
        }
        let rows = given.rows.map { "\($0) rows, " } ?? ""
        guard let status = given.status else { return print("\(given.session): \(given.slot) was there before") }
        print(
            "\(given.session): \(given.slot), \(rows)\(meter.summary), "
                + "\(status.filledSlots) of \(status.totalSlots) slots filled")
    }
}
