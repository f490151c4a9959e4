/// Whether a peer keeps the pace that it must: so much time to be waited for, and more with each byte that comes.
///
/// Only time in which bytes could have come counts, so that a slow agent blames nobody.
struct Pace: Equatable, Sendable {
    private let patience: Duration
    private let bytesPerSecond: Int
    private var waited = Duration.zero
    private var byteCount = 0

    init(patience: Duration, bytesPerSecond: Int) {
        precondition(bytesPerSecond > 0, "a pace of nothing is none")
        self.patience = patience
        self.bytesPerSecond = bytesPerSecond
    }

    mutating func took(_ byteCount: Int) {
        self.byteCount += byteCount
    }

    mutating func waited(_ duration: Duration) {
        waited += duration
    }

    /// Whether the peer has used up its time, if it is waited for since `duration` besides.
    func isLost(waitingFor duration: Duration = .zero) -> Bool {
        waited + duration > patience + .seconds(1) * (Double(byteCount) / Double(bytesPerSecond))
    }
}
