public import Primitives

/// A runtime in the making, as small as one can be: a core module that imports its memory, and the component around it.
public struct RuntimeText: Sendable {
    public var name = "tiny"
    public var release = "0.1.0"
    /// What the module's `run` does: 0 is ok.
    public var body = "(i32.const 0)"
    /// Module fields besides, such as a tag.
    public var fields = ""
    public var features: [JSONValue] = []
    public var tables: [JSONValue] = []
    /// Content by path.
    public var files: [String: [UInt8]] = ["/usr/lib/tiny/data": Array("what it reads".utf8)]
    /// Keys of the notice that are to be others.
    public var changes: [(key: String, value: JSONValue?)] = []
    /// The name of the custom section that holds the notice.
    public var section = "2cvm-runtime"

    /// Begins with one that runs.
    public init() {}

    /// The core module.
    public func module() throws -> [UInt8] {
        try WasmTools.parse(
            "(module (import \"env\" \"memory\" (memory 1)) \(fields) (func (export \"run\") (result i32) \(body)))")
    }

    /// The component around an imported module.
    public func twin() throws -> [UInt8] {
        try twin(around: Self.text)
    }

    /// The same around other text, with the notice at the end.
    public func twin(around text: String) throws -> [UInt8] {
        let content = [UInt8(section.utf8.count)] + Array(section.utf8) + (try notice().canonicalBytes)
        return try WasmTools.parse(text) + [0] + Self.unsigned(content.count) + content
    }

    /// What the component says of itself.
    public func notice() throws -> JSONValue {
        let entries = files.sorted { $0.key < $1.key }.map { path, content -> JSONValue in
            [
                "path": .string(path), "bytes": .integer(content.count),
                "digest": .string(SHA256Digest(sha256: content).prefixed),
            ]
        }
        var members = [
            JSONMember("version", 1), JSONMember("name", .string(name)), JSONMember("release", .string(release)),
            JSONMember("module", .string(SHA256Digest(sha256: try module()).prefixed)),
            JSONMember("features", .array(features)), JSONMember("tables", .array(tables)),
            JSONMember("files", .array(entries)),
        ]
        for (key, value) in changes {
            members.removeAll { $0.name == key }
            if let value { members.append(JSONMember(key, value)) }
        }
        return .object(members)
    }

    /// The import of the module alone.
    public static let moduleImport = """
        (import "runtime-module" (core module $main
          (import "env" "memory" (memory 1)) (export "run" (func (result i32)))))
        """

    private static let text = """
        (component
          \(moduleImport)
          (core module $memory-module (memory (export "memory") 1))
          (core instance $owner (instantiate $memory-module))
          (core instance $interpreter (instantiate $main (with "env" (instance $owner))))
          (func $run (result (result)) (canon lift (core func $interpreter "run")))
          (instance $command (export "run" (func $run)))
          (export "wasi:cli/run@0.2.12" (instance $command)))
        """

    /// LEB128.
    public static func unsigned(_ value: Int) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + unsigned(value >> 7)
    }
}
