package import ArgumentParser

/// What one does with several sessions under one agreement, in the order of `--help`.
package var planCommands: [any ParsableCommand.Type] { [PlanCommand.self] }

/// Groups the commands on plans.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Propose, read, sign and run plans: several sessions under one agreement.",
        discussion: """
            A plan names sessions, the manifest of each, and which output of one fills a slot of another. Everyone \
            signs the plan once. docs/PLAN.md describes the format, key by key.
            """,
        subcommands: [
            PlanNew.self, PlanExpand.self, PlanCheck.self, PlanExplain.self, PlanSign.self, PlanJoin.self,
            PlanDiff.self, PlanRun.self, PlanStatus.self, PlanStop.self, PlanMachine.self, PlanFetchCommand.self,
            PlanVerify.self,
        ])
}
