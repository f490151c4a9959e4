import Commitments
import Execution
import Foundation
import TestSupport
import Testing

/// How a run ended, in the words of a test.
struct Ended {
    let report: RunReport

    init(_ report: RunReport) {
        self.report = report
    }

    /// `nil` when it completed.
    var failure: FailureReason? {
        switch report.outcome {
        case .completed: nil
        case .failed(let reason): reason
        }
    }

    /// What the engine and the components said, for the message of a failed test.
    var words: String {
        let logs = (report.diagnostics?.logs ?? []).map { "\($0.component): \($0.text.suffix(500))" }
        return "\(failure.map { $0.code } ?? "completed") \(report.diagnostics?.engine ?? "") \(logs)"
    }

    /// Every output by its name; a failed run has none.
    func outputs() throws -> [String: [UInt8]] {
        guard case .completed(let outputs) = report.outcome else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: try outputs.map { ($0.name.description, try $0.read(upTo: 1 << 24, at: 0)) })
    }

    /// What a prober reported, by attack.
    func report(_ name: String = "report") throws -> [String: String] {
        let output = try #require(try outputs()[name], "\(words)")
        var outcomes: [String: String] = [:]
        for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
            guard let arrow = line.range(of: " -> ") else { continue }
            outcomes[String(line[..<arrow.lowerBound])] = String(line[arrow.upperBound...])
        }
        return outcomes
    }
}

/// A folder of the test's own for job folders.
final class Place: Sendable {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appending(path: "2cvm-hostile-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? ["unreadable"] }
}

/// What the build made.
enum Built {
    static let command = Repository.root.appending(path: ".build/release/2cvm")
    static let worker = Repository.root.appending(path: ".build/release/2cvm-worker")
}

/// A guest that `make guests` built.
enum Guest: String {
    case prober, moments, regression
    case cheat = "moments-cheat"

    var file: URL { Repository.root.appending(path: ".build/guests/\(rawValue).wasm") }

    func binary() throws -> [UInt8] { [UInt8](try Data(contentsOf: file)) }
}
