private import CWasmtime

/// Owns the engine's implementation of WASI 0.2, which is all that a component is ever linked to.
///
/// HTTP is no part of it: importing it fails, and the library aborts on a call that has no context.
@safe
public struct Linker: ~Copyable {
    private let pointer: OpaquePointer

    /// - Throws: ``EngineError/unavailable``.
    public init(_ engine: borrowing Engine) throws(EngineError) {
        guard let pointer = unsafe wasmtime_component_linker_new(engine.pointer) else { throw .unavailable }
        let error = unsafe wasmtime_component_linker_add_wasip2(pointer)
        guard unsafe LibraryError(owning: error) == nil else {
            unsafe wasmtime_component_linker_delete(pointer)
            throw .unavailable
        }
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe wasmtime_component_linker_delete(pointer)
    }

    /// Lets components import a compiled module.
    ///
    /// - Throws: ``EngineError/unavailable``.
    public borrowing func define(_ module: borrowing CompiledModule, as name: String) throws(EngineError) {
        guard let root = unsafe wasmtime_component_linker_root(pointer) else { throw .unavailable }
        defer { unsafe wasmtime_component_linker_instance_delete(root) }
        let error = unsafe wasmtime_component_linker_instance_add_module(
            root, name, name.utf8.count, module.pointer)
        guard unsafe LibraryError(owning: error) == nil else { throw .unavailable }
    }

    /// Instantiates a component, which runs its start functions, and gives the instance its store.
    ///
    /// - Throws: ``EngineError/notInstantiated(_:)``; ``EngineError/exited(status:)`` from a start function.
    public borrowing func instantiate(
        _ component: borrowing CompiledComponent, in store: consuming Store
    ) throws(EngineError) -> Instance {
        var index = wasmtime_component_instance_t()
        let error = unsafe wasmtime_component_linker_instantiate(pointer, store.context, component.pointer, &index)
        if let failure = unsafe LibraryError(owning: error) {
            if let status = failure.exitStatus { throw .exited(status: status) }
            throw .notInstantiated(failure.words)
        }
        return Instance(index, in: store)
    }
}
