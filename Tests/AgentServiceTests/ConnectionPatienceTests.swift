import AgentService
import Testing

/// No socket and no clock: every order of events, at any moment.
@Suite("A connection's patience")
struct ConnectionPatienceTests {
    private let limits = ServiceLimits()
    private var patience = ConnectionPatience(ServiceLimits())

    @Test("closes a connection that brings no request's head in time")
    mutating func head() {
        #expect(patience.isIdle)
        #expect(patience.demand(at: limits.headPatience) == .nothing)
        #expect(patience.demand(at: limits.headPatience + .nanoseconds(1)) == .close)
    }

    @Test("answers a body that comes too slowly, and closes where the answer takes too long too")
    mutating func body() {
        patience.requestBegan()
        patience.readBegan(at: .zero)
        #expect(patience.demand(at: limits.bodyPatience) == .nothing)
        let late = limits.bodyPatience + .nanoseconds(1)
        #expect(patience.demand(at: late) == .deadline)
        #expect(patience.demand(at: late + limits.lingerPatience) == .nothing)
        #expect(patience.demand(at: late + limits.lingerPatience + .nanoseconds(1)) == .close)
    }

    @Test("gives a body more time for each byte, and blames nobody for time in which the agent did not read")
    mutating func pace() {
        patience.requestBegan()
        patience.readBegan(at: .zero)
        patience.bodyCame(2 * limits.bodyBytesPerSecond)
        patience.readEnded(at: .seconds(1))
        #expect(patience.demand(at: .seconds(1000)) == .nothing)
        patience.readBegan(at: .seconds(1000))
        let rest = limits.bodyPatience + .seconds(1)
        #expect(patience.demand(at: .seconds(1000) + rest) == .nothing)
        #expect(patience.demand(at: .seconds(1000) + rest + .milliseconds(1)) == .deadline)
    }

    @Test("closes where no answer begins in time, and waits for one that has begun")
    mutating func answer() {
        patience.requestBegan()
        patience.requestEnded(at: .seconds(5))
        let late = Duration.seconds(5) + limits.answerPatience + .nanoseconds(1)
        var answered = patience
        answered.answerBegan(isStream: true)
        #expect(answered.demand(at: late) == .nothing)
        #expect(answered.endsWithInput && !patience.endsWithInput)
        #expect(patience.demand(at: late) == .close)
    }

    @Test("closes a connection whose peer makes no room for its answer")
    mutating func writing() {
        patience.requestBegan()
        patience.requestEnded(at: .zero)
        patience.answerBegan(isStream: true)
        patience.note(isWritable: false, at: .seconds(3))
        var moving = patience
        moving.note(isWritable: true, at: .seconds(4))
        let late = Duration.seconds(3) + limits.writePatience + .nanoseconds(1)
        #expect(moving.demand(at: late) == .nothing)
        #expect(patience.demand(at: late) == .close)
    }

    @Test("throws away what comes after the last answer, so much and so long")
    mutating func lingering() {
        #expect(patience.threwAway(1 << 30) == .nothing, "nothing is thrown away yet")
        patience.lingers(at: .seconds(1))
        #expect(patience.isLingering && patience.endsWithInput && !patience.isIdle)
        #expect(patience.threwAway(limits.lingerBytes) == .nothing)
        #expect(patience.demand(at: .seconds(1) + limits.lingerPatience) == .nothing)
        #expect(patience.demand(at: .seconds(1) + limits.lingerPatience + .nanoseconds(1)) == .close)
        #expect(patience.threwAway(1) == .close)
    }

    @Test("lets a request be answered when the agent is to end, and nothing after it")
    mutating func stopping() {
        var idle = patience
        #expect(idle.stops() == .close)
        patience.requestBegan()
        patience.requestEnded(at: .zero)
        patience.requestBegan()
        patience.requestEnded(at: .zero)
        #expect(patience.stops() == .nothing)
        #expect(patience.answerEnded(at: .zero) == (false, false))
        #expect(patience.answerEnded(at: .zero) == (true, true))
    }
}
