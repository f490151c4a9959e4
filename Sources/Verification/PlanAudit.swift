public import Commitments
public import Plans
public import Primitives

/// What the receipts and deliveries of a plan's sessions show together.
///
/// Each receipt is verified by itself before. Here they are held against each other: what one session sent is what the
/// other took, nobody used more machines than the plan allows, and two machines of one session were given the same. An
/// audit says what is missing among what it was shown. What nobody showed it, it cannot know.
public struct PlanAudit: Sendable {
    public let plan: ResolvedPlan
    /// Each machine once, in the order of the plan's sessions.
    public let parts: [PlanPart]
    /// What contradicts the plan, or something else that was shown.
    public let faults: [Fault]
    /// What was not shown, though something here speaks of it.
    public let gaps: [Gap]
    /// What two machines of one session did differently, and what of it nobody can compare here.
    public let differences: [Difference]

    /// Holds parts against the plan and against each other.
    ///
    /// - Parameters:
    ///   - plan: what everyone signed, with its manifests.
    ///   - parts: in any order. One machine's receipt may come from several people.
    public init(of plan: ResolvedPlan, _ parts: [PlanPart]) {
        var rules = PlanAuditRules(plan, parts)
        rules.apply()
        self.plan = plan
        self.parts = rules.parts
        faults = rules.faults
        gaps = rules.gaps
        differences = rules.differences
    }

    /// Whether nothing contradicts anything. Says nothing of what was not shown.
    public var holds: Bool { faults.isEmpty }

    /// The sessions of which there is a receipt here.
    public var sessionsWithReceipt: Int { Set(parts.compactMap(\.name)).count }

    /// A machine, by the session that it is of and its session's id.
    public struct Machine: Hashable, Sendable, CustomStringConvertible {
        public let session: Name
        public let id: SHA256Digest

        package init(_ session: Name, _ id: SHA256Digest) {
            self.session = session
            self.id = id
        }

        /// `site-a (lusab-…)`: three of the words that name the machine's session.
        public var description: String { "\(session) (\(id.words(3)))" }
    }
}
