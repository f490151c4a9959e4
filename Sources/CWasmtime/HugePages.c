#define _GNU_SOURCE
#include "CWasmtime.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

// Linear memories of our own making: that the kernel may back with huge pages, where it does so on request only, and
// whose sizes are known, where somebody wants to know them. A memory never shrinks, so its last size is its largest.
//
//     guard | base … size | size … capacity | guard
//
// Everything but [base, base + size) is inaccessible, exactly as in a memory of the engine's own: a guest's bound is
// where the pages that can be read end, and a fault there is its trap. Huge pages never reach beyond that bound,
// since the kernel puts them only where all of their 2 MiB have one protection.

enum { HUGE_PAGE_BYTES = 2 << 20, PAGE_BYTES = 4096 };

// What the memories of one engine have come to, in the order in which they were made. It lives as long as the engine.
struct cwasmtime_memories {
    bool huge_pages;
    pthread_mutex_t lock;
    size_t count;
    cwasmtime_memory_use_t uses[CWASMTIME_MEMORIES_MAXIMUM];
};

struct memory {
    uint8_t *mapping, *base;
    size_t mapping_bytes, size, capacity;
    struct cwasmtime_memories *all;
    size_t place;
};

static size_t note_new(struct cwasmtime_memories *all, size_t maximum) {
    pthread_mutex_lock(&all->lock);
    size_t place = all->count++;
    if (place < CWASMTIME_MEMORIES_MAXIMUM) all->uses[place] = (cwasmtime_memory_use_t){0, maximum};
    pthread_mutex_unlock(&all->lock);
    return place;
}

static void note_size(const struct memory *memory) {
    if (memory->place >= CWASMTIME_MEMORIES_MAXIMUM) return;
    pthread_mutex_lock(&memory->all->lock);
    memory->all->uses[memory->place].bytes = memory->size;
    pthread_mutex_unlock(&memory->all->lock);
}

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
    note_size(memory);
    return NULL;
}

static void unmap(void *env) {
    struct memory *memory = env;
    munmap(memory->mapping, memory->mapping_bytes);
    free(memory);
}

static wasmtime_error_t *new_memory(
    void *env, const wasm_memorytype_t *type, size_t minimum, size_t maximum, size_t reserved_bytes, size_t guard_bytes,
    wasmtime_linear_memory_t *made) {
    (void)type;
    struct cwasmtime_memories *all = env;
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
    memory->all = all;
    memory->place = note_new(all, maximum);
    // A kernel without huge pages refuses the advice, and the memory is as good as any.
    if (all->huge_pages) (void)madvise(memory->base, reserved_bytes, MADV_HUGEPAGE);

    wasmtime_error_t *error = grow_memory(memory, minimum);
    if (error != NULL) {
        unmap(memory);
        return error;
    }
    *made = (wasmtime_linear_memory_t){memory, get_memory, grow_memory, unmap};
    return NULL;
}

static void forget(void *env) {
    struct cwasmtime_memories *all = env;
    pthread_mutex_destroy(&all->lock);
    free(all);
}

cwasmtime_memories_t *cwasmtime_config_memories_set(wasm_config_t *config, bool huge_pages) {
    struct cwasmtime_memories *all = calloc(1, sizeof *all);
    if (all == NULL) return NULL;
    all->huge_pages = huge_pages;
    if (pthread_mutex_init(&all->lock, NULL) != 0) {
        free(all);
        return NULL;
    }
    wasmtime_memory_creator_t creator = {all, new_memory, forget};
    wasmtime_config_host_memory_creator_set(config, &creator);
    return all;
}

size_t cwasmtime_memories_uses(cwasmtime_memories_t *all, cwasmtime_memory_use_t *uses) {
    pthread_mutex_lock(&all->lock);
    size_t count = all->count;
    for (size_t i = 0; i < count && i < CWASMTIME_MEMORIES_MAXIMUM; i++) uses[i] = all->uses[i];
    pthread_mutex_unlock(&all->lock);
    return count;
}
