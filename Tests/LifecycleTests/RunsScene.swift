import Commitments
import Keys
import Lifecycle
import Primitives
import TestSupport
import Testing

/// Three participants: code, data and questions, and two who decide.
struct RunsScene {
    let parties = [Party("lab", 1), Party("clinic", 2), Party("analyst", 3)]
    let machine = Party("machine", 4)
    let digest = SHA256Digest(sha256: Array("content".utf8))

    var lab: Name { name("lab") }
    var clinic: Name { name("clinic") }
    var analyst: Name { name("analyst") }

    func name(_ text: String) -> Name {
        guard let name = Name(text) else { preconditionFailure("a name of the scene") }
        return name
    }

    func manifest(_ terms: RunsModel.Terms) throws -> AgreedManifest {
        var draft = ManifestFixture(parties)
        let approval: (Int) -> JSONMember = { seconds in
            JSONMember("approval", ["by": ["lab", "clinic"], "seconds": .integer(seconds)])
        }
        draft.components = [
            ManifestFixture.component(
                "model", of: parties[0], digest, maximumBytes: 100, imports: ["twocvm:guest/files"])
        ]
        let text: JSONValue = ["kind": "text", "maximumCharacters": 100, "maximumLineCharacters": 100]
        draft.data = [
            ManifestFixture.data("rows", of: parties[1], maximumBytes: 100),
            ManifestFixture.data(
                "question", of: parties[2], maximumBytes: 100,
                more: [JSONMember("per", "run"), JSONMember("format", text)]
                    + (terms.asksApproval ? [approval(terms.questionSeconds)] : [])),
        ]
        draft.outputs = [
            ManifestFixture.output(
                "answer", to: [parties[2], parties[0]], maximumBytes: 100,
                more: terms.holdsResults ? [approval(terms.resultSeconds)] : [])
        ]
        draft.channels = [
            ManifestFixture.mount("rows", in: "model", at: "/data/rows"),
            ManifestFixture.mount("question", in: "model", at: "/data/question"),
            ManifestFixture.release("answer", of: "model", at: "/output/answer"),
        ]
        draft.limits = ManifestFixture.Limits(
            admissionSeconds: terms.admission, retentionSeconds: terms.retention, runs: terms.runs,
            failures: terms.failures, keepRuns: terms.kept)
        var signed = try SignedManifest(signing: try draft.manifest(), by: parties[0].signing)
        for party in parties.dropFirst() { try signed.sign(by: party.signing) }
        return AgreedManifest(try signed.complete())
    }

    /// A session and the rules side by side.
    struct Course {
        private let scene: RunsScene
        private(set) var session: Session
        private(set) var model: RunsModel
        /// What was concluded last.
        private(set) var conclusion: Conclusion?
        /// What the agent was told to do last.
        private(set) var actions: [Session.Action] = []
        /// From which stage to which it went.
        private(set) var arrows: Set<Arrow> = []
        /// The stages that it went through, one after the other: what a host sees.
        private(set) var trail: [String] = []

        init(_ scene: RunsScene, _ terms: RunsModel.Terms, _ known: AgreedManifest? = nil) throws {
            self.scene = scene
            let manifest = try known ?? scene.manifest(terms)
            session = Session(identity: scene.machine.publicKeys, boundTo: manifest.manifest.bound)
            _ = try session.lock(manifest, fitsMachine: true)
            let evidence = try #require(LockEvidence(bundle: [1], reportDigest: FixedBytes(repeating: 4)))
            _ = try session.locked(with: evidence, at: 0)
            model = RunsModel(terms, approvers: [scene.lab, scene.clinic], recipients: [scene.lab, scene.analyst])
        }

        /// Lets both take an event, and compares them.
        mutating func take(_ event: RunsModel.Event) throws {
            let before = session
            let isTaken = model.take(event)
            do {
                actions = try tell(event)
                note(before.stage)
                #expect(isTaken, "\(event) at \(Arrow.name(before.stage))")
            } catch {
                #expect(!isTaken, "\(event): \(error)")
                #expect(session.stage == before.stage, "a refused event changes nothing")
                actions = []
            }
            try follow()
            #expect(place == model.place, "\(event)")
            #expect(session.deadline == model.due, "\(event)")
            if let course = session.course {
                #expect(course.run == model.run)
                #expect(course.failures == model.failed)
                #expect(Set(course.kept.map(\.run)) == Set(model.shelf.keys))
            }
            let takesConfirmations = (try? session.require(stageFor: .acknowledgement)) != nil
            #expect(takesConfirmations == model.hasKey)
        }

