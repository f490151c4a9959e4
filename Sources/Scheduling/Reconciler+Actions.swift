internal import Primitives

extension Reconciler {
    /// What to begin now. Each is under way until it is completed, and comes once meanwhile.
    public mutating func next(at now: Time) -> [Action] {
        let views = views(at: now)
        let lost = lostSessions(views)
        let doomed = doomedSessions(views, lost: lost)
        let isOver = views.indices.allSatisfy { views[$0].isSatisfied || lost.contains($0) || doomed.contains($0) }
        var wanted: [Action] = []
        if isStopped || (isOver && observedAt != nil) {
            wanted += endings(of: views)
        } else {
            wanted += questions(views, at: now)
            wanted += introductions(views)
            wanted += deliveries(views)
            wanted += collections(views)
            wanted += endings(views, hopeless: lost.union(doomed))
            wanted += beginnings(views, without: lost.union(doomed))
        }
        var actions: [Action] = []
        for action in wanted where !underWay.contains(action) {
            if let hold = holds[action], hold.isFinal || now < hold.until { continue }
            underWay.insert(action)
            if case .start(let session) = action { note(startOf: session, views) }
            actions.append(action)
        }
        return actions
    }

    private mutating func note(startOf session: Int, _ views: [SessionView]) {
        var start = starts[session] ?? Starts()
        // A machine that came shows that starting works.
        if start.claims != views[session].claimed { start.count = 0 }
        start.claims = views[session].claimed
        start.takenAt = nil
        starts[session] = start
    }

    private func questions(_ views: [SessionView], at now: Time) -> [Action] {
        records.keys.sorted().compactMap { machine in
            guard let record = records[machine], record.end == nil, record.address != nil,
                (contacts[machine]?.nextAt ?? 0) <= now
            else { return nil }
            return .ask(machine)
        }
    }

    /// Both ways, as long as the receiver lacks something.
    private func introductions(_ views: [SessionView]) -> [Action] {
        var actions: [Action] = []
        // One appraisal at a time: a host of a thousand peers is not asked for all of them at once.
        var busy = Set(underWay.compactMap { if case .introduce(let pair) = $0 { pair.host } else { nil } })
        for receiver in schedule.sessions.indices where !views[receiver].isSatisfied {
            for sender in schedule.senders(to: receiver) {
                for (one, other) in pairs(sender, receiver, views) {
                    for (newcomer, host) in [(one, other), (other, one)] where !busy.contains(host) {
                        guard let action = introduction(of: newcomer, to: host) else { continue }
                        if holds[action]?.isFinal == true { continue }
                        busy.insert(host)
                        actions.append(action)
                    }
                }
            }
        }
        return actions
    }

    /// Machines of a sender and of a receiver that still lacks something of it.
    private func pairs(_ sender: Int, _ receiver: Int, _ views: [SessionView]) -> [(MachineID, MachineID)] {
        views[receiver].live.flatMap { to -> [(MachineID, MachineID)] in
            guard let status = lockedStatus(to), status.stage == .admitting,
                lacks(status.session, of: sender, to: receiver)
            else { return [] }
            return views[sender].live.filter { lockedStatus($0) != nil }.map { ($0, to) }
        }
    }

    private func lacks(_ session: SHA256Digest, of sender: Int, to receiver: Int) -> Bool {
        schedule.leaving[sender].contains { index in
            schedule.edges[index].to == receiver && !handed.contains(Handover(edge: index, receiver: session))
        }
    }

    private func introduction(of newcomer: MachineID, to host: MachineID) -> Action? {
        guard let one = lockedStatus(newcomer), let other = lockedStatus(host), one.session != other.session,
            !introduced.contains(Introduced(newcomer: one.session, host: other.session))
        else { return nil }
        return .introduce(
            Action.Introduction(
                newcomer: newcomer, newcomerSession: one.session, host: host, hostSession: other.session,
                nonce: other.peerNonce))
    }

    /// What is ready, to whoever lacks it; of several senders' machines the first.
    private func deliveries(_ views: [SessionView]) -> [Action] {
        var actions: [Action] = []
        var taken = Set(underWay.compactMap { if case .hand(let delivery) = $0 { delivery.handover } else { nil } })
        for (index, edge) in schedule.edges.enumerated() where !views[edge.to].isSatisfied {
            for (from, to) in pairs(edge.from, edge.to, views) {
                guard let one = lockedStatus(from), one.stage == .finished, let other = lockedStatus(to),
                    introduced.contains(Introduced(newcomer: one.session, host: other.session)),
                    introduced.contains(Introduced(newcomer: other.session, host: one.session))
                else { continue }
                let delivery = Action.Delivery(
                    edge: index, sender: from, senderSession: one.session, receiver: to,
                    receiverSession: other.session)
                guard !handed.contains(delivery.handover), holds[.hand(delivery)]?.isFinal != true,
                    taken.insert(delivery.handover).inserted
                else { continue }
                actions.append(.hand(delivery))
            }
        }
        return actions
    }

