import AgentAPI
import AgentService
import Commitments
import Foundation
import Keys
import Lifecycle
import Platform
import Plans
import Primitives
import Sealing
import TestSupport
import Testing

/// So many seeds; `TWOCVM_SIMULATIONS` says how many else.
private let seeds = UInt64(ProcessInfo.processInfo.environment["TWOCVM_SIMULATIONS"].flatMap(Int.init) ?? 12)

/// A session, its participants and the host between them, in one process: over a network that cuts, delays, repeats and
/// reorders what it carries, and a clock that the host moves. One seed is one course of events.
private struct SimulatedNetwork {
    /// One participant's message, until the session has taken it.
    private struct Message {
        let stream: [UInt8]
        var isTaken = false
    }

    /// One connection that carries a message, as far as it has come.
    private struct Flight {
        let message: Int
        let submission: IncomingSubmission
        var rest: ArraySlice<UInt8>
    }

    let scene: SessionScene
    let host: SessionHost
    private var numbers: SeededNumbers
    private var messages: [Message]
    private var flights: [Flight] = []
    private(set) var hasWithdrawn = false
    /// How many submissions were answered with a filled slot.
    private(set) var acceptedCount = 0
    private let deadline: Int
    /// In one of three, somebody withdraws or the clock runs past the admission.
    private let isHarsh: Bool

    init(seed: UInt64) async throws {
        var numbers = SeededNumbers(seed: seed)
        var scene = try SessionScene()
        scene.data = (0..<Int.random(in: 0...4096, using: &numbers)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        isHarsh = seed % 3 == 0
        host = try await scene.lockedHost()
        deadline = scene.clock.seconds + 100
        messages = try [scene.componentStream(to: host), scene.dataStream(to: host)].map { Message(stream: $0) }
        self.scene = scene
        self.numbers = numbers
    }

    private mutating func chance(_ one: Int, in all: Int) -> Bool { Int.random(in: 0..<all, using: &numbers) < one }

    /// Lets things happen until the session waits for nothing more.
    mutating func run() async throws {
        for _ in 0..<4000 where host.status.stage == .admitting {
            if chance(1, in: 4) { try await begin() }
            if !flights.isEmpty { try await step() }
            if chance(1, in: 40) { await advance(by: isHarsh ? Int.random(in: 0...60, using: &numbers) : 1) }
            if isHarsh, chance(1, in: 300) { try await withdraw() }
        }
        // Whatever is still on its way comes too late, and must change nothing.
        while !flights.isEmpty { try await step() }
    }

    /// A client sends what it has no answer to, and the host repeats what it has recorded.
    private mutating func begin() async throws {
        let number = Int.random(in: 0..<messages.count, using: &numbers)
        let stream = messages[number].stream
        do {
            let submission = try await scene.begin(stream, to: host)
            flights.append(
                Flight(
                    message: number, submission: submission,
                    rest: stream.dropFirst(SessionHost.prologueByteCount)))
        } catch let error as AgentError {
            let expected: Set<AgentError> = [
                .busy, .slotFilled, .notAdmitting, .withdrawn, .admissionExpired, .tooLateToWithdraw,
            ]
            #expect(expected.contains(error), "\(error) to a whole message")
        }
    }

    /// Some connection carries a piece, ends, or is cut.
    private mutating func step() async throws {
        let index = Int.random(in: 0..<flights.count, using: &numbers)
        if chance(1, in: 30) {
            flights.remove(at: index)
            return
        }
        do {
            if flights[index].rest.isEmpty {
                let flight = flights.remove(at: index)
                _ = try await flight.submission.finish()
                acceptedCount += 1
                #expect(!messages[flight.message].isTaken, "a slot is filled once")
                messages[flight.message].isTaken = true
                return
            }
            let piece = flights[index].rest.prefix(Int.random(in: 1...900, using: &numbers))
            flights[index].rest = flights[index].rest.dropFirst(piece.count)
            try await flights[index].submission.append(piece)
        } catch {
            let expected: Set<AgentError> = [.busy, .slotFilled, .withdrawn, .admissionExpired, .notAdmitting]
            #expect(expected.contains(error), "\(error) to a message that came in order")
            if flights.indices.contains(index) { flights.remove(at: index) }
        }
    }

    private mutating func withdraw() async throws {
        let stream = try scene.stream(.withdrawal, [], by: scene.auditor, to: host)
        if (try? await host.withdraw(stream)) != nil { hasWithdrawn = true }
    }

    private func advance(by seconds: Int) async {
        scene.clock.seconds += seconds
        await host.advance(to: scene.clock.seconds)
    }

    /// What must hold, however it went.
    func hold() async throws {
        if host.status.stage == .executing || host.status.stage == .admitting && acceptedCount == 2 {
            await SessionScene.wait(for: .finished, of: host)
        }
        switch host.status.stage {
        case .finished:
            #expect(acceptedCount == 2 && !hasWithdrawn)
            let clinic = try await scene.outputs(of: scene.clinic, from: host)
            #expect(clinic.receipt.ending == .completed)
            let isRight = clinic.outputs == [scene.data]
            #expect(isRight, "the clinic gets its data back")
            for party in [scene.lab, scene.auditor] {
                #expect(try await scene.outputs(of: party, from: host).receipt == clinic.receipt)
            }
        case .ended:
            #expect(host.status.end == (hasWithdrawn ? .withdrawn : .admissionExpired))
            #expect(hasWithdrawn || scene.clock.seconds >= deadline)
        default: #expect(!isHarsh && acceptedCount < 2, "clients that try again get through: \(host.status.stage)")
        }
        await scene.place.empties()
    }
}

@Suite("A network that does what it likes", .timeLimit(.minutes(20)))
struct NetworkSimulationTests {
    @Test("lets a session come to its results or to its end, and to nothing else", arguments: 1...seeds)
    func session(_ seed: UInt64) async throws {
        var network = try await SimulatedNetwork(seed: seed)
        try await network.run()
        try await network.hold()
    }

