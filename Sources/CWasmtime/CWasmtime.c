#include "CWasmtime.h"

// Sizes and offsets of libwasmtime 50.0.1 on x86-64, computed from the wheel's `wasmtime/_bindings.py`.
// A newer library needs these lines, and the header, looked at again.

_Static_assert(sizeof(void *) == 8, "x86-64");

_Static_assert(sizeof(wasm_byte_vec_t) == 16, "wasm_byte_vec_t");
_Static_assert(offsetof(wasm_byte_vec_t, size) == 0, "wasm_byte_vec_t.size");
_Static_assert(offsetof(wasm_byte_vec_t, data) == 8, "wasm_byte_vec_t.data");

_Static_assert(sizeof(wasmtime_component_instance_t) == 16, "wasmtime_component_instance_t");
_Static_assert(offsetof(wasmtime_component_instance_t, private1) == 8, "wasmtime_component_instance_t.private1");

_Static_assert(sizeof(wasmtime_component_func_t) == 32, "wasmtime_component_func_t");
_Static_assert(offsetof(wasmtime_component_func_t, private2) == 16, "wasmtime_component_func_t.private2");
_Static_assert(offsetof(wasmtime_component_func_t, private3) == 24, "wasmtime_component_func_t.private3");

_Static_assert(sizeof(wasmtime_component_val_t) == 32, "wasmtime_component_val_t");
_Static_assert(offsetof(wasmtime_component_val_t, kind) == 0, "wasmtime_component_val_t.kind");
_Static_assert(offsetof(wasmtime_component_val_t, of) == 8, "wasmtime_component_val_t.of");
_Static_assert(offsetof(wasmtime_component_val_t, of.result.is_ok) == 8, "wasmtime_component_val_t.of.result.is_ok");
_Static_assert(offsetof(wasmtime_component_val_t, of.result.value) == 16, "wasmtime_component_val_t.of.result.value");

_Static_assert(sizeof(wasmtime_component_valtype_t) == 16, "wasmtime_component_valtype_t");
_Static_assert(offsetof(wasmtime_component_valtype_t, kind) == 0, "wasmtime_component_valtype_t.kind");
_Static_assert(offsetof(wasmtime_component_valtype_t, of) == 8, "wasmtime_component_valtype_t.of");

_Static_assert(offsetof(wasmtime_component_val_t, of.u32) == 8, "wasmtime_component_val_t.of.u32");
_Static_assert(offsetof(wasmtime_component_val_t, of.u64) == 8, "wasmtime_component_val_t.of.u64");

_Static_assert(sizeof(wasmtime_linear_memory_t) == 32, "wasmtime_linear_memory_t");
_Static_assert(offsetof(wasmtime_linear_memory_t, finalizer) == 24, "wasmtime_linear_memory_t.finalizer");
_Static_assert(sizeof(wasmtime_memory_creator_t) == 24, "wasmtime_memory_creator_t");
_Static_assert(offsetof(wasmtime_memory_creator_t, new_memory) == 8, "wasmtime_memory_creator_t.new_memory");
