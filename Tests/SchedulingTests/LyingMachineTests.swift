import Keys
import Primitives
import Scheduling
import Testing

@Suite("A reconciler among machines that lie")
struct LyingMachineTests {
    private func begun(_ sites: Int = 2, attempts: Int = 2) throws -> SimulatedRun {
        var run = SimulatedRun(try star(sites, attempts: attempts))
        run.step(4)
        return run
    }

    private func finished(_ run: inout SimulatedRun) -> Bool {
        for (machine, answer) in run.answers where machine.session > 0 && answer.stage == .admitting {
            run.go(machine, .finished)
        }
        run.step(150)
        return run.reconciler.state(at: run.now) == .finished
    }

    @Test("passes over another session at an address, ends that machine and starts another")
    func otherSession() throws {
        var run = try begun()
        run.answers[machine(1)] = run.answers[machine(2)]
        run.step(100)
        #expect(run.folder[machine(1)]?.end == .misplaced && run.folder[machine(1, 2)] != nil)
        #expect(finished(&run))
        #expect(run.deliveries.allSatisfy { $0.sender != machine(1) })
    }

    @Test("is not confused by two machines that changed places")
    func swapped() throws {
        var run = try begun()
        (run.answers[machine(1)], run.answers[machine(2)]) = (run.answers[machine(2)], run.answers[machine(1)])
        run.step(100)
        #expect(run.endings == [machine(1): .misplaced, machine(2): .misplaced])
        #expect(finished(&run))
        #expect(run.deliveries.map(\.sender).sorted() == [machine(1, 2), machine(2, 2)])
    }

    @Test("hands one session's stream over once, whatever addresses lead to it")
    func oneSessionTwice() throws {
        var run = try begun(1)
        run.boot(1)
        run.answers[machine(1, 2)] = run.answers[machine(1)]
        #expect(finished(&run))
        #expect(run.deliveries.count == 1)
    }

    @Test("counts bytes in the folder and no words: a machine that says that it has finished gives nothing")
    func hollow() throws {
        var run = try begun(1)
        run.outcome = { action in
            switch action {
            case .collect(let machine) where machine.session == 1: .later
            case .hand: .later
            default: .done
            }
        }
        run.go(machine(1), .finished)
        run.step(100)
        #expect(run.reconciler.state(at: run.now) == .running && run.endings.isEmpty)
        // Asked for again, ever less often.
        let tries = run.count { if case .hand = $0 { true } else { false } }
        #expect((3...12).contains(tries), "\(tries)")
    }

    @Test("does not go back where a machine says that it did")
    func backwards() throws {
        var run = try begun(1)
        run.go(machine(1), .finished)
        run.step(3)
        run.go(machine(1), .admitting)
        run.step(10)
        run.go(machine(1), .finished)
        run.step(10)
        #expect(run.deliveries.count == 1)
        #expect(run.reconciler.state(at: run.now) == .finished)
    }

    @Test("introduces anew where other keys answer at an address")
    func rebooted() throws {
        var run = try begun(1)
        run.step(4)
        let before = run.count { if case .introduce = $0 { true } else { false } }
        #expect(before == 2)
        run.answers[machine(1)] = run.status(of: 1, .admitting, number: 77)
        run.step(6)
        #expect(run.count { if case .introduce = $0 { true } else { false } } == 4)
    }

    @Test("does not try again what a participant withdrew from")
    func withdrawn() throws {
        var run = try begun(1, attempts: 4)
        run.go(machine(1), .withdrawn)
        run.step(100)
        #expect(run.folder[machine(1)]?.end == .withdrawn)
        #expect(run.reconciler.state(at: run.now) == .failed(sessions: [1]))
        run.restart()
        run.step(10)
        #expect(run.starts.filter { $0 == 1 }.count == 1)
    }

    @Test("tries again what ended for another reason")
    func ended() throws {
        var run = try begun(1)
        run.go(machine(1), .ended)
        run.step(10)
        #expect(run.folder[machine(1)]?.end == .over && run.folder[machine(1, 2)] != nil)
    }

    @Test("knows no machine, edge or task that the schedule has no place for")
    func strays() throws {
        var run = try begun(1)
        for stray in [machine(9), machine(-1), machine(1, 3), machine(1, 0)] {
            run.folder[stray] = MachineRecord(task: "stray", address: "http://10.0.0.9:1")
        }
        run.tasks.append(EngineTask(id: "stray", session: 12, isRunning: true))
        run.handed.insert(Handover(edge: 99, receiver: SHA256Digest(sha256: [])))
        #expect(finished(&run))
        #expect(!run.history.contains(.ask(machine(9))))
    }

    @Test("counts a task for the session that it was started for, whatever a claim says")
    func foreignClaim() throws {
        var run = try begun(2)
        let task = try #require(run.folder[machine(2)]?.task)
        // A claim of another session under that task's name does not make this one run.
        run.vanish(machine(1))
        run.folder[machine(1)]?.task = task
        run.step(150)
        #expect(run.folder[machine(1, 2)] != nil)
    }

    @Test("asks silent machines ever less often")
    func silence() throws {
        var run = try begun(1)
        run.answers[machine(1)] = nil
        let before = run.count { $0 == .ask(machine(1)) }
        run.step(300)
        let asked = run.count { $0 == .ask(machine(1)) } - before
        #expect((4...16).contains(asked), "\(asked)")
    }

    @Test("leaves a doomed receiver, and goes on with everybody else")
    func doomed() throws {
        var run = try begun(2, attempts: 1)
        run.vanish(machine(1))
        run.step(100)
        #expect(run.reconciler.state(at: run.now) == .running)
        run.go(machine(2), .finished)
        run.step(20)
        #expect(run.folder[machine(2)]?.isCollected == true)
        #expect(run.reconciler.state(at: run.now) == .failed(sessions: [1]))
        #expect(run.folder.values.filter { $0.end == nil }.count <= 1)
    }
}
