package import Commitments
internal import Formats
internal import Keys
package import Lifecycle
package import Primitives

/// A question of an earlier run, as it was shown here.
package struct EarlierQuestion: Sendable {
    package let run: Int
    package let isReleased: Bool
    package let content: [UInt8]

    /// States one, whose commitment was compared.
    package init(run: Int, isReleased: Bool, content: [UInt8]) {
        self.run = run
        self.isReleased = isReleased
        self.content = content
    }

    fileprivate var outcome: String { "run \(run), which released \(isReleased ? "its results" : "nothing")" }
}

/// What somebody decides on, as values: a terminal and a page say the same.
package struct ReviewView: Sendable {
    /// A content that is decided on.
    package struct Shown: Sendable {
        package let name: Name
        /// Who asks it, or that it would leave.
        package let origin: String
        package let byteCount: Int
        /// All of it, as text.
        package let lines: [String]
        /// Beside the earlier question that is most like it; `nil` where none is.
        package let comparison: Comparison?
        let content: ShownContent
    }

    /// What differs from an earlier question. Answers to two that differ little can be subtracted.
    package struct Comparison: Sendable {
        /// Which run's question it is, and what came of it.
        package let outcome: String
        package let removed: [String]
        package let added: [String]

        package var isSame: Bool { removed.isEmpty && added.isEmpty }
    }

    package let manifest: Manifest
    package let run: Int
    package let subject: Review.Subject
    /// Whether the run has failed, so that there is nothing to decide.
    package let isEmpty: Bool
    /// What an answer names.
    package let digest: SHA256Digest
    package let shown: [Shown]
    private let past: [PastRun]

    /// Earlier runs whose outcome is told.
    private static let maximumPastCount = 8
    /// Lines of a question beyond which it is not compared, and changes beyond which nothing is alike.
    private static let maximumLineCount = 2000, maximumChangeCount = 12

    /// - Parameters:
    ///   - index: of a review that was opened and compared with its commitments.
    ///   - contents: in the order of what the index shows.
    ///   - manifest: what the session runs.
    ///   - earlier: for each content the questions of that name that were shown before.
    package init(
        _ index: ReviewIndex, contents: [[UInt8]], under manifest: Manifest, knowing earlier: [[EarlierQuestion]]
    ) {
        self.manifest = manifest
        run = index.run.number
        subject = index.subject
        isEmpty = index.isEmpty
        digest = index.digest
        past = index.past
        shown = zip(zip(index.shown, contents), earlier).map { pair, earlier in
            let (entry, content) = pair
            let data = manifest.data.first { $0.name == entry.name }
            let format = data?.format ?? manifest.outputs.first { $0.name == entry.name }?.gate.format ?? .any
            return Shown(
                name: entry.name, origin: data.map { "which \($0.provider) asks" } ?? "which would leave",
                byteCount: entry.byteCount, lines: ShownContent.lines(of: content),
                comparison: Self.comparison(of: content, with: earlier), content: ShownContent(content, of: format))
        }
    }

    package var title: String { "run \(run) of at most \(manifest.limits.runs): \(subject.words)" }

    /// What is the same in every run.
    package var lasting: [String] {
        let code = manifest.components.map { "\($0.name) of \($0.provider)" }
        let data = manifest.data.filter { $0.period == .session }.map { "\($0.name) of \($0.provider)" }
        return ["code, as in every run: \(code.joined(separator: ", "))"]
            + (data.isEmpty ? [] : ["data, as in every run: \(data.joined(separator: ", "))"])
    }

    /// Where each output goes, and how much it can tell.
    package var outputs: [String] {
        let reach = Reachability(of: manifest)
        return manifest.outputs.map { output in
            let names = output.recipients.map(\.description).joined(separator: ", ")
            let bits = grouped(Int(clamping: reach.capacity(of: [output.name]).bits))
            return "\(output.name) goes to \(names), at most \(bits) bits in all runs"
        }
    }

    /// What became of the latest runs.
    package var outcomes: [String] {
        past.suffix(Self.maximumPastCount).map { run in
            "run \(run.run) released \(run.isReleased ? "its results" : "nothing")"
        }
    }

    private static func comparison(of content: [UInt8], with earlier: [EarlierQuestion]) -> Comparison? {
        let lines = ShownContent.lines(of: content)
        guard lines.count <= maximumLineCount else { return nil }
        typealias Change = (question: EarlierQuestion, change: CollectionDifference<String>)
        let alike = earlier.compactMap { question -> Change? in
            let others = ShownContent.lines(of: question.content)
            guard others.count <= maximumLineCount else { return nil }
            return (question, lines.difference(from: others))
        }
        guard let nearest = alike.min(by: { $0.change.count < $1.change.count }),
            nearest.change.count <= maximumChangeCount
        else { return nil }
        return Comparison(
            outcome: nearest.question.outcome, removed: nearest.change.removals.map(\.line),
            added: nearest.change.insertions.map(\.line))
    }
}

extension CollectionDifference<String>.Change {
    fileprivate var line: String {
        switch self {
        case .insert(_, let element, _), .remove(_, let element, _): element
        }
    }
}
