import Commitments
import Lifecycle
import Primitives
import TestSupport
import Testing

/// Every state that the machines of a plan can come to, breadth first, by each thing that a host can do.
///
/// Beside each state goes one by the same deeds in which every run released its results. A host must see no difference.
struct PeersExploration {
    private(set) var stateCount = 0
    private(set) var eventCount = 0
    private(set) var depth = 0

    private struct Node {
        let scene: PeersScene
        /// What the same deeds come to where every run releases its results.
        let twin: PeersScene
    }

    private let numbers: [SHA256Digest: Int]
    private let deeds: [PeersScene.Deed]

    /// - Parameter attempts: of the two sites and the pool.
    init(attempts: [Int]) throws {
        var example = PlanExample()
        for (index, count) in attempts.enumerated() {
            example = example.plan("sessions.\(index).attempts", to: .integer(count))
        }
        let fresh = try PeersScene(example)
        numbers = Dictionary(
            fresh.machines.enumerated().map { ($1.session.sessionID, $0) }
        ) { first, _ in first }
        deeds = Self.deeds(fresh.machines.count)
        var seen: Set<String> = [try key(fresh)]
        var frontier = [Node(scene: fresh, twin: fresh)]
        while !frontier.isEmpty {
            var next: [Node] = []
            for node in frontier {
                stateCount += 1
                for deed in deeds {
                    guard let after = try take(deed, node) else { continue }
                    eventCount += 1
                    guard seen.insert(try key(after.scene)).inserted else { continue }
                    try hold(after)
                    next.append(after)
                }
            }
            depth += next.isEmpty ? 0 : 1
            frontier = next
        }
    }

    private static func deeds(_ count: Int) -> [PeersScene.Deed] {
        let all = 0..<count
        return all.flatMap { one -> [PeersScene.Deed] in
            [.bring(one), .conclude(one, released: true), .conclude(one, released: false), .seal(one)]
                + all.map { .introduce($0, to: one) }
                + all.flatMap { other in all.map { .move(from: one, sealedTo: other, to: $0) } }
        }
    }

    /// - Returns: `nil` where the machines refuse, which both must do.
    private func take(_ deed: PeersScene.Deed, _ node: Node) throws -> Node? {
        var (scene, twin) = (node.scene, node.twin)
        let isTaken = try scene.perform(deed)
        let isTakenByTwin = try twin.perform(released(deed))
        #expect(isTaken == isTakenByTwin, "\(deed) is refused by what nobody may see")
        return isTaken ? Node(scene: scene, twin: twin) : nil
    }

    private func released(_ deed: PeersScene.Deed) -> PeersScene.Deed {
        if case .conclude(let one, _) = deed { .conclude(one, released: true) } else { deed }
    }

    private func hold(_ node: Node) throws {
        try node.scene.hold()
        #expect(view(node.scene) == view(node.twin), "a host sees whether a run released its results")
    }

    /// What statuses, streams and deliveries show to a host.
    private func view(_ scene: PeersScene) -> [String] {
        scene.machines.map { machine in
            let course = machine.session.course
            let filled =
                if case .admitting(let admission) = machine.session.stage { admission.filled.count } else { -1 }
            let streams = machine.handedOver.keys.compactMap { numbers[$0] }.sorted()
            return "\(PeersScene.name(machine.session.stage)) \(filled) \(course?.affirmedPeerCount ?? 0) \(streams) "
                + "\(machine.hasForgotten)"
        }
    }

    private func key(_ scene: PeersScene) throws -> String {
        scene.machines.map { machine in
            let peers = (machine.session.course?.peers ?? []).compactMap { numbers[$0.sessionID] }.sorted()
            let parts = PeersScene.slots(of: machine.session.stage).map { filled in
                "\(filled.slot.name)\(filled.part.map { "<\(numbers[$0.session] ?? -1)\($0.isReleased)" } ?? "")"
            }.sorted()
            let streams = machine.handedOver.compactMap { key, value in numbers[key].map { "\($0)\(value)" } }.sorted()
            return "\(PeersScene.name(machine.session.stage)) \(peers) \(parts) \(streams) \(machine.executions) "
                + "\(machine.skips) \(machine.hasForgotten) \(machine.hasReleased.map(String.init) ?? "-")"
        }.joined(separator: "|")
    }
}
