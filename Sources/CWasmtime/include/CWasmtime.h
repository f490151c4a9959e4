// The part of libwasmtime 50.0.1's C interface that 2cVM uses, and nothing else.
//
// Written by hand: the release's wheel carries no header. Each layout and signature is that of the wheel's
// `wasmtime/_bindings.py`; CWasmtime.c asserts every size and offset. Who owns what is said beside each call:
// "takes" means that the caller's pointer is gone, "gives" that the caller must delete the result.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Objects behind pointers

typedef struct wasm_config_t wasm_config_t;
typedef struct wasm_engine_t wasm_engine_t;
typedef struct wasi_config_t wasi_config_t;
typedef struct wasmtime_error wasmtime_error_t;
typedef struct wasmtime_store wasmtime_store_t;
typedef struct wasmtime_context wasmtime_context_t;
typedef struct wasmtime_component_t wasmtime_component_t;
typedef struct wasmtime_component_type_t wasmtime_component_type_t;
typedef struct wasmtime_component_extern_t wasmtime_component_extern_t;
typedef struct wasmtime_component_func_type_t wasmtime_component_func_type_t;
typedef struct wasmtime_component_result_type wasmtime_component_result_type_t;
typedef struct wasmtime_component_export_index_t wasmtime_component_export_index_t;
typedef struct wasmtime_component_linker_t wasmtime_component_linker_t;
typedef struct wasmtime_component_linker_instance_t wasmtime_component_linker_instance_t;
typedef struct wasmtime_module wasmtime_module_t;

// MARK: Structures

// Bytes owned by the library; `wasm_byte_vec_delete` frees them.
typedef struct wasm_byte_vec_t {
    size_t size;
    uint8_t *data;
} wasm_byte_vec_t;

// An index into one store; the store frees it.
typedef struct wasmtime_component_instance_t {
    uint64_t store_id;
    uint32_t private1;
} wasmtime_component_instance_t;

// 32 bytes in version 50; earlier versions had 24.
typedef struct wasmtime_component_func_t {
    struct {
        uint64_t store_id;
        uint32_t private1;
    } owner;
    uint32_t private2;
    void *private3;
} wasmtime_component_func_t;

typedef struct wasmtime_component_val_t wasmtime_component_val_t;

// The arms of the value union that set its size, and those that 2cVM reads.
typedef struct wasmtime_component_val_t {
    uint8_t kind;
    union {
        bool boolean;
        uint32_t u32;
        uint64_t u64;
        struct {
            bool is_ok;
            wasmtime_component_val_t *value;
        } result;
        struct {
            wasm_byte_vec_t discriminant;
            wasmtime_component_val_t *value;
        } variant;
    } of;
} wasmtime_component_val_t;

typedef struct wasmtime_component_valtype_t {
    uint8_t kind;
    union {
        wasmtime_component_result_type_t *result;
        void *other;
    } of;
} wasmtime_component_valtype_t;

enum {
    CWASMTIME_VAL_U32 = 6,
    CWASMTIME_VAL_U64 = 8,
    CWASMTIME_VAL_RESULT = 19,
    CWASMTIME_VALTYPE_RESULT = 19,
    CWASMTIME_STRATEGY_CRANELIFT = 1,
    CWASMTIME_OPT_LEVEL_SPEED = 1,
    CWASMTIME_PROFILING_NONE = 0,
};

// MARK: Configuration

wasm_config_t *wasm_config_new(void);

// Compiles for this processor, and only for one that has what is enabled. Without a target it is the machine's own.
wasmtime_error_t *wasmtime_config_target_set(wasm_config_t *config, const char *target);
void wasmtime_config_cranelift_flag_enable(wasm_config_t *config, const char *flag);
void wasm_config_delete(wasm_config_t *config);

void wasmtime_config_wasm_branch_hinting_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_bulk_memory_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_compact_imports_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_component_model_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_component_model_accessors_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_component_model_async_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_component_model_async_stackful_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_component_model_canonical_names_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_component_model_implements_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_component_model_map_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_component_model_more_async_builtins_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_custom_page_sizes_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_exceptions_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_function_references_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_gc_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_memory64_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_multi_memory_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_multi_value_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_reference_types_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_relaxed_simd_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_relaxed_simd_deterministic_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_simd_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_stack_switching_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_tail_call_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_threads_set(wasm_config_t *config, bool allowed);
void wasmtime_config_wasm_wide_arithmetic_set(wasm_config_t *config, bool allowed);

void wasmtime_config_concurrency_support_set(wasm_config_t *config, bool enabled);
void wasmtime_config_gc_support_set(wasm_config_t *config, bool enabled);
void wasmtime_config_shared_memory_set(wasm_config_t *config, bool enabled);

