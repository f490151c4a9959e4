import TestSupport
import Testing
import Wasmtime

/// The one feature that a manifest can ask for, and what stays off beside it.
@Suite("Engines with exceptions")
struct ExceptionTests {
    @Test("accept exceptions, and refuse every garbage-collected type and all else that is off")
    func allowList() throws {
        let engine = try Engine(allowsExceptions: true)
        for component in try ComponentText.all(in: "Features") {
            let feature = try component.header("feature")
            let isAccepted = try component.header("expect") == "accepted" || feature == "exceptions"
            let binary = try component.binary()
            do throws(EngineError) {
                _ = try engine.compile(binary)
                #expect(isAccepted, "\(feature) is accepted")
            } catch {
                #expect(!isAccepted, "\(feature): \(error.words?.description ?? "")")
            }
        }
    }

    @Test("are those of every run but for exceptions and their heap")
    func settings() {
        let plain = EngineSettings.runtime(.hugePages, keepsMemorySizes: true)
        #expect(plain == .runtime(.hugePages, keepsMemorySizes: true, allowsExceptions: false))
        var throwing = EngineSettings.runtime(.hugePages, keepsMemorySizes: true, allowsExceptions: true)
        #expect(throwing != plain)
        throwing.allowsExceptions = false
        #expect(throwing == plain)
    }

    @Test(
        "hold what is thrown within the bound of the largest memory, whoever makes the memories",
        arguments: MemoryBacking.allCases, [false, true])
    func heap(_ memory: MemoryBacking, _ keeps: Bool) throws {
        let engine = try Engine(memory: memory, keepsMemorySizes: keeps, allowsExceptions: true)
        let binary = try ComponentText(named: "Exceptions/fills-the-heap").binary()
        let component = try engine.compile(binary)
        let bounds = StoreBounds(
            memoryBytes: 16 << 20, tableElements: 2_000_000, instances: 10, tables: 10, memories: 1)
        let store = try Store(engine, bounds: bounds, folders: try FolderGrants())
        var instance = try Linker(engine).instantiate(component, in: store)
        var words: String?
        do throws(EngineError) {
            _ = try instance.call("run", of: "wasi:cli/run@0.2.12")
        } catch {
            words = error.words?.description
        }
        #expect(words?.contains("GC heap out of memory") == true, "\(words ?? "no error")")
    }
}

/// A module inside a binary, held against an engine that has no exceptions.
@Suite("Modules alone")
struct ModuleValidationTests {
    private func words(_ body: String, at place: Int = 100) throws -> String? {
        let engine = try Engine()
        let module = try WasmTools.parse(Array("(module \(body))".utf8))
        let binary = [UInt8](repeating: 0xAA, count: place) + module + [0xBB]
        do throws(EngineError) {
            try engine.validateModule(at: place..<place + module.count, of: binary)
            return nil
        } catch {
            return error.words?.description ?? error.code
        }
    }

    @Test("pass where they use what every component may")
    func passes() throws {
        #expect(try words("(memory 1) (func (drop (i32x4.splat (i32.const 1))))") == nil)
    }

    @Test(
        "are refused for exceptions, in their head or in a body",
        arguments: ["(tag)", "(func (block $b (try_table (catch_all $b) nop)))", "(func (param exnref))"])
    func refuses(_ body: String) throws {
        #expect(try words(body) != nil)
    }

    @Test("are told by offsets of the whole binary")
    func offsets() throws {
        let near = try #require(try words("(tag)", at: 0))
        let far = try #require(try words("(tag)", at: 4096))
        let place = { (words: String) -> Int? in
            words.ranges(of: "offset 0x").last.flatMap { found in
                Int(words[found.upperBound...].prefix(while: \.isHexDigit), radix: 16)
            }
        }
        let first = try #require(place(near))
        #expect(place(far) == first + 4096, "\(near) \(far)")
    }

    @Test("are refused where they end early, or are none")
    func malformed() throws {
        let engine = try Engine()
        for bytes in [[], [0x00], Array("(module)".utf8), [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00, 0x01]] {
            #expect(throws: EngineError.self) { try engine.validateModule(at: 0..<bytes.count, of: bytes) }
        }
    }
}
