import Commitments
import Foundation
import Keys
import Lifecycle
import Primitives
import TestSupport
import Testing

/// Every event at every stage, against what `Session` and docs/AGENT.md draw.
@Suite("The arrows between a session's stages")
struct SessionArrowsTests {
    private let fixture = SessionFixture()

    private static let stages = [
        "awaitingManifest", "locking", "admitting", "executing", "concluding", "finished", "ended",
    ]

    private func sessions() throws -> [Session] {
        let manifest = try fixture.manifest()
        let waiting = Session(identity: fixture.identity, boundTo: manifest.manifest.bound)
        var locking = waiting
        _ = try locking.lock(manifest, fitsMachine: true)
        let executing = try fixture.executing()
        var completed = executing
        _ = try completed.conclude(.completed([try output()]))
        var failed = executing
        _ = try failed.conclude(.failed)
        var finished = failed
        _ = try finished.sealed(at: 0)
        var ended = waiting
        _ = ended.stop()
        var full = try fixture.locked()
        for slot in ["model", "rows"] { try fixture.submit(slot, to: &full) }
        return [waiting, locking, try fixture.locked(), full, executing, completed, failed, finished, ended]
    }

    private func output() throws -> OutputCommitment {
        OutputCommitment(name: try fixture.name("result"), salt: FixedBytes(repeating: 1), digest: fixture.data)
    }

    private func events() throws -> [(inout Session) throws -> Void] {
        let manifest = try fixture.manifest()
        let (evidence, lab, output) = (try fixture.evidence(), try fixture.name("lab"), try output())
        return [
            { _ = try $0.lock(manifest, fitsMachine: true) }, { _ = try $0.locked(with: evidence, at: 0) },
            { _ = try $0.lockFailed() }, { _ = try fixture.submit("extra", to: &$0) }, { _ = try $0.withdraw(lab) },
            { _ = try $0.conclude(.failed) }, { _ = try $0.conclude(.completed([output])) },
            { _ = try $0.sealed(at: 0) }, { _ = try $0.sealingFailed() }, { _ = $0.advance(to: .max) },
            { _ = $0.stop() },
        ]
    }

    private func name(_ stage: Session.Stage) throws -> String {
        try #require(Self.stages.first { "\(stage)".hasPrefix($0) })
    }

    private func found() throws -> Set<String> {
        var arrows: Set<String> = []
        for session in try sessions() {
            for event in try events() {
                var after = session
                do {
                    try event(&after)
                } catch {
                    #expect(after.stage == session.stage, "a refused event changes nothing")
                }
                if after.stage != session.stage {
                    arrows.insert("\(try name(session.stage)) ─▶ \(try name(after.stage))")
                }
            }
        }
        // An admission that goes on filling is no arrow.
        return arrows.subtracting(["admitting ─▶ admitting"])
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
        #expect(try drawn(in: path) == found())
    }
}
