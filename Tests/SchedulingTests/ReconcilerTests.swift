import Keys
import Primitives
import Scheduling
import Testing

@Suite("A reconciler")
struct ReconcilerTests {
    /// Up and admitting.
    private func begun(_ sites: Int = 2, attempts: Int = 2, poolAttempts: Int = 1) throws -> SimulatedRun {
        var run = SimulatedRun(try star(sites, attempts: attempts, poolAttempts: poolAttempts))
        run.step(4)
        return run
    }

    @Test("brings a run to its end, receivers first, and ends every machine")
    func whole() throws {
        var run = try begun(3)
        #expect(run.starts.first == 0 && run.starts.sorted() == [0, 1, 2, 3])
        for site in 1...3 { run.go(machine(site), .finished) }
        run.step(12)
        #expect(run.reconciler.state(at: run.now) == .finished)
        #expect(run.deliveries.count == 3)
        #expect(run.folder.values.allSatisfy { $0.isCollected && $0.end == .done })
        #expect(run.tasks.isEmpty)
    }

    @Test("introduces both ways before anything is handed over, one newcomer at a time to each")
    func introductions() throws {
        var run = try begun(2)
        run.step(6)
        let pairs = run.history.compactMap { if case .introduce(let pair) = $0 { pair } else { nil } }
        #expect(Set(pairs.map { [$0.newcomer, $0.host] }).count == 4 && pairs.count == 4)
        #expect(pairs.allSatisfy { $0.nonce == run.answers[$0.host]?.peerNonce })
        #expect(run.deliveries.isEmpty)
    }

    @Test("hands nothing over where one side refused the other")
    func refusedPeer() throws {
        var run = SimulatedRun(try star(2))
        run.outcome = { action in
            if case .introduce(let pair) = action, pair.newcomer.session == 1 { .refused } else { .done }
        }
        run.step(4)
        for site in 1...2 { run.go(machine(site), .finished) }
        run.step(20)
        #expect(run.deliveries.map(\.sender.session) == [2])
        #expect(run.count { if case .introduce(let pair) = $0 { pair.newcomer.session == 1 } else { false } } == 1)
    }

    @Test("starts another attempt where a machine died, and none when all are used")
    func retries() throws {
        var run = try begun(1, attempts: 2)
        run.vanish(machine(1))
        run.step(120)
        #expect(run.starts.filter { $0 == 1 }.count == 2 && run.folder[machine(1, 2)] != nil)
        run.vanish(machine(1, 2))
        run.step(120)
        #expect(run.starts.filter { $0 == 1 }.count == 2)
        #expect(run.reconciler.state(at: run.now) == .failed(sessions: [1]))
    }

    @Test("waits for a machine that its engine still lists, and uses one that it does not list and that answers")
    func cutLink() throws {
        var run = try begun(1)
        let task = try #require(run.folder[machine(1)]?.task)
        let answer = run.answers.removeValue(forKey: machine(1))
        run.step(200)
        #expect(run.starts.filter { $0 == 1 }.count == 1)
        // The engine starts the same task elsewhere, while the old machine goes on.
        run.boot(1, task: task)
        run.answers[machine(1)] = answer
        run.go(machine(1), .finished)
        run.go(machine(1, 2), .finished)
        run.step(200)
        #expect(run.reconciler.state(at: run.now) == .finished)
        #expect(run.deliveries.count == 1)
        #expect(run.starts.filter { $0 == 1 }.count == 1)
    }

    @Test("goes on after it was killed at any moment, and repeats no delivery", arguments: 0..<14)
    func killed(_ moment: Int) throws {
        var run = SimulatedRun(try star(2))
        for step in 0..<60 {
            if step == moment { run.restart() }
            run.step()
            for site in 1...2 where run.answers[machine(site)] != nil { run.go(machine(site), .finished) }
        }
        #expect(run.reconciler.state(at: run.now) == .finished)
        #expect(run.starts.sorted() == [0, 1, 2])
        #expect(run.deliveries.count == 2)
    }

