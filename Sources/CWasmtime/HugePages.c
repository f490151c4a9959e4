#define _GNU_SOURCE
#include "CWasmtime.h"

#include <stdlib.h>
#include <sys/mman.h>

// Linear memories that the kernel may back with huge pages, where it does so on request only.
//
//     guard | base … size | size … capacity | guard
//
// Everything but [base, base + size) is inaccessible, exactly as in a memory of the engine's own: a guest's bound is
// where the pages that can be read end, and a fault there is its trap. Huge pages never reach beyond that bound,
// since the kernel puts them only where all of their 2 MiB have one protection.

enum { HUGE_PAGE_BYTES = 2 << 20, PAGE_BYTES = 4096 };

struct memory {
    uint8_t *mapping, *base;
    size_t mapping_bytes, size, capacity;
};

static uint8_t *get_memory(void *env, size_t *byte_size, size_t *byte_capacity) {
    const struct memory *memory = env;
    *byte_size = memory->size;
    *byte_capacity = memory->capacity;
    return memory->base;
}

static wasmtime_error_t *grow_memory(void *env, size_t new_size) {
    struct memory *memory = env;
    if (new_size < memory->size || new_size > memory->capacity || new_size % PAGE_BYTES != 0) {
        return wasmtime_error_new("a memory cannot grow to that size");
    }
    size_t added = new_size - memory->size;
    if (added > 0 && mprotect(memory->base + memory->size, added, PROT_READ | PROT_WRITE) != 0) {
        return wasmtime_error_new("there is no memory left");
    }
    memory->size = new_size;
    return NULL;
}

static void unmap(void *env) {
    struct memory *memory = env;
    munmap(memory->mapping, memory->mapping_bytes);
    free(memory);
}

static wasmtime_error_t *new_memory(
    void *env, const wasm_memorytype_t *type, size_t minimum, size_t maximum, size_t reserved_bytes,
    size_t guard_bytes, wasmtime_linear_memory_t *made) {
    (void)env, (void)type, (void)maximum;
    // Compiled code leaves bounds to the reservation and the guard, so both must be what it was promised.
    size_t bytes;
    if (reserved_bytes == 0 || guard_bytes == 0 || minimum > reserved_bytes
        || __builtin_mul_overflow(guard_bytes, 2, &bytes) || __builtin_add_overflow(bytes, reserved_bytes, &bytes)
        || __builtin_add_overflow(bytes, HUGE_PAGE_BYTES, &bytes)) {
        return wasmtime_error_new("a memory of that form is not made here");
    }
    struct memory *memory = calloc(1, sizeof *memory);
    if (memory == NULL) return wasmtime_error_new("there is no memory left");
    memory->mapping = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory->mapping == MAP_FAILED) {
        free(memory);
        return wasmtime_error_new("there are no addresses left");
    }
    uintptr_t first = (uintptr_t)memory->mapping + guard_bytes;
    size_t skipped = -first & (HUGE_PAGE_BYTES - 1);
    memory->base = memory->mapping + guard_bytes + skipped;
    memory->mapping_bytes = bytes;
    memory->capacity = reserved_bytes;
    // A kernel without huge pages refuses the advice, and the memory is as good as any.
    (void)madvise(memory->base, reserved_bytes, MADV_HUGEPAGE);

    wasmtime_error_t *error = grow_memory(memory, minimum);
    if (error != NULL) {
        unmap(memory);
        return error;
    }
    *made = (wasmtime_linear_memory_t){memory, get_memory, grow_memory, unmap};
    return NULL;
}

void cwasmtime_config_huge_pages_set(wasm_config_t *config) {
    wasmtime_memory_creator_t creator = {NULL, new_memory, NULL};
    wasmtime_config_host_memory_creator_set(config, &creator);
}
