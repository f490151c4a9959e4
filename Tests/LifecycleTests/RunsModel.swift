import Commitments
import Lifecycle
import Primitives

/// The rules of a session's runs once more, as a clerk would keep them on paper: counters, sets and a clock, and
/// nothing of the code that is tested.
struct RunsModel {
    /// What was agreed.
    struct Terms: Hashable {
        var runs = 1
        var failures = 1
        var kept = 1
        var asksApproval = false
        var holdsResults = false
        let admission = 100
        let retention = 50
        let questionSeconds = 20
        let resultSeconds = 30
    }

    enum Place: String {
        case collecting, deciding, running, holding, sealing, full, over, gone
    }

    /// What a participant, the machine or time does.
    enum Event: Equatable {
        case fill(String)
        case answer(Name, agrees: Bool)
        case end(completed: Bool)
        case sealed, sealingFailed, reviewFailed
        case confirm(run: Int, Name)
        case withdraw
        case wait(Int)
    }

    let terms: Terms
    let approvers: [Name]
    let recipients: [Name]
    var place = Place.collecting
    var run = 1
    var failed = 0
    var missing: Set<String>
    var yes: Set<Name> = []
    var no: Set<Name> = []
    var now = 0
    var due: Int?
    /// Whether the code came to its end.
    var hasResult = false
    var isReleased = false
    var closes = false
    var shelf: [Int: (until: Int, waitingFor: Set<Name>)] = [:]
    var hasKey = true

    init(_ terms: Terms, approvers: [Name], recipients: [Name]) {
        self.terms = terms
        self.approvers = approvers
        self.recipients = recipients
        missing = ["model", "rows", "question"]
        due = terms.admission
    }

    private var isFinal: Bool { run == terms.runs }

    /// - Returns: whether the event was taken.
    mutating func take(_ event: Event) -> Bool {
        switch event {
        case .fill(let slot):
            guard place == .collecting, missing.remove(slot) != nil else { return false }
            if missing.isEmpty { filled() }
        case .answer(let who, let agrees):
            guard place == .deciding || place == .holding, approvers.contains(who), !yes.contains(who),
                !no.contains(who)
            else { return false }
            if agrees { yes.insert(who) } else { no.insert(who) }
            if yes.count + no.count == approvers.count { decided() }
        case .end(let completed):
            guard place == .running else { return false }
            hasResult = completed
            ended()
        case .sealed:
            guard place == .sealing else { return false }
            shelve()
        case .sealingFailed:
            guard place == .sealing else { return false }
            guard isReleased else {
                leave(for: .gone)
                break
            }
            isReleased = false
            seal()
        case .reviewFailed:
            guard place == .deciding || place == .holding else { return false }
            decided()
        case .confirm(let run, let who):
            guard hasKey else { return false }
            confirm(run, who)
        case .withdraw:
            let isEarly = [.collecting, .deciding, .holding, .full].contains(place)
            guard isEarly || (place == .running && hasKey) else { return false }
            close()
        case .wait(let seconds):
            now += seconds
            pass()
        }
        return true
    }

    private mutating func filled() {
        guard terms.asksApproval else { return go() }
        place = .deciding
        (yes, no) = ([], [])
        due = now + terms.questionSeconds
    }

    private mutating func decided() {
        let isAgreed = yes.count == approvers.count
        if place == .deciding {
            go()
            if !isAgreed {
                hasResult = false
                ended()
            }
        } else {
            isReleased = hasResult && isAgreed
            seal()
        }
    }

    private mutating func go() {
        leave(for: .running)
        if isFinal, !terms.holdsResults { hasKey = false }
    }

    private mutating func ended() {
        guard terms.holdsResults else {
            isReleased = hasResult
            return seal()
        }
        place = .holding
        (yes, no) = ([], [])
        due = now + terms.resultSeconds
    }

    private mutating func seal() {
        leave(for: .sealing)
        if endsHere { hasKey = false }
    }

    private var endsHere: Bool { closes || isFinal || (!isReleased && failed + 1 >= terms.failures) }

    private mutating func shelve() {
        let isOver = endsHere
        shelf[run] = (now + terms.retention, Set(recipients))
        if !isReleased { failed += 1 }
        run += 1
        guard !isOver else {
            leave(for: .over)
            due = now + terms.retention
            return
        }
        openNext()
    }

    private mutating func openNext() {
        guard shelf.count < terms.kept else { return leave(for: .full) }
        place = .collecting
        missing = ["question"]
        due = now + terms.admission
    }

    private mutating func confirm(_ run: Int, _ who: Name) {
        guard shelf[run]?.waitingFor.remove(who) != nil else { return }
        if shelf[run]?.waitingFor.isEmpty == true { shelf[run] = nil }
        if place == .full, shelf.count < terms.kept { openNext() }
    }

    private mutating func close() {
        guard run > 1 else { return leave(for: .gone) }
        closes = true
        isReleased = false
        seal()
    }

    private mutating func pass() {
        for (run, entry) in shelf where entry.until <= now { shelf[run] = nil }
        if place == .full, shelf.count < terms.kept { return openNext() }
        guard let due, due <= now else { return }
        switch place {
        case .collecting: close()
        case .deciding, .holding: decided()
        case .over: leave(for: .gone)
        case .running, .sealing, .full, .gone: break
        }
    }

    private mutating func leave(for next: Place) {
        place = next
        due = nil
        if next == .gone || next == .over { hasKey = false }
    }
}
