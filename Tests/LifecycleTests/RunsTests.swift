import Commitments
import Keys
import Lifecycle
import Primitives
import TestSupport
import Testing

/// Sessions with several runs, questions and results that somebody decides on: in every order of events, against rules
/// that were written apart.
@Suite("A session's runs")
struct RunsTests {
    private let scene = RunsScene()

    @Test("follow the rules in a million orders of events")
    func orders() throws {
        var numbers = SeededNumbers(seed: 20)
        var steps = 0
        var seen: [RunsModel.Place: Int] = [:]
        var manifests: [RunsModel.Terms: AgreedManifest] = [:]
        func manifest(_ terms: RunsModel.Terms) throws -> AgreedManifest {
            if let known = manifests[terms] { return known }
            let made = try scene.manifest(terms)
            manifests[terms] = made
            return made
        }
        while steps < 1_000_000 {
            let terms = RunsModel.Terms(random: &numbers)
            var course = try RunsScene.Course(scene, terms, manifest(terms))
            for _ in 0..<60 where course.model.place != .gone {
                try course.take(course.event(random: &numbers))
                seen[course.model.place, default: 0] += 1
                steps += 1
            }
        }
        // Nowhere was left out.
        for place in [RunsModel.Place.collecting, .deciding, .running, .holding, .sealing, .full, .over, .gone] {
            #expect(seen[place, default: 0] > 1000, "\(place)")
        }
    }

    @Test("release nothing that somebody refused, and say so at the end alone")
    func refusal() throws {
        var course = try RunsScene.Course(scene, RunsModel.Terms(runs: 2, failures: 2, holdsResults: true))
        for slot in ["model", "rows", "question"] { try course.take(.fill(slot)) }
        try course.take(.end(completed: true))
        try course.take(.answer(scene.lab, agrees: false))
        // The other one is waited for all the same.
        #expect(course.model.place == .holding)
        try course.take(.answer(scene.clinic, agrees: true))
        let conclusion = try #require(course.conclusion)
        #expect(conclusion.outcome == .failed(.refused(.result, by: [scene.lab], silent: [])))
        #expect(!conclusion.isLast)
    }

    @Test("go through the same stages whether a run released something, failed, or was refused by a word or by silence")
    func stages() throws {
        let terms = RunsModel.Terms(runs: 2, failures: 2, kept: 2, asksApproval: true, holdsResults: true)
        var trails: Set<[String]> = []
        // The two who decide on the question, how the code ends, and the two who decide on the result.
        let courses: [(question: [Bool?], ends: Bool, result: [Bool?], isReleased: Bool)] = [
            ([true, true], true, [true, true], true), ([true, true], false, [true, true], false),
            ([false, true], true, [true, true], false), ([true, true], true, [true, false], false),
            ([nil, true], true, [true, true], false), ([true, true], true, [nil, nil], false),
        ]
        for (question, ends, result, isReleased) in courses {
            var course = try RunsScene.Course(scene, terms)
            for slot in ["model", "rows", "question"] { try course.take(.fill(slot)) }
            try decide(question, in: &course)
            if course.model.place == .running { try course.take(.end(completed: ends)) }
            try decide(result, in: &course)
            try course.take(.sealed)
            #expect(course.session.course?.past.last?.isReleased == isReleased)
            trails.insert(course.trail)
        }
        #expect(trails == [["admitting", "reviewing", "executing", "holding", "concluding", "admitting"]])
    }

    /// Those who decide say what they say; where one says nothing, their time runs out.
    private func decide(_ answers: [Bool?], in course: inout RunsScene.Course) throws {
        for (name, answer) in zip([scene.lab, scene.clinic], answers) {
            if let answer { try course.take(.answer(name, agrees: answer)) }
        }
        if answers.contains(nil) { try course.take(.wait(60)) }
    }

