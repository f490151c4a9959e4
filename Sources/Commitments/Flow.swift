/// An output of one session that fills a slot of another.
public struct Flow: Hashable, Sendable {
    public let from: Name
    public let output: Name
    public let to: Name
    public let data: Name

    /// Joins the four.
    public init(from: Name, output: Name, to: Name, data: Name) {
        self.from = from
        self.output = output
        self.to = to
        self.data = data
    }
}
