private import CWasmtime

/// Owns a component's machine code.
@safe
public struct CompiledComponent: ~Copyable {
    /// Far above any host world; the engine finds the n-th import by counting to it.
    public static let maximumImportCount = 1_024

    let pointer: OpaquePointer

    @unsafe
    init(owning pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe wasmtime_component_delete(pointer)
    }

    /// The names of everything that the component imports, as the engine itself understood the binary.
    ///
    /// - Throws: ``EngineError/tooManyImports(found:)``.
    public borrowing func importNames(in engine: borrowing Engine) throws(EngineError) -> [String] {
        guard let type = unsafe wasmtime_component_type(pointer) else { throw .unavailable }
        defer { unsafe wasmtime_component_type_delete(type) }

        let count = unsafe wasmtime_component_type_import_count(type, engine.pointer)
        guard count <= Self.maximumImportCount else { throw .tooManyImports(found: count) }
        var names: [String] = []
        for index in 0..<count {
            var name: UnsafePointer<UInt8>?
            var nameCount = 0
            var item: OpaquePointer?
            guard unsafe wasmtime_component_type_import_nth(type, engine.pointer, index, &name, &nameCount, &item)
            else { throw .unavailable }
            unsafe wasmtime_component_extern_delete(item)
            names.append(unsafe String(decoding: UnsafeBufferPointer(start: name, count: nameCount), as: UTF8.self))
        }
        return names
    }
}