    @Test(
        "lets the machines of a plan come to the right result or to none, whichever of them crash", arguments: 1...seeds
    )
    func plan(_ seed: UInt64) async throws {
        var network = try SimulatedPlan(seed: seed)
        for _ in 0..<60 { try await network.step() }
        try await network.hold()
    }
}

/// The machines of a plan, and a host that starts them, shows them to each other, moves and repeats parts, and lets
/// some of them crash.
private struct SimulatedPlan {
    let scene: PlannedScene
    private var numbers: SeededNumbers
    private var machines: [(session: String, machine: PlannedScene.Machine, isDead: Bool)] = []
    private var parts: [(stream: [UInt8], receiver: SHA256Digest)] = []

    init(seed: UInt64) throws {
        scene = try PlannedScene()
        numbers = SeededNumbers(seed: seed)
    }

    private mutating func pick() -> Int? { machines.indices.randomElement(using: &numbers) }

    mutating func step() async throws {
        let session = ["site-a", "site-b", "pool"][Int.random(in: 0..<3, using: &numbers)]
        switch Int.random(in: 0..<12, using: &numbers) {
        case 0, 1:
            // As many as the plan allows, and one more: the others do not take it.
            guard machines.count(where: { $0.session == session }) < 3 else { return }
            let machine = try await scene.machine(session)
            machines.append((session, machine, false))
            // Participants bring what is theirs to every machine that they can attest.
            try await scene.bring(to: machine)
        case 2...5:
            guard let one = pick(), let other = pick() else { return }
            do {
                try await scene.introduce(machines[other].machine, to: machines[one].machine)
            } catch let error as AgentError {
                let expected: Set<AgentError> = [.noSuchPeer, .peerNotWanted, .stopped]
                #expect(expected.contains(error), "\(error) to evidence that holds")
            }
        case 6, 7: try await collect()
        case 8...10:
            guard let part = parts.randomElement(using: &numbers), let to = pick() else { return }
            do {
                try await scene.submit(part.stream, to: machines[to].machine)
                #expect(machines[to].machine.host.status.sessionID == part.receiver, "it opens on no other machine")
            } catch let error as AgentError {
                let expected: Set<AgentError> = [
                    .cannotOpen, .slotFilled, .notAdmitting, .stopped, .signatureRefused, .busy,
                ]
                #expect(expected.contains(error), "\(error) to a part")
            }
        default:
            guard let one = pick(), Int.random(in: 0..<3, using: &numbers) == 0 else { return }
            await machines[one].machine.host.end()
            machines[one].isDead = true
        }
    }

    /// Fetches what some machine has sealed to some other, if it has.
    private mutating func collect() async throws {
        guard let one = pick(), let other = pick() else { return }
        let plan = try scene.plan().plan
        let (from, to) = (machines[one], machines[other])
        guard
            let flow = plan.flows.first(where: {
                $0.from.description == from.session && $0.to.description == to.session
            })
        else { return }
        let receiver = to.machine.host.status.sessionID
        let token = FlowToken(flow, plan: plan.digest).stream(to: receiver)
        guard let sealed = try? await from.machine.host.outputs(token) else { return }
        parts.append((try sealed.file.read(upTo: sealed.byteCount, at: 0), receiver))
    }

    func hold() async throws {
        for (session, machine, isDead) in machines where !isDead {
            if machine.host.status.stage == .executing { await PlannedScene.wait(for: machine) }
            guard machine.host.status.stage == .finished else { continue }
            let received = try await scene.received(by: PlanExample.parties[2], from: machine)
            #expect(received.receipt.ending == .completed)
            #expect(received.receipt.plan?.session.description == session)
            if session == "pool" { #expect(received.outputs == [try #require(scene.data["site-a"])]) }
            let deliveries = try await machine.host.deliveries
            #expect(deliveries.count <= 2)
        }
        #expect(machines.allSatisfy { $0.isDead == ($0.machine.host.status.stage == .ended) })
    }
}
