private import CWasmtime

/// Owns a core module's machine code.
@safe
public struct CompiledModule: ~Copyable {
    let pointer: OpaquePointer

    @unsafe
    init(owning pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe wasmtime_module_delete(pointer)
    }

    /// The machine code in the engine's own form, which only an engine of the same version and settings loads.
    ///
    /// - Throws: ``EngineError/refused(_:)``.
    public borrowing func serialized() throws(EngineError) -> [UInt8] {
        var content = unsafe wasm_byte_vec_t(size: 0, data: nil)
        let error = unsafe wasmtime_module_serialize(pointer, &content)
        if let failure = unsafe LibraryError(owning: error) { throw .refused(failure.words) }
        defer { unsafe wasm_byte_vec_delete(&content) }
        return unsafe Array(UnsafeBufferPointer(start: content.data, count: content.size))
    }
}

extension Engine {
    /// Compiles a core module. Hostile bytes are welcome.
    ///
    /// - Throws: ``EngineError/notBinary``, ``EngineError/refused(_:)``.
    public borrowing func compileModule(_ binary: [UInt8]) throws(EngineError) -> CompiledModule {
        guard binary.starts(with: Self.modulePreamble) else { throw .notBinary }
        var module: OpaquePointer?
        let error = unsafe wasmtime_module_new(pointer, binary, binary.count, &module)
        if let failure = unsafe LibraryError(owning: error) { throw .refused(failure.words) }
        guard let module = unsafe module else { throw .unavailable }
        return unsafe CompiledModule(owning: module)
    }

    /// Loads machine code from a file.
    ///
    /// The file is believed: whoever wrote it decides what this process does. It must be one that this program had
    /// made, that nobody else could write, and whose digest was compared. The engine refuses code of another version,
    /// of other settings, or for a processor that this one is not.
    ///
    /// - Throws: ``EngineError/refused(_:)``.
    public borrowing func load(trusting path: String) throws(EngineError) -> CompiledModule {
        var module: OpaquePointer?
        let error = unsafe wasmtime_module_deserialize_file(pointer, path, &module)
        if let failure = unsafe LibraryError(owning: error) { throw .refused(failure.words) }
        guard let module = unsafe module else { throw .unavailable }
        return unsafe CompiledModule(owning: module)
    }

    /// `\0asm`, version 1: how every core module's binary form begins.
    private static let modulePreamble: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]
}
