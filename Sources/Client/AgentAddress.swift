/// Where an agent listens: `http://HOST:PORT`.
public struct AgentAddress: Hashable, Sendable {
    public let host: String
    public let port: Int
}
