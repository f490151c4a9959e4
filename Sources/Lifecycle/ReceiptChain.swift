internal import Keys
public import Primitives

/// A session's receipts one after the other, as far as somebody has them.
///
/// Each receipt names the one before it, so none can be left out between two, exchanged, or taken from another session.
/// Only the last one of a session says that no other follows: without it there may have been more runs.
public struct ReceiptChain: Equatable, Sendable {
    /// By their runs, without a gap.
    public let receipts: [Receipt]

    /// Joins receipts, in whatever order they come.
    ///
    /// - Parameter receipts: verified by themselves.
    public init(_ receipts: [Receipt]) throws(ReceiptChainError) {
        self.receipts = receipts.sorted { $0.run.number < $1.run.number }
        guard let first = self.receipts.first else { throw .empty }
        for (earlier, later) in zip(self.receipts, self.receipts.dropFirst()) {
            guard later.sessionID == first.sessionID else { throw .otherSession(run: later.run.number) }
            guard later.run.number != earlier.run.number else { throw .twice(run: later.run.number) }
            guard later.run.number == earlier.run.number + 1 else { throw .missing(run: earlier.run.number + 1) }
            guard !earlier.isLast else { throw .afterTheLast(run: later.run.number) }
            guard later.run.previous == earlier.digest else { throw .broken(run: later.run.number) }
        }
    }

    /// The newest run that the receipts state.
    public var newestRun: Int { receipts.last?.run.number ?? 0 }

    /// Whether the session had no other runs than these and those before them.
    public var hasEnded: Bool { receipts.last?.isLast ?? false }
}

/// Why receipts are no chain.
public enum ReceiptChainError: Error, Equatable, Sendable {
    case empty
    case otherSession(run: Int)
    case twice(run: Int)
    case missing(run: Int)
    /// A run follows one that says that no other does.
    case afterTheLast(run: Int)
    /// It names another receipt than the one before it.
    case broken(run: Int)
}

extension ReceiptChainError: ExplainedError {
    public var code: String { "receipt.chain" }

    public var message: String {
        switch self {
        case .empty: "there is no receipt"
        case .otherSession(let run): "the receipt of run \(run) is another session's"
        case .twice(let run): "there are two receipts of run \(run)"
        case .missing(let run): "the receipt of run \(run) is missing between the others"
        case .afterTheLast(let run): "run \(run - 1) was the session's last, and here is a receipt of run \(run)"
        case .broken(let run): "the receipt of run \(run) follows another receipt of run \(run - 1) than the one here"
        }
    }

    public var hint: String? {
        switch self {
        case .missing(let run): "fetch it: 2cvm fetch URL --run \(run) --output FOLDER"
        case .twice: "name each folder once"
        default: nil
        }
    }
}
