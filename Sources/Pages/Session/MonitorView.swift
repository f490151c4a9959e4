package import Commitments
package import Evidence
internal import Keys
package import Primitives
package import Verification

/// What one participant's machine knows of a session at one moment.
///
/// What was verified here and what the agent says stand apart, and a page says which is which.
package struct MonitorView: Sendable {
    /// What the evidence is worth.
    package enum Standing: Sendable {
        /// Nothing has been appraised yet.
        case unseen
        case affirmed(Affirmed)
        case contraindicated([Finding], at: Timestamp)
    }

    /// A session that evidence vouches for.
    package struct Affirmed: Sendable {
        /// As six words.
        let words: String
        let isLocked: Bool
        let isSimulated: Bool
        let waived: [Finding]
        let time: Timestamp

        /// States what was affirmed.
        package init(words: String, isLocked: Bool, isSimulated: Bool, waived: [Finding], at time: Timestamp) {
            self.words = words
            self.isLocked = isLocked
            self.isSimulated = isSimulated
            self.waived = waived
            self.time = time
        }
    }

    /// The agent's word. Nothing vouches for it.
    package struct AgentWord: Sendable {
        /// Every stage of a session in its order, and which of them it is at.
        let stages: [(title: String, isNow: Bool)]
        let facts: [(name: String, value: String)]
        let time: Timestamp

        /// States what the agent said, and when.
        package init(
            stages: [(title: String, isNow: Bool)], facts: [(name: String, value: String)], at time: Timestamp
        ) {
            self.stages = stages
            self.facts = facts
            self.time = time
        }
    }

    /// What waits for the participant.
    package enum Waiting: Sendable {
        /// No evidence vouches for a session that something could wait in.
        case unvouched
        /// Whoever looks named no key.
        case notAsked
        /// The manifest lets the participant decide on nothing.
        case decidesNothing
        case nothing
        case review(ReviewView, AnswerCommands)
        /// The run has failed: the command answers by itself.
        case formality(run: Int, command: String)
        /// Something waits, and was not shown for a reason.
        case fault(String)
    }

    /// What a fetch left in one folder.
    package struct Kept: Sendable {
        let folder: String
        /// What holds, with its outputs; else why it does not.
        let state: State

        package enum State: Sendable {
            case holds(KeptReceipt, [(name: Name, byteCount: Int, content: ShownContent?)])
            case missing
            case refused(String)
        }

        /// States what is in a folder.
        package init(folder: String, _ state: State) {
            self.folder = folder
            self.state = state
        }
    }

    /// One submission from this machine.
    package struct Submitted: Sendable {
        let time: Timestamp
        let words: String
        let slot: Name
        let content: SHA256Digest

        /// States a line of the ledger.
        package init(at time: Timestamp, to words: String, slot: Name, content: SHA256Digest) {
            self.time = time
            self.words = words
            self.slot = slot
            self.content = content
        }
    }

    package let manifest: Manifest
    package let agent: String
    package let participant: Name?
    package var standing = Standing.unseen
    package var word: AgentWord?
    /// Why the latest look brought nothing.
    package var trouble: String?
    package var waiting = Waiting.unvouched
    /// What to type next beside an answer.
    package var next: [(why: String, command: String)] = []
    package var kept: [Kept] = []
    /// Why receipts that hold by themselves do not follow one another.
    package var chainFault: String?
    /// What went to sessions of this manifest, or why the ledger cannot be read.
    package var ledger: Result<[Submitted], LedgerFault> = .success([])

    /// A ledger that cannot be read.
    package struct LedgerFault: Error {
        let message: String

        /// Takes its words.
        package init(_ message: String) {
            self.message = message
        }
    }

    /// Whether evidence vouches for the session, bound to the manifest or not yet.
    package var isAffirmed: Bool {
        if case .affirmed = standing { true } else { false }
    }

    /// Begins with nothing known.
    package init(of manifest: Manifest, agent: String, for participant: Name?) {
        self.manifest = manifest
        self.agent = agent
        self.participant = participant
    }
}
