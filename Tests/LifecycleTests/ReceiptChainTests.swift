import Commitments
import Keys
import Lifecycle
import Primitives
import TestSupport
import Testing

/// Receipts that somebody shows an auditor: all of them, some of them, or others.
@Suite("A chain of receipts")
struct ReceiptChainTests {
    private static let terms = RunsModel.Terms(runs: 3, failures: 3, kept: 3)
    private let scene = RunsScene()

    /// The receipts of a session whose second run released nothing.
    private func receipts(of terms: RunsModel.Terms = Self.terms) throws -> [Receipt] {
        var course = try RunsScene.Course(scene, terms)
        var receipts: [Receipt] = []
        for slot in ["model", "rows"] { try course.take(.fill(slot)) }
        for run in 1...terms.runs {
            try course.take(.fill("question"))
            try course.take(.end(completed: run != 2))
            receipts.append(try #require(course.receipt))
            try course.take(.sealed)
        }
        return receipts
    }

    @Test("is whole with the receipt that says so, in whatever order they come")
    func whole() throws {
        let chain = try ReceiptChain(receipts().shuffled())
        #expect(chain.receipts.map(\.run.number) == [1, 2, 3])
        #expect(chain.hasEnded && chain.newestRun == 3)
        #expect(chain.receipts.map(\.ending) == [.completed, .failed, .completed])
    }

    @Test("says of a session whose end was cut off that there were at least so many runs")
    func truncated() throws {
        let chain = try ReceiptChain(Array(receipts().prefix(2)))
        #expect(!chain.hasEnded && chain.newestRun == 2)
    }

    @Test("may begin later, and says no less")
    func laterBeginning() throws {
        let chain = try ReceiptChain(Array(receipts().suffix(2)))
        #expect(chain.hasEnded && chain.newestRun == 3)
    }

    @Test("has no gap, no run twice, and nothing of another course")
    func refusals() throws {
        let own = try receipts()
        #expect(throws: ReceiptChainError.empty) { try ReceiptChain([]) }
        #expect(throws: ReceiptChainError.missing(run: 2)) { try ReceiptChain([own[0], own[2]]) }
        #expect(throws: ReceiptChainError.twice(run: 1)) { try ReceiptChain([own[0], own[0]]) }
        // The same session under the same manifest, as if its machine had been set back: run 1 ended in another way.
        var other = try RunsScene.Course(scene, Self.terms)
        for slot in ["model", "rows", "question"] { try other.take(.fill(slot)) }
        try other.take(.end(completed: false))
        let first = try #require(other.receipt)
        #expect(first.sessionID == own[0].sessionID)
        #expect(throws: ReceiptChainError.broken(run: 2)) { try ReceiptChain([first, own[1]]) }
        let foreign = try receipts(of: RunsModel.Terms(runs: 4, failures: 3, kept: 4))
        #expect(throws: ReceiptChainError.otherSession(run: 2)) { try ReceiptChain([own[0], foreign[1]]) }
    }
}