void wasmtime_config_consume_fuel_set(wasm_config_t *config, bool enabled);
void wasmtime_config_epoch_interruption_set(wasm_config_t *config, bool enabled);
void wasmtime_config_debug_info_set(wasm_config_t *config, bool enabled);
void wasmtime_config_profiler_set(wasm_config_t *config, uint8_t strategy);
void wasmtime_config_strategy_set(wasm_config_t *config, uint8_t strategy);
void wasmtime_config_cranelift_opt_level_set(wasm_config_t *config, uint8_t level);
void wasmtime_config_parallel_compilation_set(wasm_config_t *config, bool enabled);
void wasmtime_config_signals_based_traps_set(wasm_config_t *config, bool enabled);
void wasmtime_config_memory_reservation_set(wasm_config_t *config, uint64_t bytes);
void wasmtime_config_memory_guard_size_set(wasm_config_t *config, uint64_t bytes);
void wasmtime_config_memory_init_cow_set(wasm_config_t *config, bool enabled);

// A linear memory of the host's making. `get_memory` gives its base and tells its size and its capacity, both in
// bytes; `grow_memory` gives an error or nothing.
typedef struct wasmtime_linear_memory_t {
    void *env;
    uint8_t *(*get_memory)(void *env, size_t *byte_size, size_t *byte_capacity);
    wasmtime_error_t *(*grow_memory)(void *env, size_t new_size);
    void (*finalizer)(void *env);
} wasmtime_linear_memory_t;

typedef struct wasm_memorytype_t wasm_memorytype_t;

typedef struct wasmtime_memory_creator_t {
    void *env;
    wasmtime_error_t *(*new_memory)(
        void *env, const wasm_memorytype_t *type, size_t minimum, size_t maximum, size_t reserved_size_in_bytes,
        size_t guard_size_in_bytes, wasmtime_linear_memory_t *memory);
    void (*finalizer)(void *env);
} wasmtime_memory_creator_t;

// Copies the structure. Copying on write must be off, or the library aborts.
void wasmtime_config_host_memory_creator_set(wasm_config_t *config, wasmtime_memory_creator_t *creator);

// Ours, in HugePages.c: each linear memory begins at a multiple of 2 MiB and, where asked for, may be backed by huge
// pages. Lends the list of memories, which lives as long as the configuration and every engine made of it; NULL, and
// nothing is set, where there is no memory left.
typedef struct cwasmtime_memories cwasmtime_memories_t;
cwasmtime_memories_t *cwasmtime_config_memories_set(wasm_config_t *config, bool huge_pages);

// As many memories of one engine as their sizes are kept of.
enum { CWASMTIME_MEMORIES_MAXIMUM = 4096 };

// Bytes of one linear memory: as large as it has become, and as large as it may.
typedef struct cwasmtime_memory_use_t {
    size_t bytes, maximum_bytes;
} cwasmtime_memory_use_t;

// Fills `uses`, which has room for the maximum, in the order in which memories were made. Gives how many there were.
size_t cwasmtime_memories_uses(cwasmtime_memories_t *memories, cwasmtime_memory_use_t *uses);

// MARK: Engine, errors

// Takes the configuration; gives an engine, or NULL.
wasm_engine_t *wasm_engine_new_with_config(wasm_config_t *config);
void wasm_engine_delete(wasm_engine_t *engine);

// Gives an error with a copy of the message.
wasmtime_error_t *wasmtime_error_new(const char *message);
void wasmtime_error_message(const wasmtime_error_t *error, wasm_byte_vec_t *message);
bool wasmtime_error_exit_status(const wasmtime_error_t *error, int *status);
void wasmtime_error_delete(wasmtime_error_t *error);
void wasm_byte_vec_delete(wasm_byte_vec_t *bytes);

// MARK: Modules

// Checks a core module against the engine's features, and compiles nothing.
wasmtime_error_t *wasmtime_module_validate(const wasm_engine_t *engine, const uint8_t *binary, size_t count);

// Gives a module, or an error. The second reads machine code from a file, which it maps and believes.
wasmtime_error_t *wasmtime_module_new(
    const wasm_engine_t *engine, const uint8_t *binary, size_t count, wasmtime_module_t **module);
wasmtime_error_t *wasmtime_module_deserialize_file(
    const wasm_engine_t *engine, const char *path, wasmtime_module_t **module);
void wasmtime_module_delete(wasmtime_module_t *module);

// Gives the machine code, or an error and nothing.
wasmtime_error_t *wasmtime_module_serialize(const wasmtime_module_t *module, wasm_byte_vec_t *content);

// MARK: Components

// Gives a component, or an error.
wasmtime_error_t *wasmtime_component_new(
    const wasm_engine_t *engine, const uint8_t *binary, size_t count, wasmtime_component_t **component);
void wasmtime_component_delete(wasmtime_component_t *component);

// Gives the component's type.
wasmtime_component_type_t *wasmtime_component_type(const wasmtime_component_t *component);
void wasmtime_component_type_delete(wasmtime_component_type_t *type);
size_t wasmtime_component_type_import_count(const wasmtime_component_type_t *type, const wasm_engine_t *engine);

