import Commitments
import Foundation
import Keys
import Lifecycle
import Primitives
import TestSupport
import Testing

/// Every way that a session can go, against what `Session` and docs/AGENT.md draw.
@Suite("The arrows between a session's stages")
struct SessionArrowsTests {
    private static let stages = [
        "awaitingManifest", "locking", "admitting", "reviewing", "executing", "holding", "concluding", "waiting",
        "finished", "ended",
    ]

    /// What random walks find from the lock on, and what comes before it.
    private func found() throws -> Set<String> {
        let scene = RunsScene()
        var numbers = SeededNumbers(seed: 21)
        var arrows: Set<String> = []
        for number in 0..<400 {
            var terms = RunsModel.Terms(random: &numbers)
            if number.isMultiple(of: 2) { terms = RunsModel.Terms(runs: 3, failures: 3, asksApproval: true) }
            if number.isMultiple(of: 3) { terms.holdsResults = true }
            var course = try RunsScene.Course(scene, terms)
            for _ in 0..<60 where course.model.place != .gone { try course.take(course.event(random: &numbers)) }
            arrows.formUnion(course.arrows.map(\.description))
        }
        // A stage that goes on as it was is no arrow.
        let staying = ["admitting", "reviewing", "holding", "executing", "waiting", "finished"]
        arrows.subtract(staying.map { "\($0) ─▶ \($0)" })
        return try arrows.union(beforeTheLock()).union(Self.stages.dropLast().map { "\($0) ─▶ ended" })
    }

    private func beforeTheLock() throws -> Set<String> {
        let fixture = SessionFixture()
        let manifest = try fixture.manifest()
        let waiting = Session(identity: fixture.identity, boundTo: manifest.manifest.bound)
        var locking = waiting
        _ = try locking.lock(manifest, fitsMachine: true)
        var locked = locking
        _ = try locked.locked(with: fixture.evidence(), at: 0)
        var failed = locking
        _ = try failed.lockFailed()
        return Set(
            [(waiting, locking), (locking, locked), (locking, failed)].map {
                Arrow(from: $0.stage, to: $1.stage).description
            })
    }

    @Test("lead from everywhere to the end, where somebody stops it")
    func stops() throws {
        let scene = RunsScene()
        var numbers = SeededNumbers(seed: 22)
        for _ in 0..<100 {
            var course = try RunsScene.Course(scene, RunsModel.Terms(random: &numbers))
            for _ in 0..<20 {
                try course.take(course.event(random: &numbers))
                var session = course.session
                _ = session.stop()
                guard case .ended = session.stage else { Issue.record("\(course.session.stage)"); return }
            }
        }
    }

    private func drawn(in path: String) throws -> Set<String> {
        let text = try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
        var arrows: Set<String> = []
        for line in text.split(separator: "\n") where line.contains(" ─▶ ") {
            let words = line.split(separator: " ").drop { $0 == "///" }
            if words.starts(with: ["every", "other"]) {
                arrows.formUnion(Self.stages.dropLast().map { "\($0) ─▶ ended" })
            } else {
                arrows.insert(words.prefix(3).joined(separator: " "))
            }
        }
        return arrows
    }

    @Test("are those that are drawn, and no others", arguments: ["Sources/Lifecycle/Session.swift", "docs/AGENT.md"])
    func drawing(_ path: String) throws {
        let (drawn, found) = try (drawn(in: path), found())
        #expect(drawn.subtracting(found) == [])
        #expect(found.subtracting(drawn) == [])
    }
}
