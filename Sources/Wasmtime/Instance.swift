internal import CWasmtime

/// Owns a running component together with its store, so that neither outlives the other.
public struct Instance: ~Copyable {
    /// What a function of type `func() -> result` answered.
    public enum Answer: Equatable, Sendable {
        case ok, error
    }

    private var index: wasmtime_component_instance_t
    private let store: Store

    init(_ index: wasmtime_component_instance_t, in store: consuming Store) {
        self.index = index
        self.store = store
    }

    /// Calls `function` of the exported instance `instance`: for a command `run` of `wasi:cli/run@…`.
    ///
    /// - Throws: ``EngineError/exportMissing(instance:function:)``,
    ///   ``EngineError/exportDiffers(instance:function:)``, ``EngineError/trapped(_:)``,
    ///   ``EngineError/exited(status:)``. After the last two every further call traps.
    public mutating func call(_ function: String, of instance: String) throws(EngineError) -> Answer {
        guard var target = unsafe find(function, of: instance) else {
            throw .exportMissing(instance: instance, function: function)
        }
        guard unsafe isBareResult(&target) else { throw .exportDiffers(instance: instance, function: function) }

        var result = unsafe wasmtime_component_val_t()
        let error = unsafe wasmtime_component_func_call(&target, store.context, nil, 0, &result, 1)
        if let failure = unsafe LibraryError(owning: error) {
            if let status = failure.exitStatus { throw .exited(status: status) }
            throw .trapped(failure.words)
        }
        defer { unsafe wasmtime_component_val_delete(&result) }
        guard unsafe result.kind == UInt8(CWASMTIME_VAL_RESULT) else {
            throw .exportDiffers(instance: instance, function: function)
        }
        return unsafe result.of.result.is_ok ? .ok : .error
    }

    @unsafe
    var context: OpaquePointer? { unsafe store.context }

    @unsafe
    mutating func find(_ function: String, of instance: String) -> wasmtime_component_func_t? {
        guard let outer = unsafe exportIndex(instance, in: nil) else { return nil }
        defer { unsafe wasmtime_component_export_index_delete(outer) }
        guard let inner = unsafe exportIndex(function, in: outer) else { return nil }
        defer { unsafe wasmtime_component_export_index_delete(inner) }

        var found = unsafe wasmtime_component_func_t()
        let isFunction = unsafe wasmtime_component_instance_get_func(&index, store.context, inner, &found)
        return unsafe isFunction ? found : nil
    }

    @unsafe
    private mutating func exportIndex(_ name: String, in parent: OpaquePointer?) -> OpaquePointer? {
        unsafe wasmtime_component_instance_get_export_index(
            &index, store.context, parent, name, name.utf8.count)
    }

    /// Whether the function takes nothing and returns a `result` whose cases carry nothing.
    @unsafe
    private func isBareResult(_ function: inout wasmtime_component_func_t) -> Bool {
        guard let type = unsafe wasmtime_component_func_type(&function, store.context) else { return false }
        defer { unsafe wasmtime_component_func_type_delete(type) }
        guard unsafe wasmtime_component_func_type_param_count(type) == 0,
            unsafe !wasmtime_component_func_type_async(type)
        else { return false }

        var result = unsafe wasmtime_component_valtype_t()
        guard unsafe wasmtime_component_func_type_result(type, &result) else { return false }
        defer { unsafe wasmtime_component_valtype_delete(&result) }
        guard unsafe result.kind == UInt8(CWASMTIME_VALTYPE_RESULT) else { return false }

        var payload = unsafe wasmtime_component_valtype_t()
        guard unsafe !wasmtime_component_result_type_ok(result.of.result, &payload) else {
            unsafe wasmtime_component_valtype_delete(&payload)
            return false
        }
        guard unsafe !wasmtime_component_result_type_err(result.of.result, &payload) else {
            unsafe wasmtime_component_valtype_delete(&payload)
            return false
        }
        return true
    }
}
