// The part of a C library that Swift's compiler and the canonical ABI count on: memory.
//
// Nothing goes back to the engine. Out of memory is a trap: neither Swift nor the canonical ABI has another way to say it.
#include "../blocks.h"

typedef unsigned int u32;
typedef unsigned long long u64;
typedef __SIZE_TYPE__ size;

static struct block *carve(u32 kind) {
    u64 start = top ? top : ((u32)&__heap_base + unit - 1) / unit * unit;
    u64 end = start + unit + (u64)units_of(kind) * unit;
    u64 have = (u64)__builtin_wasm_memory_size(0) * page;
    if (end >= 1ull << 32) __builtin_trap();
    size missing = end > have ? (size)((end - have + page - 1) / page) : 0;
    if (missing && __builtin_wasm_memory_grow(0, missing) == (size)-1) __builtin_trap();
    top = (u32)end;
    struct block *block = (struct block *)(u32)start;
    block->kind = kind;
    return block;
}

void *malloc(size count) {
    if (count > 1u << 31) __builtin_trap();
    u32 kind = kind_of(count ? (count + unit - 1) / unit : 1);
    struct block *block = freed[kind];
    if (block) freed[kind] = block->next;
    else block = carve(kind);
    return block + 1;
}

void free(void *payload) {
    if (!payload) return;
    struct block *block = (struct block *)payload - 1;
    block->next = freed[block->kind];
    freed[block->kind] = block;
}

int posix_memalign(void **payload, size alignment, size count) {
    if (alignment > unit) __builtin_trap();
    *payload = malloc(count);
    return 0;
}

// The caller's way to place a list or a string here. An empty one has an address and owns nothing.
__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size had, size alignment, size count) {
    if (alignment > unit) __builtin_trap();
    if (!count) return (void *)alignment;
    void *fresh = malloc(count);
    if (had) {
        __builtin_memcpy(fresh, old, had < count ? had : count);
        free(old);
    }
    return fresh;
}

// Each is one instruction of the bulk-memory feature.
void *memcpy(void *to, const void *from, size count) { return __builtin_memcpy(to, from, count); }
void *memmove(void *to, const void *from, size count) { return __builtin_memmove(to, from, count); }
void *memset(void *to, int byte, size count) { return __builtin_memset(to, byte, count); }

int memcmp(const void *left, const void *right, size count) {
    const unsigned char *l = left, *r = right;
    for (size i = 0; i < count; i++)
        if (l[i] != r[i]) return l[i] < r[i] ? -1 : 1;
    return 0;
}

// Swift seeds its hashing with this: without randomness, the same in every run.
void arc4random_buf(void *to, size count) { __builtin_memset(to, 0, count); }
