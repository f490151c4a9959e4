package import ArgumentParser

/// What one does with several sessions under one agreement, in the order of `--help`.
package var planCommands: [any ParsableCommand.Type] { [PlanCommand.self] }

/// Groups the commands on plans.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Propose, read and sign plans: several sessions under one agreement.",
        discussion: """
            A plan names sessions, the manifest of each, and which output of one fills a slot of another. Everyone \
            signs the plan once. docs/PLAN.md describes the format, key by key.

            This version checks, explains and signs plans. It does not run them yet: no session takes one.
            """,
        subcommands: [
            PlanNew.self, PlanExpand.self, PlanCheck.self, PlanExplain.self, PlanSign.self, PlanJoin.self,
            PlanDiff.self, PlanFetchCommand.self, PlanVerify.self,
        ])
}
