private import CWasmtime

extension Instance {
    /// Calls `function` of the exported instance `instance`, which must be `func(u32, u32) -> u64`: for measurements.
    ///
    /// - Throws: ``EngineError/exportMissing(instance:function:)``,
    ///   ``EngineError/exportDiffers(instance:function:)``, ``EngineError/trapped(_:)``, and that too where the
    ///   parameters are others.
    package mutating func call(
        _ function: String, of instance: String, _ first: UInt32, _ second: UInt32
    ) throws(EngineError) -> UInt64 {
        guard var target = unsafe find(function, of: instance) else {
            throw .exportMissing(instance: instance, function: function)
        }
        let arguments = unsafe [value(first), value(second)]
        var result = unsafe wasmtime_component_val_t()
        let error = unsafe wasmtime_component_func_call(&target, context, arguments, arguments.count, &result, 1)
        if let failure = unsafe LibraryError(owning: error) { throw .trapped(failure.words) }
        defer { unsafe wasmtime_component_val_delete(&result) }
        guard unsafe result.kind == UInt8(CWASMTIME_VAL_U64) else {
            throw .exportDiffers(instance: instance, function: function)
        }
        return unsafe result.of.u64
    }
}

@unsafe
private func value(_ number: UInt32) -> wasmtime_component_val_t {
    var value = unsafe wasmtime_component_val_t()
    unsafe value.kind = UInt8(CWASMTIME_VAL_U32)
    unsafe value.of.u32 = number
    return unsafe value
}