    @Test("take an answer once, to this run and to this review")
    func answers() throws {
        var course = try RunsScene.Course(scene, RunsModel.Terms(runs: 2, failures: 2, asksApproval: true))
        for slot in ["model", "rows", "question"] { try course.take(.fill(slot)) }
        let session = course.session
        let right = try course.answer(agreeing: true)
        func refusal(_ answer: Decision, from sender: Name) -> SessionError? {
            var copy = session
            do throws(SessionError) {
                _ = try copy.answer(answer, from: sender, at: 0)
                return nil
            } catch {
                #expect(copy.stage == session.stage)
                return error
            }
        }
        func changed(
            session: SHA256Digest? = nil, run: RunReference? = nil, to subject: Review.Subject? = nil,
            reviewed: SHA256Digest? = nil
        ) -> Decision {
            Decision(
                session: session ?? right.session, run: run ?? right.run, to: subject ?? right.subject,
                reviewed: reviewed ?? right.reviewed, agrees: true)
        }
        let other = SHA256Digest(sha256: [1])
        #expect(refusal(right, from: scene.lab) == nil)
        #expect(refusal(right, from: scene.analyst) == .notAnApprover)
        #expect(refusal(changed(session: other), from: scene.lab) == .otherSession)
        #expect(refusal(changed(run: RunReference(number: 2, previous: other)), from: scene.lab) == .otherRun)
        #expect(refusal(changed(run: RunReference(number: 1, previous: other)), from: scene.lab) == .otherRun)
        #expect(refusal(changed(to: .result), from: scene.lab) == .otherReview)
        #expect(refusal(changed(reviewed: other), from: scene.lab) == .otherReview)
        try course.take(.answer(scene.lab, agrees: true))
        var answered = course.session
        #expect(throws: SessionError.answered) { try answered.answer(right, from: scene.lab, at: 0) }
    }

    @Test("take a question for the next run alone")
    func questions() throws {
        var course = try RunsScene.Course(scene, RunsModel.Terms(runs: 3, failures: 3, kept: 3))
        for slot in ["model", "rows", "question"] { try course.take(.fill(slot)) }
        try course.take(.end(completed: true))
        try course.take(.sealed)
        let session = course.session
        let reference = try #require(session.course?.reference)
        #expect(reference.number == 2)
        let other = RunReference(number: 3, previous: reference.previous)
        for wrong in [nil, .first, RunReference(number: 2, previous: SHA256Digest(sha256: [9])), other] {
            #expect(throws: SessionError.otherRun) {
                try session.expect(
                    "question", of: wrong, from: .participant(scene.analyst), session: session.sessionID, length: 1)
            }
        }
        _ = try session.expect(
            "question", of: reference, from: .participant(scene.analyst), session: session.sessionID, length: 1)
        // It was expected before, and another run began while it came.
        var current = session
        let slot = try session.expect(
            "question", of: reference, from: .participant(scene.analyst), session: session.sessionID, length: 1)
        for wrong in [nil, .first, RunReference(number: 2, previous: SHA256Digest(sha256: [9]))] {
            #expect(throws: SessionError.otherRun) {
                try current.admit(slot, of: wrong, digest: scene.digest, byteCount: 1, at: 0)
            }
        }
        #expect(current.stage == session.stage)
        #expect(throws: SessionError.slotFilled(try #require(Name("rows")))) {
            try session.expect("rows", of: nil, from: .participant(scene.clinic), session: session.sessionID, length: 1)
        }
    }

    @Test("end with a receipt that says so, once something was released")
    func closing() throws {
        var course = try RunsScene.Course(scene, RunsModel.Terms(runs: 3, failures: 3, kept: 3))
        for slot in ["model", "rows", "question"] { try course.take(.fill(slot)) }
        try course.take(.end(completed: true))
        try course.take(.sealed)
        try course.take(.wait(100))
        let conclusion = try #require(course.conclusion)
        #expect(conclusion.outcome == .failed(.expired))
        #expect(conclusion.isLast)
        #expect(conclusion.admitted.slots.map(\.slot.name.description) == ["model", "rows"])
    }
}