    @Test("brings a receiver's second machine everything, from senders that were kept for it")
    func secondReceiver() throws {
        var run = try begun(2, poolAttempts: 2)
        run.go(machine(1), .finished)
        run.step(10)
        #expect(run.deliveries.map(\.edge) == [0])
        #expect(run.endings.isEmpty, "a machine that may be needed again goes on")
        run.vanish(machine(0))
        run.step(120)
        run.go(machine(2), .finished)
        run.step(20)
        #expect(run.deliveries.map(\.receiver) == [machine(0), machine(0, 2), machine(0, 2)])
        #expect(run.reconciler.state(at: run.now) == .finished)
    }

    @Test("keeps a sender that has finished while its receiver is not locked yet")
    func lateReceiver() throws {
        var run = SimulatedRun(try star(1))
        run.step(3)
        run.go(machine(0), .awaitingLock)
        run.go(machine(1), .finished)
        run.step(30)
        #expect(run.folder[machine(1)]?.isCollected == true && run.endings.isEmpty)
        run.go(machine(0), .admitting)
        run.step(12)
        #expect(run.reconciler.state(at: run.now) == .finished)
    }

    @Test("lets machines go when others wait for their place")
    func places() throws {
        var options = Reconciler.Options()
        options.maximumMachines = 2
        var run = SimulatedRun(try star(4, poolAttempts: 2), options)
        for _ in 0..<80 {
            run.step()
            #expect(run.tasks.count <= 2)
            for site in 1...4 where run.answers[machine(site)] != nil { run.go(machine(site), .finished) }
        }
        #expect(run.reconciler.state(at: run.now) == .finished)
        #expect(run.starts.sorted() == [0, 1, 2, 3, 4])
    }

    @Test("has an engine with a queue start everything at once, and drops what nobody needs")
    func queue() throws {
        var options = Reconciler.Options()
        options.engineQueues = true
        var run = SimulatedRun(try star(2), options)
        run.step()
        #expect(run.starts == [0, 1, 2])
        run.tasks.append(EngineTask(id: "late", session: 1, isRunning: false))
        run.step(4)
        for site in 1...2 { run.go(machine(site), .finished) }
        run.step(12)
        #expect(run.reconciler.state(at: run.now) == .finished && run.tasks.isEmpty)
    }

    @Test("starts nothing while its engine does not answer")
    func silentEngine() throws {
        var run = SimulatedRun(try star(2))
        run.step(50, lookingAtEngine: false)
        #expect(run.starts.isEmpty)
        run.step(4)
        run.vanish(machine(1))
        run.step(200, lookingAtEngine: false)
        #expect(run.starts.filter { $0 == 1 }.count == 1)
    }

    @Test("gives a session up whose tasks never come to a machine")
    func vainStarts() throws {
        var run = SimulatedRun(try star(1))
        run.outcome = { action in if case .start(let session) = action, session == 1 { .later } else { .done } }
        run.step(600)
        #expect(run.reconciler.state(at: run.now) == .running, "an engine that takes nothing may take it later")
        var other = SimulatedRun(try star(1))
        other.step(4)
        for _ in 0..<200 {
            other.tasks.removeAll { $0.session == 1 }
            other.folder = other.folder.filter { $0.key.session == 0 }
            other.step()
        }
        #expect(other.starts.filter { $0 == 1 }.count <= 8)
        #expect(other.reconciler.state(at: other.now) == .failed(sessions: [1]))
    }

    @Test("fetches a second machine's receipt too, if its stream was the one that was taken")
    func secondReceipt() throws {
        var run = try begun(1)
        run.go(machine(1), .finished)
        run.boot(1)
        run.go(machine(1, 2), .finished)
        var tries = 0
        run.outcome = { action in
            if case .hand(let delivery) = action, delivery.sender == machine(1) { return .refused }
            guard action == .collect(machine(1, 2)) else { return .done }
            tries += 1
            return tries < 3 ? .later : .done
        }
        run.step(30)
        #expect(run.deliveries.last?.sender == machine(1, 2))
        #expect(run.folder[machine(1, 2)]?.isCollected == true)
        #expect(run.reconciler.isQuiet)
    }

    @Test("ends everything when it is stopped")
    func stop() throws {
        var run = try begun(2)
        run.reconciler.isStopped = true
        run.step(3)
        #expect(run.endings.count == 3 && run.endings.values.allSatisfy { $0 == .stopped })
    }
}
