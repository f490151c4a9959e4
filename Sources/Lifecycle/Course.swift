public import Commitments
public import Keys
public import Primitives

/// What a session has behind it, and which of its runs is under way or comes next.
public struct Course: Equatable, Sendable {
    /// What the session is locked to, and the sessions that it has to do with.
    public let agreed: AgreedManifest
    /// What was made for the lock, and travels with the receipts.
    public let evidence: LockEvidence
    /// The run that is under way or comes next, from 1 on. A number is used up, whatever becomes of its run.
    public private(set) var run = 1
    /// How many runs have released nothing.
    public private(set) var failures = 0
    /// The digest of the receipt before; `nil` in the first run.
    public private(set) var previous: SHA256Digest?
    /// The latest runs, the newest last.
    public private(set) var past: [PastRun] = []
    /// Runs whose outputs are kept.
    public private(set) var kept: [KeptRun] = []
    /// What was submitted once, for all runs.
    private(set) var lasting: [FilledSlot] = []
    /// Machines that were affirmed as sessions of the same plan, in the order in which they were.
    public private(set) var peers: [AffirmedPeer] = []

    /// How many of ``past`` are remembered.
    public static let maximumPastCount = 64

    init(_ agreed: AgreedManifest, _ evidence: LockEvidence) {
        self.agreed = agreed
        self.evidence = evidence
    }

    /// What the session is locked to.
    public var manifest: Manifest { agreed.manifest }

    /// The run that is under way or comes next, as everything that is for it names it.
    public var reference: RunReference { RunReference(number: run, previous: previous) }

    /// How many slots a run has.
    public var slotCount: Int { manifest.components.count + manifest.data.count }
    /// How many of them are filled for each run anew.
    public var questionCount: Int { manifest.questions.count }
    /// How many runs there can be.
    public var runCount: Int { manifest.limits.runs }
    /// Whether somebody decides on results.
    public var holdsResults: Bool { manifest.hasHeldResults }

    /// How many other sessions of the plan send to this one or take from it.
    public var peerCount: Int { agreed.peers.count }
    /// Of how many of them at least one machine was affirmed.
    public var affirmedPeerCount: Int { Set(peers.map(\.session.name)).count }

    /// Whether no run can follow that ends like this one.
    func isLast(released: Bool) -> Bool {
        run == manifest.limits.runs || (!released && failures + 1 >= manifest.limits.failures)
    }

    /// Whether another run's outputs can be kept.
    var hasRoom: Bool { kept.count < manifest.limits.keptRuns }

    /// Goes on to the next run.
    ///
    /// - Parameters:
    ///   - conclusion: how this one ended.
    ///   - receipt: the digest of what states it.
    ///   - end: until when its outputs are kept.
    mutating func conclude(_ conclusion: Conclusion, receipt: SHA256Digest, keptUntil end: Session.Seconds) {
        let isReleased = if case .completed = conclusion.outcome { true } else { false }
        let questions = conclusion.admitted.slots.filter(\.slot.isPerRun)
        past.append(PastRun(run: run, questions: questions.map(\.entry), isReleased: isReleased))
        past.removeFirst(max(0, past.count - Self.maximumPastCount))
        lasting = conclusion.admitted.slots.filter { !$0.slot.isPerRun }
        kept.append(KeptRun(run: run, end: end, awaited: manifest.recipients))
        if !isReleased { failures += 1 }
        previous = receipt
        run += 1
    }

    mutating func affirm(_ peer: AffirmedPeer) { peers.append(peer) }

    /// Notes that a recipient has a run's outputs.
    ///
    /// - Returns: whether nobody needs them any more. `nil` for a run that is not kept, or a recipient who has been
    ///   noted.
    mutating func note(_ run: Int, of recipient: Name) -> Bool? {
        guard let index = kept.firstIndex(where: { $0.run == run }), kept[index].awaited.contains(recipient) else {
            return nil
        }
        kept[index].awaited.removeAll { $0 == recipient }
        guard kept[index].awaited.isEmpty else { return false }
        kept.remove(at: index)
        return true
    }

    /// Drops runs whose outputs were kept long enough.
    mutating func dropKept(at now: Session.Seconds) -> [Int] {
        let old = kept.filter { $0.end <= now }.map(\.run)
        kept.removeAll { $0.end <= now }
        return old
    }
}

/// A run that has ended, as those are told who decide on a later one.
public struct PastRun: Equatable, Sendable {
    public let run: Int
    /// What was asked, in the manifest's order.
    public let questions: [CommittedEntry]
    public let isReleased: Bool

    /// Joins the three.
    public init(run: Int, questions: [CommittedEntry], isReleased: Bool) {
        self.run = run
        self.questions = questions
        self.isReleased = isReleased
    }
}

/// A run whose outputs are kept.
public struct KeptRun: Equatable, Sendable {
    public let run: Int
    /// When they are dropped.
    public let end: Session.Seconds
    /// Recipients who have not confirmed that they have them.
    public fileprivate(set) var awaited: [Name]
}

extension Manifest {
    /// Who receives an output, in the manifest's order.
    public var recipients: [Name] { participants.map(\.name).filter(receives) }
}
