/// One connection's patience, as a value: for a request's head, for its body's pace, for the answer, for a peer that
/// does not read. Events go in with the moment at which they came, and ``demand(at:)`` says what is to be done.
///
/// Moments are durations since any start, on a clock of the caller's that never goes back.
package struct ConnectionPatience: Sendable {
    /// What a connection that was looked at needs.
    package enum Demand: Equatable, Sendable {
        case nothing
        /// An answer that says that the request came too slowly.
        case deadline
        case close
    }

    private let limits: ServiceLimits

    /// Since when bytes could come. `nil` while the agent itself does not read.
    private var readingSince: Duration?
    private var unwritableSince: Duration?
    private var idleSince: Duration
    private var askedAt: Duration
    /// Whether a request's body is still to come, and its pace.
    private var receiving: Pace?
    private var lateSince: Duration?
    /// Requests that have begun, less answers that have ended.
    private var openCount = 0
    private var isAnswering = false
    private var isStreaming = false
    private var isStopping = false
    private var lingering: (since: Duration, byteCount: Int)?

    /// Begins with a connection that has just been opened.
    package init(_ limits: ServiceLimits, at now: Duration = .zero) {
        self.limits = limits
        idleSince = now
        askedAt = now
    }

    /// Whether what still comes is thrown away.
    package var isLingering: Bool { lingering != nil }
    /// Whether nothing is on its way in either direction.
    package var isIdle: Bool { openCount == 0 && receiving == nil && lingering == nil }
    /// Whether a peer that sends nothing more listens no more.
    package var endsWithInput: Bool { isStreaming || lingering != nil }

    /// The agent began to wait for bytes.
    package mutating func readBegan(at now: Duration) {
        readingSince = readingSince ?? now
    }

    /// Bytes that were waited for have come.
    package mutating func readEnded(at now: Duration) {
        if let readingSince { receiving?.waited(now - readingSince) }
        readingSince = nil
    }

    /// Whether the peer makes room for more of an answer.
    package mutating func note(isWritable: Bool, at now: Duration) {
        unwritableSince = isWritable ? nil : now
    }

    /// A request's head has come.
    package mutating func requestBegan() {
        openCount += 1
        receiving = Pace(patience: limits.bodyPatience, bytesPerSecond: limits.bodyBytesPerSecond)
    }

    /// A piece of a body has come.
    package mutating func bodyCame(_ byteCount: Int) {
        receiving?.took(byteCount)
    }

    /// A request is whole.
    package mutating func requestEnded(at now: Duration) {
        receiving = nil
        askedAt = now
    }

    /// The first byte of an answer goes out.
    package mutating func answerBegan(isStream: Bool) {
        isAnswering = true
        isStreaming = isStream
    }

    /// An answer is whole.
    ///
    /// - Returns: whether every request was answered, and whether the connection is to end now.
    package mutating func answerEnded(at now: Duration) -> (answersAll: Bool, isLast: Bool) {
        openCount -= 1
        isAnswering = false
        isStreaming = false
        idleSince = now
        askedAt = now
        return (openCount == 0, isStopping && openCount == 0 && receiving == nil)
    }

    /// The connection's last answer was written: what is still on its way is thrown away for a while.
    package mutating func lingers(at now: Duration) {
        lingering = (now, 0)
    }

    /// Bytes were thrown away.
    package mutating func threwAway(_ byteCount: Int) -> Demand {
        guard let (since, before) = lingering else { return .nothing }
        lingering = (since, before + byteCount)
        return before + byteCount > limits.lingerBytes ? .close : .nothing
    }

    /// The agent is to end.
    package mutating func stops() -> Demand {
        isStopping = true
        return isIdle ? .close : .nothing
    }

    /// What the connection needs at this moment.
    package mutating func demand(at now: Duration) -> Demand {
        if let lingering { return closing(if: now - lingering.since > limits.lingerPatience) }
        if let unwritableSince, now - unwritableSince > limits.writePatience { return .close }
        if let receiving {
            guard receiving.isLost(waitingFor: readingSince.map { now - $0 } ?? .zero) else { return .nothing }
            // First it is answered; it is closed where even that took too long.
            if let lateSince { return closing(if: now - lateSince > limits.lingerPatience) }
            lateSince = now
            return .deadline
        }
        if openCount == 0 { return closing(if: now - idleSince > limits.headPatience) }
        return closing(if: !isAnswering && now - askedAt > limits.answerPatience)
    }

    private func closing(if isOver: Bool) -> Demand { isOver ? .close : .nothing }
}
