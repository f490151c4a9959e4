public import Foundation

/// A test component as text: header lines `;; key: value`, `;;`, then why the case exists, then the component.
public struct ComponentText: Sendable, CustomStringConvertible {
    public let file: URL
    private let headers: [String: String]

    public var description: String { file.deletingPathExtension().lastPathComponent }

    /// Reads a file's headers.
    public init(_ file: URL) throws {
        self.file = file
        var headers: [String: String] = [:]
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            guard line.hasPrefix(";; "), let colon = line.range(of: ": ") else { break }
            headers[String(line[..<colon.lowerBound].dropFirst(3))] = String(line[colon.upperBound...])
        }
        self.headers = headers
    }

    /// One component of Tests/Components, such as `Runs/answers-ok`.
    public init(named name: String) throws {
        try self.init(Self.folder.appending(path: name + ".wat"))
    }

    private static let folder = Repository.root.appending(path: "Tests/Components")

    /// Every component of a folder below Tests/Components, in the order of their names.
    public static func all(in folder: String) throws -> [ComponentText] {
        let folder = Self.folder.appending(path: folder)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "wat" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        guard !files.isEmpty else { throw ComponentTextError.emptyFolder(folder.path) }
        return try files.map(ComponentText.init)
    }

    /// A header's value; each case states the headers that its test needs.
    public func header(_ name: String) throws -> String {
        guard let value = headers[name] else { throw ComponentTextError.missingHeader(name, in: description) }
        return value
    }

    /// The same where a case may leave it out.
    public func optionalHeader(_ name: String) -> String? { headers[name] }

    /// The component's binary form.
    public func binary() throws -> [UInt8] {
        try WasmTools.parse([UInt8](Data(contentsOf: file)))
    }
}

/// What is wrong with a test component.
public enum ComponentTextError: Error {
    case emptyFolder(String)
    case missingHeader(String, in: String)
    case refused(String)
}

/// The pinned wasm-tools that `scripts/setup` brings.
public enum WasmTools {
    /// Turns component text into its binary form.
    public static func parse(_ text: [UInt8]) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "2cvm-wat-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appending(path: "component.wat")
        let target = folder.appending(path: "component.wasm")
        try Data(text).write(to: source)

        let tool = Process()
        tool.executableURL = Repository.root.appending(path: ".deps/bin/wasm-tools")
        tool.arguments = ["parse", source.path, "--output", target.path]
        let errors = Pipe()
        tool.standardError = errors
        try tool.run()
        let message = errors.fileHandleForReading.readDataToEndOfFile()
        tool.waitUntilExit()
        guard tool.terminationStatus == 0 else {
            throw ComponentTextError.refused(String(decoding: message, as: UTF8.self))
        }
        return [UInt8](try Data(contentsOf: target))
    }
}
