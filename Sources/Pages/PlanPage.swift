internal import Commitments
package import Plans
internal import Primitives

extension Page {
    /// A plan for whoever decides whether to sign it, from the values that its explanation in text is made of.
    ///
    /// - Parameters:
    ///   - plan: with all its manifests.
    ///   - explanation: what `2cvm plan explain` says of it.
    package init(_ plan: ResolvedPlan, _ explanation: PlanExplanation) {
        // Several sections have one subject: each manifest that says something else has its own.
        let parts = explanation.sections.enumerated().map { ("section-\($0 + 1)", $1) }
        let (sessions, flows) = (plan.plan.sessions.count, plan.plan.flows.count)
        let count = "\(sessions) sessions, and \(flows) flows between them. Who signs the plan signs all of it."
        self.init(
            title: "Plan \(plan.plan.name): read before you sign", rules: [],
            body: HTML.heading(plan.plan.name, plan.plan.purpose.description, plan.plan.digest)
                + [.tag("p", text: count), .contents(parts.map { ($0, $1.title) })]
                + HTML.grave(explanation.statements(of: .danger))
                + parts.map { .section($0, $1.title, [.statements($1.statements)]) }
                + [
                    .closing(
                        "the plan and its manifests",
                        ["2cvm plan explain PLAN.json --html PAGE.html", "2cvm plan check PLAN.json"])
                ])
    }
}
