import Foundation

extension WasmTools {
    /// Whether wasm-tools finds a binary valid with the features that this project allows, and its words if not.
    public static func refusal(of binary: [UInt8]) throws -> String? {
        let file = FileManager.default.temporaryDirectory.appending(path: "2cvm-\(UUID().uuidString).wasm")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(binary).write(to: file)

        let tool = Process()
        tool.executableURL = Repository.root.appending(path: ".deps/bin/wasm-tools")
        tool.arguments = ["validate", "--features=\(allowedFeatures)", file.path]
        let errors = Pipe()
        tool.standardError = errors
        try tool.run()
        let message = errors.fileHandleForReading.readDataToEndOfFile()
        tool.waitUntilExit()
        return tool.terminationStatus == 0 ? nil : String(decoding: message, as: UTF8.self)
    }

    /// Text straight to binary, for components that are written where they are used.
    public static func parse(_ text: String) throws -> [UInt8] {
        try parse(Array(text.utf8))
    }

    /// A component whose functions trap, with the imports and exports of a world of `wit`.
    public static func dummy(of world: String, in wit: String) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "2cvm-wit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = ["world.wit", "core.wasm", "component.wasm"].map { folder.appending(path: $0).path }
        try Data(wit.utf8).write(to: folder.appending(path: "world.wit"))
        try run(["component", "embed", "--dummy", paths[0], "--world", world, "-o", paths[1]])
        try run(["component", "new", paths[1], "-o", paths[2]])
        return [UInt8](try Data(contentsOf: folder.appending(path: "component.wasm")))
    }

    private static func run(_ arguments: [String]) throws {
        let tool = Process()
        tool.executableURL = Repository.root.appending(path: ".deps/bin/wasm-tools")
        tool.arguments = arguments
        let errors = Pipe()
        tool.standardError = errors
        try tool.run()
        let message = errors.fileHandleForReading.readDataToEndOfFile()
        tool.waitUntilExit()
        guard tool.terminationStatus == 0 else {
            throw ComponentTextError.refused(String(decoding: message, as: UTF8.self))
        }
    }

    private static let allowedFeatures = "-all,wasm2,component-model,cm-implements,extended-const"
}
