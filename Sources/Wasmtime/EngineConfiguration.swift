private import CWasmtime

/// The configuration that 2cVM compiles with, and for measurements the ones that it does not.
///
/// No fuel and no epochs: a deadline is the parent's, by SIGKILL, and costs a loop nothing. A memory reserves its
/// whole 4 GiB and a guard region behind, so that a bound is the processor's to keep and not an instruction's.
/// docs/BENCHMARKS.md shows what each of them would cost.
enum EngineConfiguration {
    /// All that a 32-bit memory can grow to, so that it never moves.
    static let memoryReservationBytes: UInt64 = 4 << 30
    /// Covers the constant offsets that compiled loads and stores carry.
    static let memoryGuardBytes: UInt64 = 32 << 20

    /// A new configuration, owned by the caller, and its memories where they are of our own making.
    @unsafe
    static func make(_ settings: EngineSettings) -> (config: OpaquePointer, memories: OpaquePointer?)? {
        guard let config = unsafe wasm_config_new() else { return nil }
        for feature in EngineFeature.allCases {
            unsafe set(feature, settings.allows(feature), in: config)
        }
        if settings.isPortable {
            let error = unsafe wasmtime_config_target_set(config, ProcessorLevel.target)
            guard unsafe LibraryError(owning: error) == nil else {
                unsafe wasm_config_delete(config)
                return nil
            }
            for flag in ProcessorLevel.x86v3 { unsafe wasmtime_config_cranelift_flag_enable(config, flag) }
        }
        unsafe wasmtime_config_strategy_set(config, UInt8(CWASMTIME_STRATEGY_CRANELIFT))
        unsafe wasmtime_config_cranelift_opt_level_set(config, UInt8(CWASMTIME_OPT_LEVEL_SPEED))
        unsafe wasmtime_config_parallel_compilation_set(config, true)
        unsafe wasmtime_config_consume_fuel_set(config, settings.countsFuel)
        unsafe wasmtime_config_epoch_interruption_set(config, settings.looksAtEpochs)
        unsafe wasmtime_config_debug_info_set(config, false)
        unsafe wasmtime_config_profiler_set(config, UInt8(CWASMTIME_PROFILING_NONE))
        unsafe wasmtime_config_signals_based_traps_set(config, settings.trapsBySignals)
        let isReserved = settings.reservesAddresses
        unsafe wasmtime_config_memory_reservation_set(config, isReserved ? memoryReservationBytes : 0)
        unsafe wasmtime_config_memory_guard_size_set(config, isReserved ? memoryGuardBytes : 0)
        // Copy on write needs a memory file for each initial image: one more system call to allow, and bound by the
        // limit on file sizes that keeps outputs small. A worker instantiates once, so there is nothing to share.
        unsafe wasmtime_config_memory_init_cow_set(config, false)
        // Needs copying on write to be off, or the library aborts.
        guard settings.memory == .hugePages || settings.keepsMemorySizes else { return unsafe (config, nil) }
        guard let memories = unsafe cwasmtime_config_memories_set(config, settings.memory == .hugePages) else {
            unsafe wasm_config_delete(config)
            return nil
        }
        return unsafe (config, memories)
    }

    @unsafe
    private static func set(_ feature: EngineFeature, _ isAllowed: Bool, in config: OpaquePointer) {
        let setter: (OpaquePointer?, Bool) -> Void =
            switch feature {
            case .bulkMemory: unsafe wasmtime_config_wasm_bulk_memory_set
            case .multiValue: unsafe wasmtime_config_wasm_multi_value_set
            case .referenceTypes: unsafe wasmtime_config_wasm_reference_types_set
            case .simd: unsafe wasmtime_config_wasm_simd_set
            case .multiMemory: unsafe wasmtime_config_wasm_multi_memory_set
            case .componentModel: unsafe wasmtime_config_wasm_component_model_set
            case .componentModelImplements: unsafe wasmtime_config_wasm_component_model_implements_set
            case .branchHinting: unsafe wasmtime_config_wasm_branch_hinting_set
            case .compactImports: unsafe wasmtime_config_wasm_compact_imports_set
            case .componentModelAccessors: unsafe wasmtime_config_wasm_component_model_accessors_set
            case .componentModelAsync: unsafe wasmtime_config_wasm_component_model_async_set
            case .componentModelAsyncStackful: unsafe wasmtime_config_wasm_component_model_async_stackful_set
            case .componentModelCanonicalNames: unsafe wasmtime_config_wasm_component_model_canonical_names_set
            case .componentModelMap: unsafe wasmtime_config_wasm_component_model_map_set
            case .componentModelMoreAsyncBuiltins:
                unsafe wasmtime_config_wasm_component_model_more_async_builtins_set
            case .concurrency: unsafe wasmtime_config_concurrency_support_set
            case .customPageSizes: unsafe wasmtime_config_wasm_custom_page_sizes_set
            case .exceptions: unsafe wasmtime_config_wasm_exceptions_set
            case .functionReferences: unsafe wasmtime_config_wasm_function_references_set
            case .gc: unsafe wasmtime_config_wasm_gc_set
            case .gcSupport: unsafe wasmtime_config_gc_support_set
            case .memory64: unsafe wasmtime_config_wasm_memory64_set
            case .relaxedSIMD: unsafe wasmtime_config_wasm_relaxed_simd_set
            case .relaxedSIMDDeterministic: unsafe wasmtime_config_wasm_relaxed_simd_deterministic_set
            case .sharedMemory: unsafe wasmtime_config_shared_memory_set
            case .stackSwitching: unsafe wasmtime_config_wasm_stack_switching_set
            case .tailCall: unsafe wasmtime_config_wasm_tail_call_set
            case .threads: unsafe wasmtime_config_wasm_threads_set
            case .wideArithmetic: unsafe wasmtime_config_wasm_wide_arithmetic_set
            }
        unsafe setter(config, isAllowed)
    }
}
