package import Client
package import Commitments
internal import Formats
internal import Keys
internal import Lifecycle
package import Primitives

/// A question of an earlier run, as it was shown here.
package struct EarlierQuestion {
    package let run: Int
    package let isReleased: Bool
    package let content: [UInt8]

    fileprivate var outcome: String { "run \(run), which released \(isReleased ? "its results" : "nothing")" }
}

/// What somebody decides on, for people and for machines.
package struct ReviewSummary {
    private let review: ReviewedContents
    private let manifest: Manifest
    /// For each content that is shown: the questions of that name that were shown before.
    private let earlier: [[EarlierQuestion]]

    /// - Parameter store: what was shown in earlier runs.
    package init(
        _ review: ReviewedContents, under manifest: Manifest, knownTo store: SessionStore
    ) throws(CommandFailure) {
        self.review = review
        self.manifest = manifest
        earlier = try review.index.shown.map { entry throws(CommandFailure) in
            try store.questions(entry.name, in: review.index.past)
        }
    }

    private var index: ReviewIndex { review.index }

    /// On a terminal.
    package var text: String {
        var lines = ["run \(index.run.number) of at most \(manifest.limits.runs): \(index.subject.words)"]
        if index.isEmpty {
            lines.append("The run released nothing. There is nothing to decide, and that was answered.")
            return lines.joined(separator: "\n")
        }
        for ((entry, content), earlier) in zip(zip(index.shown, review.contents), earlier) {
            lines += ["", "\(entry.name), \(origin(of: entry.name)), \(entry.byteCount) bytes:"]
            lines += Self.lines(of: content).map { "  | \(Self.shown($0))" }
            lines += comparison(of: content, with: earlier)
        }
        let lasting = manifest.data.filter { $0.period == .session }.map { "\($0.name) of \($0.provider)" }
        let code = manifest.components.map { "\($0.name) of \($0.provider)" }
        lines += ["", "code, as in every run: \(code.joined(separator: ", "))"]
        if !lasting.isEmpty { lines.append("data, as in every run: \(lasting.joined(separator: ", "))") }
        let reach = Reachability(of: manifest)
        lines += manifest.outputs.map { output in
            let names = output.recipients.map(\.description).joined(separator: ", ")
            let bits = grouped(Int(clamping: reach.capacity(of: [output.name]).bits))
            return "\(output.name) goes to \(names), at most \(bits) bits in all runs"
        }
        lines += index.past.suffix(Self.maximumPastCount).map { run in
            "run \(run.run) released \(run.isReleased ? "its results" : "nothing")"
        }
        lines += ["", "yes: 2cvm approve \(index.digest)", "no:  2cvm refuse \(index.digest)"]
        return lines.joined(separator: "\n")
    }

    /// Earlier runs whose outcome is told.
    private static let maximumPastCount = 8
    /// Lines of a question beyond which it is not compared, and changes beyond which nothing is alike.
    private static let maximumLineCount = 2000, maximumChangeCount = 12

    private func origin(of name: Name) -> String {
        let provider = manifest.data.first { $0.name == name }?.provider
        return provider.map { "which \($0) asks" } ?? "which would leave"
    }

    /// What differs from the earlier question that is most like it.
    private func comparison(of content: [UInt8], with earlier: [EarlierQuestion]) -> [String] {
        let lines = Self.lines(of: content)
        guard lines.count <= Self.maximumLineCount else { return [] }
        typealias Change = (question: EarlierQuestion, change: CollectionDifference<String>)
        let alike = earlier.compactMap { question -> Change? in
            let others = Self.lines(of: question.content)
            guard others.count <= Self.maximumLineCount else { return nil }
            return (question, lines.difference(from: others))
        }
        guard let nearest = alike.min(by: { $0.change.count < $1.change.count }) else { return [] }
        if nearest.change.isEmpty { return ["the same question as in \(nearest.question.outcome)"] }
        guard nearest.change.count <= Self.maximumChangeCount else { return [] }
        return ["beside the question of \(nearest.question.outcome):"]
            + nearest.change.removals.map { "  - \(Self.shown($0.line))" }
            + nearest.change.insertions.map { "  + \(Self.shown($0.line))" }
    }

    private static func lines(of content: [UInt8]) -> [String] {
        var lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func shown(_ line: String) -> String { line.showingItself(besides: []) }

    /// For machines. Contents in base64: they are others'.
    package var json: JSONValue {
        [
            "version": 1, "run": .integer(index.run.number), "subject": .string(index.subject.rawValue),
            "empty": .bool(index.isEmpty), "digest": .string(index.digest.description),
            "slots": .array(index.slots.map(\.json)), "outputs": .array(index.outputs.map(\.json)),
            "shown": .array(
                zip(index.shown, review.contents).map { entry, content in
                    ["name": .string(entry.name.description), "content": .base64(content)]
                }),
        ]
    }
}

extension CollectionDifference<String>.Change {
    fileprivate var line: String {
        switch self {
        case .insert(_, let element, _), .remove(_, let element, _): element
        }
    }
}
