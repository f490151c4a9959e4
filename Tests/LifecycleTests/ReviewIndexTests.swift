import Commitments
import Lifecycle
import Primitives
import Testing

@Suite("The index of a review")
struct ReviewIndexTests {
    private let scene = RunsScene()
    private let manifest: Manifest
    /// What is decided on before a run, and after it.
    private let question: Review
    private let result: Review

    init() throws {
        let terms = RunsModel.Terms(runs: 2, failures: 2, asksApproval: true, holdsResults: true)
        var course = try RunsScene.Course(scene, terms)
        manifest = try scene.manifest(terms).manifest
        for slot in ["model", "rows", "question"] { try course.take(.fill(slot)) }
        guard case .reviewing(let question) = course.session.stage else { throw SessionError.notReviewing }
        for name in [scene.lab, scene.clinic] { try course.take(.answer(name, agrees: true)) }
        try course.take(.end(completed: true))
        guard case .holding(let result) = course.session.stage else { throw SessionError.notReviewing }
        (self.question, self.result) = (question, result)
    }

    private func entry(_ name: String, _ byteCount: Int = 10) -> IndexEntry {
        IndexEntry(name: scene.name(name), byteCount: byteCount, salt: FixedBytes(repeating: 3))
    }

    /// A content of the size that the manifest gives it.
    private func content(_ index: [UInt8], on subject: Review.Subject) -> [UInt8] {
        let count = ReviewIndex.contentByteCount(for: scene.lab, on: subject, under: manifest)
        return index + [UInt8](repeating: 0, count: count - index.count)
    }

    private func refusal(_ content: [UInt8], on subject: Review.Subject) -> ReviewIndexError? {
        do throws(ReviewIndexError) {
            _ = try ReviewIndex(decoding: content[...], for: scene.lab, on: subject, under: manifest)
            return nil
        } catch {
            return error
        }
    }

    @Test("comes back as it was, and says where each content lies")
    func roundTrip() throws {
        for (review, shown) in [
            (question, [entry("question")]), (result, [entry("question"), entry("answer", 100)]),
        ] {
            let index = ReviewIndex(review, showing: shown)
            let content = content(index.encoded, on: review.subject)
            let decoded = try ReviewIndex(
                decoding: content[...], for: scene.lab, on: review.subject, under: manifest)
            #expect(decoded == index && decoded.digest == review.digest)
            #expect(decoded.ranges.first?.lowerBound == index.encoded.count)
            #expect(decoded.ranges.map(\.count) == shown.map(\.byteCount))
            #expect(decoded.ranges.allSatisfy { $0.upperBound <= content.count })
        }
    }

    @Test("is refused where it is of something else than was asked for")
    func otherSubject() {
        let index = ReviewIndex(question, showing: [entry("question")])
        #expect(refusal(content(index.encoded, on: .result), on: .result) == .otherSubject)
    }

    @Test("is refused where it shows anything but what this participant decides on")
    func shown() {
        let wrong = [
            [], [entry("rows")], [entry("question"), entry("question")], [entry("question"), entry("rows")],
            [entry("question", 101)],
        ]
        for shown in wrong {
            let index = ReviewIndex(question, showing: shown)
            #expect(refusal(content(index.encoded, on: .question), on: .question) == .shownDiffers, "\(shown)")
        }
        let halves = [[entry("question")], [entry("answer")], [entry("answer"), entry("question")]]
        for shown in halves {
            let index = ReviewIndex(result, showing: shown)
            #expect(refusal(content(index.encoded, on: .result), on: .result) == .shownDiffers, "\(shown)")
        }
    }

    @Test("is refused in another spelling, cut, or larger than it can be")
    func forms() {
        let index = ReviewIndex(question, showing: [entry("question")]).encoded
        let whole = content(index, on: .question)
        #expect(refusal(whole, on: .question) == nil)
        #expect(refusal(whole.dropLast(200), on: .question) == .size)
        #expect(refusal([0xFF, 0xFF, 0xFF, 0xFF] + whole.dropFirst(4), on: .question) == .size)
        #expect(refusal([], on: .question) == .size)
        let text = String(decoding: index.dropFirst(4), as: UTF8.self)
        for other in [text.replacing(",", with: ", "), text.replacing("\"empty\":false", with: "\"empty\": false")] {
            let bytes = Array(other.utf8)
            let framed = [0, 0, UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes
            #expect(refusal(content(framed, on: .question), on: .question) == .notCanonical)
        }
    }
}
