internal import Client
internal import Commitments
internal import Lifecycle
internal import Plans
internal import Primitives
package import Verification

/// An audit of a plan's receipts, for people and for machines.
package struct PlanAuditSummary {
    private let audit: PlanAudit
    private let refused: [PlanReceipts.Refused]
    private let names: Bool

    /// So many sessions are listed without being asked for.
    private static let shortCount = 32

    /// - Parameter listsAll: whether each session has a line, however many there are.
    package init(_ audit: PlanAudit, _ receipts: PlanReceipts, listsAll: Bool) {
        self.audit = audit
        refused = receipts.refused
        names = listsAll || audit.plan.plan.sessions.count <= Self.shortCount
    }

    /// Whether nothing that was shown contradicts anything.
    package var holds: Bool { audit.holds && refused.isEmpty }

    package func show(json: Bool) {
        if json { return printJSON(self.json) }
        let sessions = audit.plan.plan.sessions.count
        let count = "receipts of \(audit.sessionsWithReceipt) of the plan's \(sessions) sessions"
        print(holds ? "the \(count) hold, and agree with each other" : "the \(count) do not hold together")
        if audit.parts.contains(where: \.isSimulated) { print("SIMULATED: no processor stands behind them") }
        print("plan         \(audit.plan.plan.digest.prefixed)")
        if names { for part in audit.parts { show(part) } } else { showCounts() }
        for entry in refused { print("!! refused[\(entry.code)]: \(entry.place): \(entry.message)") }
        for fault in audit.faults { print("!! fault[\(fault.code)]: \(fault.message)") }
        for gap in audit.gaps { print("!  \(gap.code): \(gap.message)") }
        for difference in audit.differences { print("!  \(difference.code): \(difference.message)") }
        print("Machines whose receipts nobody kept, and deliveries that nobody kept, cannot be seen here.")
        if let next { print(next) }
    }

    /// What to do next, where something does not hold or is not here.
    private var next: String? {
        if !holds {
            return "Keep these folders as they are, and hold them against those that other participants fetched: name "
                + "their folders too."
        }
        guard !audit.gaps.isEmpty else { return nil }
        return "What is missing may lie with others: name the folders too that their `2cvm plan fetch` wrote."
    }

    private func show(_ part: PlanPart) {
        guard let name = part.name else { return }
        let words = SessionWords(part.sessionID)
        print("session      \(name), \(words): \(part.receipt.ending.words), in \(part.place)")
    }

    private func showCounts() {
        let released = audit.parts.count { $0.receipt.ending == .completed }
        print("machines     \(audit.parts.count), of which \(released) released results")
    }

    private var json: JSONValue {
        let told = audit.faults.map { Self.entry($0.code, $0.message) }
        let missing = audit.gaps.map { Self.entry($0.code, $0.message) }
        let differences = audit.differences.map { Self.entry($0.code, $0.message) }
        let machines = audit.parts.map { part -> JSONValue in
            [
                "name": .string(part.name?.description ?? ""), "session": .string(part.sessionID.description),
                "outcome": .string(part.receipt.ending.rawValue), "report": .string(part.receipt.reportDigest.prefixed),
                "simulated": .bool(part.isSimulated), "folder": .string(part.place),
            ]
        }
        return [
            "version": 1, "holds": .bool(holds), "plan": .string(audit.plan.plan.digest.prefixed),
            "sessions": .integer(audit.plan.plan.sessions.count),
            "sessionsWithReceipt": .integer(audit.sessionsWithReceipt), "machines": .array(machines),
            "refused": .array(
                refused.map { entry in
                    [
                        "folder": .string(entry.place), "code": .string(entry.code),
                        "message": .string(entry.message),
                    ]
                }),
            "faults": .array(told), "missing": .array(missing), "differences": .array(differences),
        ]
    }

    private static func entry(_ code: String, _ message: String) -> JSONValue {
        ["code": .string(code), "message": .string(message)]
    }
}
