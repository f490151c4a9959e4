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

    private static let allowedFeatures = "-all,wasm2,component-model,cm-implements,extended-const"
}