// Lends the name, which lives as long as the type; gives the item, which must go before the type does.
bool wasmtime_component_type_import_nth(
    const wasmtime_component_type_t *type, const wasm_engine_t *engine, size_t index, const uint8_t **name,
    size_t *name_count, wasmtime_component_extern_t **item);
void wasmtime_component_extern_delete(wasmtime_component_extern_t *item);

// MARK: Store and WASI

wasmtime_store_t *wasmtime_store_new(wasm_engine_t *engine, void *data, void (*finalizer)(void *));
void wasmtime_store_delete(wasmtime_store_t *store);

// Lends the context, which lives as long as the store.
wasmtime_context_t *wasmtime_store_context(wasmtime_store_t *store);

// Bounds one memory in bytes, one table in elements, and three counts; a negative bound keeps the default.
void wasmtime_store_limiter(
    wasmtime_store_t *store, int64_t memory_bytes, int64_t table_elements, int64_t instances, int64_t tables,
    int64_t memories);

// For measurements: what an engine that counts fuel, or looks at epochs, must be given before it runs anything.
wasmtime_error_t *wasmtime_context_set_fuel(wasmtime_context_t *context, uint64_t fuel);
void wasmtime_context_set_epoch_deadline(wasmtime_context_t *context, uint64_t ticks);

// Takes the WASI configuration, whether or not it gives an error.
wasmtime_error_t *wasmtime_context_set_wasi(wasmtime_context_t *context, wasi_config_t *config);

wasi_config_t *wasi_config_new(void);
void wasi_config_delete(wasi_config_t *config);

// Opens the folder at once. Without `may_change` neither the folder nor any file in it can be written.
bool wasi_config_preopen_dir(wasi_config_t *config, const char *folder, const char *name, bool may_change);

// MARK: Linking and calling

wasmtime_component_linker_t *wasmtime_component_linker_new(const wasm_engine_t *engine);
void wasmtime_component_linker_delete(wasmtime_component_linker_t *linker);
wasmtime_error_t *wasmtime_component_linker_add_wasip2(wasmtime_component_linker_t *linker);

// Gives the linker's outermost instance, which must go before the linker is used or deleted.
wasmtime_component_linker_instance_t *wasmtime_component_linker_root(wasmtime_component_linker_t *linker);
void wasmtime_component_linker_instance_delete(wasmtime_component_linker_instance_t *instance);

// Keeps what it needs of the module.
wasmtime_error_t *wasmtime_component_linker_instance_add_module(
    wasmtime_component_linker_instance_t *instance, const char *name, size_t name_count,
    const wasmtime_module_t *module);
wasmtime_error_t *wasmtime_component_linker_instantiate(
    const wasmtime_component_linker_t *linker, wasmtime_context_t *context, const wasmtime_component_t *component,
    wasmtime_component_instance_t *instance);

// Gives the index of an export, inside `parent` where that is not NULL; NULL without such an export.
wasmtime_component_export_index_t *wasmtime_component_instance_get_export_index(
    const wasmtime_component_instance_t *instance, wasmtime_context_t *context,
    const wasmtime_component_export_index_t *parent, const char *name, size_t name_count);
void wasmtime_component_export_index_delete(wasmtime_component_export_index_t *index);

// False when the export is no function.
bool wasmtime_component_instance_get_func(
    const wasmtime_component_instance_t *instance, wasmtime_context_t *context,
    const wasmtime_component_export_index_t *index, wasmtime_component_func_t *function);

// Gives the function's type.
wasmtime_component_func_type_t *wasmtime_component_func_type(
    const wasmtime_component_func_t *function, wasmtime_context_t *context);
void wasmtime_component_func_type_delete(wasmtime_component_func_type_t *type);
bool wasmtime_component_func_type_async(const wasmtime_component_func_type_t *type);
size_t wasmtime_component_func_type_param_count(const wasmtime_component_func_type_t *type);

// Gives the type of the result; false without one. The next two do so for the cases of a `result`.
bool wasmtime_component_func_type_result(
    const wasmtime_component_func_type_t *type, wasmtime_component_valtype_t *result);
bool wasmtime_component_result_type_ok(
    const wasmtime_component_result_type_t *type, wasmtime_component_valtype_t *payload);
bool wasmtime_component_result_type_err(
    const wasmtime_component_result_type_t *type, wasmtime_component_valtype_t *payload);
void wasmtime_component_valtype_delete(wasmtime_component_valtype_t *type);

// Gives `result_count` values, or an error and none. `results` must be initialised memory.
wasmtime_error_t *wasmtime_component_func_call(
    const wasmtime_component_func_t *function, wasmtime_context_t *context, const wasmtime_component_val_t *arguments,
    size_t argument_count, wasmtime_component_val_t *results, size_t result_count);
void wasmtime_component_val_delete(wasmtime_component_val_t *value);
