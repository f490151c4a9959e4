import TestSupport
import Testing
import Wasmtime

@Suite("The engine's list of imports")
struct ImportTests {
    @Test("is empty for a component that imports nothing")
    func none() throws {
        #expect(try Fixture.imports(of: "(component)") == [])
    }

    @Test("names instances, functions, modules and types in their order")
    func everyKind() throws {
        let text = """
            (component
              (import "wasi:cli/exit@0.2.0" (instance (export "exit" (func (param "status" (result))))))
              (import "plain" (func))
              (import "module" (core module))
              (import "resource" (type (sub resource))))
            """
        #expect(try Fixture.imports(of: text) == ["wasi:cli/exit@0.2.0", "plain", "module", "resource"])
    }

    @Test("gives an import's own name, not the interface that it implements")
    func implementsIsNoName() throws {
        let text = #"(component (import "evil" (implements "wasi:cli/exit@0.2.12") (instance)))"#
        #expect(try Fixture.imports(of: text) == ["evil"])
    }

    @Test("does not list what nested components import from one another")
    func nestedImportsAreInternal() throws {
        let text = """
            (component
              (component $inner (import "hidden" (func)))
              (core module $m (func (export "f")))
              (core instance $i (instantiate $m))
              (func $f (canon lift (core func $i "f")))
              (instance (instantiate $inner (with "hidden" (func $f)))))
            """
        #expect(try Fixture.imports(of: text) == [])
    }

    @Test("refuses more imports than any host world has")
    func tooMany() throws {
        let count = CompiledComponent.maximumImportCount
        let imports = (0...count).map { "(import \"f\($0)\" (func))" }.joined()
        #expect(throws: EngineError.tooManyImports(found: count + 1)) {
            try Fixture.imports(of: "(component \(imports))")
        }
    }
}
