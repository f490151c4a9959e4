// Memory, in place of the C library's, which gives each block a power of two: a page of SQLite's would take twice its size.
//
// The last block grows in its place. At the memory's bound there is NULL, and never a trap.
#include <string.h>

#include "../../blocks.h"
#include "runtime.h"

static uint64_t bytes_of(uint32_t kind) { return (uint64_t)units_of(kind) * unit; }

static uint32_t kind_for(size_t count) { return kind_of((uint32_t)(count ? (count + unit - 1) / unit : 1)); }

// Moves the end of what is used, and makes sure that there is so much.
static bool move_top(uint64_t end) {
    uint64_t have = (uint64_t)__builtin_wasm_memory_size(0) * page;
    if (end >= (uint64_t)1 << 32) return false;
    size_t missing = end > have ? (size_t)((end - have + page - 1) / page) : 0;
    if (missing && __builtin_wasm_memory_grow(0, missing) == (size_t)-1) return false;
    top = (uint32_t)end;
    return true;
}

void *malloc(size_t count) {
    if (count > INT32_MAX) return NULL;
    uint32_t kind = kind_for(count);
    struct block *block = freed[kind];
    if (block) {
        freed[kind] = block->next;
        return block + 1;
    }
    uint32_t start = top ? top : ((uint32_t)&__heap_base + unit - 1) / unit * unit;
    if (!move_top(start + unit + bytes_of(kind))) return NULL;
    block = (struct block *)start;
    block->kind = kind;
    return block + 1;
}

void free(void *payload) {
    if (!payload) return;
    struct block *block = (struct block *)payload - 1;
    block->next = freed[block->kind];
    freed[block->kind] = block;
}

void *calloc(size_t count, size_t size) {
    uint64_t bytes = (uint64_t)count * size;
    void *payload = bytes <= INT32_MAX ? malloc((size_t)bytes) : NULL;
    return payload ? memset(payload, 0, (size_t)bytes) : NULL;
}

void *realloc(void *payload, size_t count) {
    if (!payload) return malloc(count);
    if (count > INT32_MAX) return NULL;
    struct block *block = (struct block *)payload - 1;
    uint32_t kind = kind_for(count);
    if (kind <= block->kind) return payload;
    bool is_last = (uint32_t)payload + bytes_of(block->kind) == top;
    if (is_last && move_top((uint32_t)payload + bytes_of(kind))) {
        block->kind = kind;
        return payload;
    }
    void *fresh = malloc(count);
    if (!fresh) return NULL;
    memcpy(fresh, payload, (size_t)bytes_of(block->kind));
    free(payload);
    return fresh;
}
