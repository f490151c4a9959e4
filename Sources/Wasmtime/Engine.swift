private import CWasmtime

/// Owns a compilation engine for its lifetime.
///
/// Not copyable: the library's object is freed exactly once, when the owner goes away. No pointer leaves this
/// target, which is what `@safe` promises here. Components and instances made by an engine keep what they need of
/// it alive themselves.
@safe
public struct Engine: ~Copyable {
    let pointer: OpaquePointer
    let settings: EngineSettings

    /// Makes an engine that accepts exactly what ``EngineFeature`` allows.
    ///
    /// - Throws: ``EngineError/unavailable``.
    public init(memory: MemoryBacking = .engine) throws(EngineError) {
        try self.init(settings: .runtime(memory))
    }

    /// Makes an engine to be measured.
    package init(settings: EngineSettings) throws(EngineError) {
        guard let config = unsafe EngineConfiguration.make(settings),
            let pointer = unsafe wasm_engine_new_with_config(config)
        else { throw .unavailable }
        unsafe self.pointer = pointer
        self.settings = settings
    }

    deinit {
        unsafe wasm_engine_delete(pointer)
    }

    /// `\0asm`, version 13, layer 1: how every component's binary form begins.
    private static let preamble: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x0D, 0x00, 0x01, 0x00]

    /// Decodes, type-checks and compiles a component in its binary form. Hostile bytes are welcome.
    ///
    /// - Throws: ``EngineError/notBinary``, ``EngineError/refused(_:)``.
    public borrowing func compile(_ binary: [UInt8]) throws(EngineError) -> CompiledComponent {
        // The library takes anything else for component text and parses that, which nobody here needs.
        guard binary.starts(with: Self.preamble) else { throw .notBinary }
        var component: OpaquePointer?
        let error = unsafe wasmtime_component_new(pointer, binary, binary.count, &component)
        if let failure = unsafe LibraryError(owning: error) { throw .refused(failure.words) }
        guard let component = unsafe component else { throw .unavailable }
        return unsafe CompiledComponent(owning: component)
    }
}
