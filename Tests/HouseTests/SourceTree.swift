import Foundation
import TestSupport
import Testing

/// One Swift file of the repository, as lines.
struct SourceFile {
    let path: String
    let lines: [String]

    /// The modules that the file imports, attributes and access levels aside.
    var imports: [String] {
        lines.compactMap { line in
            let statement = /^(?:@\w+ )?(?:public |package |internal |private )?import (?:\w+ )?(\w+)/
            return line.firstMatch(of: statement).map { String($0.1) }
        }
    }

    var isTest: Bool { path.hasPrefix("Tests/") }
}

/// The repository's own files, read from the checkout that the tests were built in.
enum SourceTree {
    static func targets() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Repository.root.appending(path: "Sources").path)
            .filter { !$0.hasPrefix(".") }
    }

    static func swiftFiles(in target: String) throws -> [SourceFile] {
        try swiftFiles(below: "Sources/\(target)")
    }

    static func everySwiftFile() throws -> [SourceFile] {
        try ["Sources", "Tests", "Guests", "Benchmarks", "examples"].flatMap(swiftFiles(below:))
    }

    static func swiftFiles(below folder: String) throws -> [SourceFile] {
        let root = Repository.root.appending(path: folder)
        guard FileManager.default.fileExists(atPath: root.path) else { return [] }
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path)
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
            return SourceFile(
                path: "\(folder)/\(path)",
                lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        }
    }
}
