import ArgumentParser
import CommandOptions
import Evidence
import Plans
import Verification
import Workbench

struct PlanVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify what was kept of a plan's sessions, and hold it against the plan, offline.",
        discussion: """
            Takes the plan with everyone's signature, its manifests, and folders that `2cvm plan fetch` made: yours, \
            and those of others. Each receipt in them is verified as `2cvm receipt verify` does. Then they are held \
            against each other: what a session took from another is what that one released, each delivery is one that \
            both ends agree on, no session had more machines than the plan allows, and two machines of one session \
            were given the same.

            Names what speaks of a machine whose receipt is not there. What nobody kept, nobody can see: there may \
            have been other machines.

            Exit status: 0 everything that is there holds; 1 something does not; 2 the plan cannot be decoded; 3 a \
            file cannot be opened.

            Example: 2cvm plan verify cohort/plan.signed.json results
            """)

    @OptionGroup var file: PlanArgument

    @Argument(help: ArgumentHelp("Folders with receipts.", valueName: "folder"), completion: .directory)
    var folders: [String]

    @OptionGroup var options: VerifierOptions

    @Flag(help: "Print a line for each session, however many there are.")
    var all = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let plan = try file.files.readFullySigned().plan
        let verifier = try options.verifier()
        let receipts = try await PlanReceipts(folders, of: plan, by: verifier, asOfRecord: options.at == nil)
        let summary = PlanAuditSummary(PlanAudit(of: plan, receipts.parts), receipts, listsAll: all)
        summary.show(json: json)
        if !summary.holds { throw ExitStatus.refused.code }
    }
}
