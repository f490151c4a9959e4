import Commitments
import Lifecycle
import Primitives
import Testing

/// Every state that a session can come to under some terms, breadth first: each event at each state, and what must hold
/// whatever came before.
///
/// Two states are one where nothing that follows can tell them apart: moments count from now on, and receipts by how
/// many there are.
struct Exploration {
    private let scene: RunsScene
    private let terms: RunsModel.Terms
    private(set) var stateCount = 0
    private(set) var eventCount = 0
    private(set) var depth = 0

    /// A session, and the receipts that it gave out.
    private struct Node {
        var course: RunsScene.Course
        var receipts: [Receipt] = []
    }

    init(_ scene: RunsScene, _ terms: RunsModel.Terms) throws {
        self.scene = scene
        self.terms = terms
        let start = Node(course: try RunsScene.Course(scene, terms))
        var seen: Set<State> = [State(start.course)]
        var level = [start]
        while !level.isEmpty {
            var next: [Node] = []
            for node in level {
                try requireStop(at: node.course.session)
                try requireSameView(after: node)
                for event in events(at: node.course) {
                    let after = try step(from: node, event)
                    eventCount += 1
                    if seen.insert(State(after.course)).inserted { next.append(after) }
                }
            }
            level = next
            if !next.isEmpty { depth += 1 }
        }
        stateCount = seen.count
    }

    /// Whatever anybody, the machine or time can do: also what is refused.
    private func events(at course: RunsScene.Course) -> [RunsModel.Event] {
        var events: [RunsModel.Event] = ["model", "rows", "question"].map { .fill($0) }
        for name in [scene.lab, scene.clinic, scene.analyst] {
            events += [.answer(name, agrees: true), .answer(name, agrees: false)]
        }
        events += [.end(completed: true), .end(completed: false), .sealed, .sealingFailed, .reviewFailed, .withdraw]
        for run in 1...terms.runs { events += [.confirm(run: run, scene.lab), .confirm(run: run, scene.analyst)] }
        events.append(.confirm(run: 1, scene.clinic))
        let moments = State(course).moments.sorted()
        if let first = moments.first, let last = moments.last {
            events += Set([first - 1, first, last]).filter { $0 > 0 }.sorted().map { .wait($0) }
        }
        return events
    }

    private func step(from node: Node, _ event: RunsModel.Event) throws -> Node {
        var after = node
        let receipt = node.course.receipt
        try after.course.take(event)
        try requireConsent(before: node.course.session, event, after.course.actions)
        try requireKey(before: node.course.session, after.course)
        if case .sealed = event, let receipt, after.course.session.stage != node.course.session.stage {
            after.receipts.append(receipt)
            let chain = try ReceiptChain(after.receipts)
            #expect(chain.newestRun == after.receipts.count, "each run has one receipt")
            #expect(chain.hasEnded == (Arrow.name(after.course.session.stage) == "finished"))
        }
        try requireSlots(after.course.session)
        return after
    }
}

