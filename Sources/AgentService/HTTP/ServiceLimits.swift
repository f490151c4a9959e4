/// What the agent's HTTP service bears. Whoever can reach its port is a stranger, so everything that a connection can
/// hold is counted.
package struct ServiceLimits: Sendable {
    /// Connections at once. One more costs one that has shown nothing, by the rule of ``Crowd``.
    package var connections = 1024
    /// Bytes of bodies in this process that nobody has vouched for yet.
    package var unprovenBytes = 32 << 20
    /// Listeners to events at once. One more costs the oldest.
    package var listeners = 256
    /// Outputs being fetched at once. One more costs the oldest fetch of the same outputs.
    package var downloads = 64

    /// Bytes of a request's target and header fields together.
    package var headBytes = 16_384
    /// Bytes of the target, or of one header field.
    package var fieldBytes = 4096
    package var fieldCount = 64

    /// How long a connection may take to bring a whole request head, its idle time included.
    package var headPatience = Duration.seconds(30)
    /// How long a body may be waited for beyond what ``bodyBytesPerSecond`` allows.
    package var bodyPatience = Duration.seconds(10)
    /// The pace that a body must keep. Time that the agent itself needs does not count.
    package var bodyBytesPerSecond = 16_384
    /// How long the first byte of an answer may take.
    package var answerPatience = Duration.seconds(120)
    /// How long a peer may take to make room for more of an answer.
    package var writePatience = Duration.seconds(20)
    /// What is still read after an answer that ends the connection, so that the answer arrives.
    package var lingerBytes = 1 << 20
    package var lingerPatience = Duration.seconds(2)
    /// A listener gets a comment as often, so that both ends notice a dead line.
    package var commentInterval = Duration.seconds(15)
    /// How long requests may take to end once the agent was asked to stop.
    package var stopPatience = Duration.seconds(10)

    /// The limits of a production agent.
    package init() {}

    /// How often a connection's patience is looked at.
    var tick: Duration {
        min(.seconds(1), min(headPatience, bodyPatience, lingerPatience, writePatience) / 4)
    }
}
