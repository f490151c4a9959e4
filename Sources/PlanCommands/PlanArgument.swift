import ArgumentParser
import CommandOptions
import Plans
import Workbench

/// A plan's file and the folder of its manifests.
struct PlanArgument: ParsableArguments {
    @Argument(help: "A plan: a draft, or an envelope with signatures.", completion: .file(extensions: ["json"]))
    var plan: String

    @Option(
        help: ArgumentHelp(
            "The folder with each session's manifest as SESSION.json. Without it: manifests, beside the plan.",
            valueName: "folder"), completion: .directory)
    var manifests: String?

    /// Where they lie.
    var files: PlanFiles { PlanFiles(plan: plan, manifests: manifests) }

    /// The plan alone, and with its manifests, which are held against it and against each other.
    func read() throws(CommandFailure) -> (document: PlanDocument, plan: ResolvedPlan) {
        try files.read()
    }
}
