public import Foundation
public import Testing

/// Recorded data that is not part of the repository.
public enum SharedFolder {
    /// In what `scripts/setup --tests` fetched, or in `../shared` beside the repository. Without both, the running test
    /// ends as skipped.
    public static func url(_ path: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> URL {
        let places = [".deps/tests", "../shared"].map { Repository.root.appending(path: "\($0)/\(path)") }
        guard let found = places.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            try Test.skip("\(path) is neither in .deps/tests nor in ../shared", sourceLocation: sourceLocation)
        }
        return found.standardizedFileURL
    }
}

extension Test {
    /// Ends the running test as skipped; of one with arguments, the case that is running.
    ///
    /// Its name and the reason stand on a line of their own, which `make test` counts: the library says nothing of a
    /// single case.
    public static func skip(_ reason: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Never {
        let test = current.map { $0.displayName ?? $0.name } ?? "a test"
        let file = sourceLocation.fileID.split(separator: "/").first ?? ""
        print("skipped: \(file): \(test): \(reason)")
        try cancel(Comment(rawValue: reason), sourceLocation: sourceLocation)
    }
}

/// Another implementation, run for what it says.
public enum ForeignProgram {
    /// Runs a Python program in which the packages of `.deps/tests/programs` can be imported, and returns its lines.
    public static func python(
        _ program: String, reading input: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [String] {
        let packages = try SharedFolder.url("programs", sourceLocation: sourceLocation)
        let file = FileManager.default.temporaryDirectory.appending(path: "2cvm-input-\(UUID().uuidString)")
        try Data(input.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        // No code of these packages but their sources, which were compared with a pinned digest.
        let path = "import sys; sys.path.insert(0, sys.argv[1])\n"
        process.arguments = ["python3", "-I", "-B", "-X", "utf8", "-c", path + program, packages.path]
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, sourceLocation: sourceLocation)
        return text.split(separator: "\n").map(String.init)
    }
}

/// Where this checkout lies.
public enum Repository {
    public static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