        /// Does at once what an agent would: a run that was refused ends.
        private mutating func follow() throws {
            for action in actions {
                switch action {
                case .sealOutputs(let conclusion):
                    self.conclusion = conclusion
                    if case .completed = conclusion.outcome { #expect(model.isReleased) }
                case .skip(_, let failure):
                    let before = session.stage
                    actions = try session.conclude(.failed(failure), at: model.now)
                    note(before)
                    try follow()
                    return
                default: break
                }
            }
        }

        private mutating func note(_ before: Session.Stage) {
            arrows.insert(Arrow(from: before, to: session.stage))
            let stage = Arrow.name(session.stage)
            if trail.last != stage { trail.append(stage) }
        }

        private mutating func tell(_ event: RunsModel.Event) throws -> [Session.Action] {
            let now = model.now
            switch event {
            case .fill(let name):
                let sender = ["model": scene.lab, "rows": scene.clinic, "question": scene.analyst][name]
                let run = name == "question" ? session.course?.reference : nil
                let slot = try session.expect(
                    name, of: run, from: .participant(try #require(sender)), session: session.sessionID, length: 1)
                return try session.admit(slot, of: run, digest: scene.digest, byteCount: 1, at: now)
            case .answer(let name, let agrees):
                return try session.answer(try answer(agreeing: agrees), from: name, at: now)
            case .end(let completed):
                let output = OutputCommitment(
                    name: scene.name("answer"), salt: FixedBytes(repeating: 1), digest: scene.digest)
                return try session.conclude(completed ? .completed([output]) : .failed(.code), at: now)
            case .sealed:
                return try session.sealed(receipt?.digest ?? scene.digest, at: now)
            case .sealingFailed: return try session.sealingFailed()
            case .reviewFailed: return try session.reviewFailed(at: now)
            case .confirm(let run, let name): return try session.acknowledge(run, from: name, at: now)
            case .withdraw: return try session.withdraw(scene.clinic)
            case .wait: return session.advance(to: now)
            }
        }

        /// What would be sealed of the run that is concluded.
        var receipt: Receipt? {
            guard case .concluding(let conclusion) = session.stage else { return nil }
            return Receipt(conclusion, of: scene.machine.publicKeys, engine: "wasmtime 50.0.1")
        }

        /// The answer to what is decided on; to nothing, where nothing is.
        func answer(agreeing: Bool) throws -> Decision {
            let review: Review? =
                switch session.stage {
                case .reviewing(let review), .holding(let review): review
                default: nil
                }
            return Decision(
                session: session.sessionID, run: review?.admitted.course.reference ?? .first,
                to: review?.subject ?? .question, reviewed: review?.digest ?? scene.digest, agrees: agreeing)
        }

        private var place: RunsModel.Place? {
            switch session.stage {
            case .awaitingManifest, .locking: nil
            case .admitting: .collecting
            case .reviewing: .deciding
            case .executing: .running
            case .holding: .holding
            case .concluding: .sealing
            case .waiting: .full
            case .finished: .over
            case .ended: .gone
            }
        }

        /// Whatever comes next: more often what leads on.
        func event(random numbers: inout SeededNumbers) -> RunsModel.Event {
            let someone = [scene.lab, scene.clinic, scene.analyst].randomElement(using: &numbers) ?? scene.lab
            let agrees = Int.random(in: 0..<5, using: &numbers) > 0
            let onward: RunsModel.Event =
                switch model.place {
                case .collecting: .fill(model.missing.sorted().randomElement(using: &numbers) ?? "model")
                case .deciding, .holding: .answer(someone, agrees: agrees)
                case .running: .end(completed: agrees)
                case .sealing: .sealed
                case .full, .over, .gone: .confirm(run: Int.random(in: 1...4, using: &numbers), someone)
                }
            guard Int.random(in: 0..<4, using: &numbers) == 0 else { return onward }
            let anything: [RunsModel.Event] = [
                .fill("question"), .fill("rows"), .answer(someone, agrees: agrees), .end(completed: agrees), .sealed,
                .sealingFailed, .reviewFailed, .confirm(run: Int.random(in: 1...4, using: &numbers), someone),
                .withdraw, .wait(Int.random(in: 0...60, using: &numbers)), .wait(1), .wait(1),
            ]
            return anything.randomElement(using: &numbers) ?? .wait(1)
        }
    }
}

/// From one stage to another, by their names.
struct Arrow: Hashable, CustomStringConvertible {
    let from: String
    let to: String

    init(from: Session.Stage, to: Session.Stage) {
        (self.from, self.to) = (Self.name(from), Self.name(to))
    }

    // By hand: a stage's own description has all of its manifest, and a million of these are made.
    static func name(_ stage: Session.Stage) -> String {
        switch stage {
        case .awaitingManifest: "awaitingManifest"
        case .locking: "locking"
        case .admitting: "admitting"
        case .reviewing: "reviewing"
        case .executing: "executing"
        case .holding: "holding"
        case .concluding: "concluding"
        case .waiting: "waiting"
        case .finished: "finished"
        case .ended: "ended"
        }
    }

    var description: String { "\(from) ─▶ \(to)" }
}

extension RunsModel.Terms {
    init(random numbers: inout SeededNumbers) {
        let runs = Int.random(in: 1...4, using: &numbers)
        self.init(
            runs: runs, failures: Int.random(in: 1...runs, using: &numbers),
            kept: Int.random(in: 1...runs, using: &numbers), asksApproval: Bool.random(using: &numbers),
            holdsResults: Bool.random(using: &numbers))
    }
}