// What must hold.
extension Exploration {
    /// Nothing runs and nothing leaves but with every slot filled and everyone's yes.
    private func requireConsent(
        before: Session, _ event: RunsModel.Event, _ actions: [Session.Action]
    ) throws {
        for action in actions {
            switch action {
            case .execute(let admitted):
                #expect(admitted.slots.count == admitted.course.slotCount, "nothing runs with an open slot")
                if terms.asksApproval { #expect(isLastYes(before.stage, event), "nothing runs without every yes") }
            case .sealOutputs(let conclusion):
                guard case .completed = conclusion.outcome else { continue }
                if terms.holdsResults {
                    #expect(isLastYes(before.stage, event), "nothing leaves without every yes")
                } else {
                    #expect(event == .end(completed: true), "nothing leaves but of a run that completed")
                }
            case .erase: #expect(actions.contains(.erase))
            default: break
            }
        }
    }

    /// Whether the event is the yes that was missing.
    private func isLastYes(_ stage: Session.Stage, _ event: RunsModel.Event) -> Bool {
        guard case .answer(let name, agrees: true) = event else { return false }
        switch stage {
        case .reviewing(let review), .holding(let review):
            let others = review.approvers.filter { $0 != name }
            return review.approvers.contains(name) && others.allSatisfy { review.answers[$0] == true }
        default: return false
        }
    }

    /// A key that is destroyed opens nothing, and is destroyed once and before anything else.
    private func requireKey(before: Session, _ course: RunsScene.Course) throws {
        let (opened, opens) = (takesAnything(before), takesAnything(course.session))
        #expect(opened || !opens, "a destroyed key opens nothing")
        let places = course.actions.indices.filter { course.actions[$0] == .destroySealingKey }
        #expect(places.isEmpty || opened, "a key is destroyed once")
        #expect(places.count <= 1)
        let goesOn = course.actions.contains { action in
            if case .execute(let admitted) = action {
                admitted.course.run == terms.runs && !terms.holdsResults
            } else {
                false
            }
        }
        #expect(!goesOn || !opens, "the last run begins with the key destroyed")
    }

    private func takesAnything(_ session: Session) -> Bool {
        [Session.Message.submission, .answer, .acknowledgement, .withdrawal].contains { message in
            (try? session.require(stageFor: message)) != nil
        }
    }

    /// A slot is filled once, and by its provider alone.
    private func requireSlots(_ session: Session) throws {
        guard case .admitting(let admission) = session.stage else { return }
        #expect(admission.open.count + admission.filled.count == admission.course.slotCount)
        for filled in admission.filled {
            let slot = filled.slot
            #expect(throws: SessionError.slotFilled(slot.name)) {
                try session.expect(
                    slot.name.description, of: admission.course.reference(for: slot), from: slot.provider,
                    session: session.sessionID, length: 1)
            }
        }
        for slot in admission.open {
            let others = [scene.lab, scene.clinic, scene.analyst].filter { Optional($0) != slot.provider.participant }
            for other in others {
                #expect(throws: SessionError.notTheProvider(slot.name)) {
                    try session.expect(
                        slot.name.description, of: admission.course.reference(for: slot), from: .participant(other),
                        session: session.sessionID, length: 1)
                }
            }
        }
    }

    /// The operator's stop ends the session at once, and leaves nothing.
    private func requireStop(at session: Session) throws {
        var stopped = session
        let actions = stopped.stop()
        guard Arrow.name(session.stage) != "ended" else {
            #expect(actions.isEmpty)
            return
        }
        #expect(actions.last == .erase && stopped.course == nil && stopped.deadline == nil)
        #expect(!takesAnything(stopped))
        #expect(actions.contains(.destroySealingKey) == takesAnything(session))
    }

    /// Who looks from outside sees the same, however the code ends and whatever those who decide say last.
    private func requireSameView(after node: Node) throws {
        let ways: [RunsModel.Event]
        switch node.course.model.place {
        case .running: ways = [.end(completed: true), .end(completed: false)]
        case .holding:
            ways = [scene.lab, scene.clinic].flatMap { name in
                [.answer(name, agrees: true), .answer(name, agrees: false)] as [RunsModel.Event]
            }
        default: return
        }
        var views: Set<View> = []
        for way in ways {
            var after = node.course
            try after.take(way)
            // Whoever has answered is refused, and that shows to nobody else.
            if after.session.stage != node.course.session.stage { views.insert(View(after)) }
        }
        #expect(views.count <= 1, "at \(node.course.model.place): \(views)")
    }
}

/// What a host can see, and whoever asks for the status.
private struct View: Hashable {
    let stage: String
    let run: Int?
    let kept: Int?
    let secondsLeft: Int?
    let given: Int

    init(_ course: RunsScene.Course) {
        let session = course.session
        stage = Arrow.name(session.stage)
        run = session.course?.run
        kept = session.course?.kept.count
        secondsLeft = session.deadline.map { $0 - course.model.now }
        switch session.stage {
        case .reviewing(let review), .holding(let review): given = review.answers.count
        default: given = 0
        }
    }
}

/// All of a session that what follows depends on.
private struct State: Hashable {
    let stage: String
    let run: Int
    let failures: Int
    let secondsLeft: Int?
    let kept: [Kept]
    let open: Set<Name>
    let answers: [Name: Bool]
    let isCompleted: Bool
    let isLast: Bool
    let takesConfirmations: Bool

    struct Kept: Hashable {
        let run: Int
        let secondsLeft: Int
        let awaited: [Name]
    }

    /// When time alone changes something.
    var moments: [Int] { kept.map(\.secondsLeft) + (secondsLeft.map { [$0] } ?? []) }

    init(_ course: RunsScene.Course) {
        let (session, now) = (course.session, course.model.now)
        stage = Arrow.name(session.stage)
        run = session.course?.run ?? 0
        failures = session.course?.failures ?? 0
        secondsLeft = session.deadline.map { $0 - now }
        kept = (session.course?.kept ?? []).map { Kept(run: $0.run, secondsLeft: $0.end - now, awaited: $0.awaited) }
        takesConfirmations = (try? session.require(stageFor: .acknowledgement)) != nil
        var (open, answers, outcome, isLast) = (Set<Name>(), [Name: Bool](), SessionOutcome?.none, false)
        switch session.stage {
        case .admitting(let admission): open = Set(admission.open.map(\.name))
        case .reviewing(let review), .holding(let review): (answers, outcome) = (review.answers, review.outcome)
        case .concluding(let conclusion): (outcome, isLast) = (conclusion.outcome, conclusion.isLast)
        default: break
        }
        (self.open, self.answers, self.isLast) = (open, answers, isLast)
        isCompleted = if case .completed? = outcome { true } else { false }
    }
}
