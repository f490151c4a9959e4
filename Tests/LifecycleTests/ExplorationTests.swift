import Foundation
import Testing

/// Not some orders of events but all of them, as far as two runs go; `TWOCVM_EXPLORE_RUNS` says how far else.
@Suite("A session's states")
struct ExplorationTests {
    private static let runs = ProcessInfo.processInfo.environment["TWOCVM_EXPLORE_RUNS"].flatMap(Int.init) ?? 2

    @Test("keep what was promised in every state that they can come to, whatever is agreed")
    func everyState() throws {
        let scene = RunsScene()
        var (states, events, depth) = (0, 0, 0)
        for runs in 1...Self.runs {
            for (failures, kept) in (1...runs).flatMap({ failures in (1...runs).map { (failures, $0) } }) {
                for (asks, holds) in [(false, false), (true, false), (false, true), (true, true)] {
                    let terms = RunsModel.Terms(
                        runs: runs, failures: failures, kept: kept, asksApproval: asks, holdsResults: holds)
                    let found = try Exploration(scene, terms)
                    states += found.stateCount
                    events += found.eventCount
                    depth = max(depth, found.depth)
                }
            }
        }
        print("explored \(states) states by \(events) events to depth \(depth), for up to \(Self.runs) runs")
        #expect(states > 1000 && depth > 12)
    }
}