    private func collections(_ views: [SessionView]) -> [Action] {
        views.flatMap(\.live).filter { machine in
            lockedStatus(machine)?.stage == .finished && records[machine]?.isCollected == false
        }.map { .collect($0) }
    }

    /// Machines that nobody needs any more.
    private func endings(_ views: [SessionView], hopeless: Set<Int>) -> [Action] {
        // Whether a machine that is kept for a case that may never come is in the way of another.
        let waits = hasWaiting(views)
        var actions: [Action] = []
        for (machine, record) in records where record.end == nil {
            let isKept = schedule.leaving[machine.session].contains { index in
                !hopeless.contains(schedule.edges[index].to) && isOutstanding(index, views)
            }
            if let reason = reasonToEnd(
                machine, record, views, isKept: isKept || (!waits && mayBeNeeded(machine.session, views)))
            {
                actions.append(.end(machine, reason))
            }
        }
        // A task that has no machine yet, of a session that needs none.
        for task in tasks where !task.isRunning && !needsMachine(task.session, views) {
            actions.append(.cancel(task: task.id))
        }
        return actions
    }

    private func reasonToEnd(
        _ machine: MachineID, _ record: MachineRecord, _ views: [SessionView], isKept: Bool
    ) -> EndReason? {
        if isMisplaced(machine) { return .misplaced }
        guard let status = contacts[machine]?.status else { return nil }
        if status.stage == .withdrawn { return .withdrawn }
        if status.stage == .ended { return .over }
        guard views[machine.session].isSatisfied, !isKept else { return nil }
        if record.isCollected { return .done }
        // What it handed over must be told with its receipt.
        return status.stage == .finished ? nil : .superseded
    }

    /// Whether another machine of a receiver may come, and want what only this session can give.
    private func mayBeNeeded(_ session: Int, _ views: [SessionView]) -> Bool {
        schedule.receivers(of: session).contains { receiver in
            !views[receiver].isSatisfied && views[receiver].claimed < schedule.sessions[receiver].attempts
        }
    }

    private func hasWaiting(_ views: [SessionView]) -> Bool {
        if tasks.contains(where: { !$0.isRunning }) { return true }
        guard let maximum = options.maximumMachines else { return false }
        return views.reduce(0) { $0 + $1.live.count + $1.pending } >= maximum
    }

    /// Everything is over: what still runs or waits goes.
    private func endings(of views: [SessionView]) -> [Action] {
        // What handed something over is told with its receipt, unless it gives none.
        let last = isStopped ? [] : collections(views).filter { (holds[$0]?.failures ?? 0) < 3 }
        let machines = records.filter { $0.value.end == nil && !last.contains(.collect($0.key)) }
            .sorted { $0.key < $1.key }
        let live = Set(views.flatMap(\.live))
        let ends = machines.map { machine, record -> Action in
            if record.isCollected { return .end(machine, .done) }
            if contacts[machine]?.status?.stage == .withdrawn { return .end(machine, .withdrawn) }
            return .end(machine, isStopped || live.contains(machine) ? .stopped : .over)
        }
        return last + ends + tasks.filter { !$0.isRunning }.map { .cancel(task: $0.id) }
    }

    private func beginnings(_ views: [SessionView], without hopeless: Set<Int>) -> [Action] {
        guard observedAt != nil else { return [] }
        var places = options.maximumMachines.map { maximum in
            maximum - views.reduce(0) { $0 + $1.live.count + $1.pending }
        }
        var actions: [Action] = []
        // Those that feed come before others that are fed, so that the first of these can go on with few machines. An
        // engine with a queue is told in the order of the schedule.
        let order = options.engineQueues ? Array(views.indices) : views.indices.reversed()
        for index in order where views[index].live.isEmpty && views[index].pending == 0 {
            guard !hopeless.contains(index), needsMachine(index, views),
                views[index].claimed < schedule.sessions[index].attempts, areReceiversUp(of: index, views)
            else { continue }
            if let left = places {
                guard left > 0 else { break }
                places = left - 1
            }
            actions.append(.start(session: index))
        }
        return actions
    }

    private func areReceiversUp(of session: Int, _ views: [SessionView]) -> Bool {
        options.engineQueues
            || schedule.receivers(of: session).allSatisfy { receiver in
                views[receiver].isSatisfied || views[receiver].live.contains { records[$0]?.address != nil }
            }
    }
}
