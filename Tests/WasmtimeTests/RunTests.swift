import Primitives
import TestSupport
import Testing
import Wasmtime

/// Each file in Runs is one command, the bound that it runs under, and how it ends.
@Suite("Running a component")
struct RunTests {
    @Test(
        "ends as the file says, in whichever memory",
        arguments: try ComponentText.all(in: "Runs"), MemoryBacking.allCases)
    func ending(_ component: ComponentText, _ memory: MemoryBacking) throws {
        let binary = try component.binary()
        let bounds = try bounds(of: component)
        let expected = try component.header("expect")
        let words = try component.header("words")
        do {
            let answer = try Fixture.run(binary, bounds: bounds, memory: memory)
            #expect("\(answer)" == expected)
        } catch {
            #expect(error.code == expected)
            if words != "-" { #expect(error.words?.description.contains(words) == true) }
        }
    }

    @Test("keeps a component's names out of messages")
    func messageHoldsNoContent() throws {
        let text = """
            (component
              (core module $patient_alice (func $secret_name (export "run") (result i32) unreachable))
              (core instance $i (instantiate $patient_alice))
              (func $run (result (result)) (canon lift (core func $i "run")))
              (instance $command (export "run" (func $run)))
              (export "wasi:cli/run@0.2.12" (instance $command)))
            """
        let binary = try WasmTools.parse(Array(text.utf8))
        let error = try #require(throws: EngineError.self) { try Fixture.run(binary) }
        #expect(try #require(error.words).description.contains("secret_name"))
        #expect(error.message == "the component trapped")
        #expect(error.hint == nil)
    }

    @Test("makes the engine's words safe for a terminal, and short")
    func wordsAreSafe() throws {
        // ESC [ 2 J clears a terminal; U+202E, written as its UTF-8 bytes, turns the direction of what follows.
        let text = """
            (component
              (core module $m
                (func $name (@name "\\1b[2J\\e2\\80\\ae\(String(repeating: "y", count: 20_000))")
                  (export "run") (result i32) unreachable))
              (core instance $i (instantiate $m))
              (func $run (result (result)) (canon lift (core func $i "run")))
              (instance $command (export "run" (func $run)))
              (export "wasi:cli/run@0.2.12" (instance $command)))
            """
        let binary = try WasmTools.parse(Array(text.utf8))
        let error = try #require(throws: EngineError.self) { try Fixture.run(binary) }
        let words = try #require(error.words).description
        #expect(words.contains("\u{FFFD}[2J\u{FFFD}yyy"))
        #expect(words.utf8.count <= EngineWords.maximumByteCount * 3)
        #expect(!words.unicodeScalars.contains("\u{1B}"))
        #expect(!words.unicodeScalars.contains("\u{202E}"))
    }

    @Test("traps again after a trap, whatever is called")
    func trapPoisonsTheStore() throws {
        let binary = try ComponentText(named: "Runs/traps-unreachable").binary()
        let engine = try Engine()
        let store = try Store(engine, bounds: Fixture.bounds, folders: try FolderGrants())
        var instance = try Linker(engine).instantiate(try engine.compile(binary), in: store)
        for _ in 0..<3 {
            let code: String
            do {
                _ = try instance.call("run", of: "wasi:cli/run@0.2.12")
                code = "none"
            } catch {
                code = error.code
            }
            #expect(code == "engine.trap")
        }
    }

    private func bounds(of component: ComponentText) throws -> StoreBounds {
        var bounds = Fixture.bounds
        guard let bound = component.optionalHeader("bound") else { return bounds }
        let words = bound.split(separator: " ").map(String.init)
        try #require(words.count == 2, "expected `name value` in \(bound)")
        let value = try #require(Int(words[1]))
        switch words[0] {
        case "memoryBytes": bounds.memoryBytes = value
        case "tableElements": bounds.tableElements = value
        case "instances": bounds.instances = value
        case "tables": bounds.tables = value
        case "memories": bounds.memories = value
        default: throw ComponentTextError.missingHeader("bound", in: bound)
        }
        return bounds
    }
}
