#include "abi.h"

extern u8 __heap_base;
static u32 top;

int grow_to(u64 end) {
    u64 have = (u64)__builtin_wasm_memory_size(0) << 16;
    if (end <= have) return 1;
    if (end >> 32) return 0;
    return __builtin_wasm_memory_grow(0, (end - have + 65535) >> 16) != (unsigned long)-1;
}

u32 heap_top(void) { return top ? top : (u32)&__heap_base; }

EXPORT("cabi_realloc") void *cabi_realloc(void *old, u32 old_size, u32 alignment, u32 size) {
    u64 start = ((u64)heap_top() + alignment - 1) & ~(u64)(alignment - 1), end = start + size;
    if (!grow_to(end)) __builtin_trap();
    top = (u32)end;
    // Only strings that arrive in another encoding are resized.
    if (old) __builtin_memcpy((void *)(u32)start, old, old_size < size ? old_size : size);
    return (void *)(u32)start;
}

void release_to(u32 before) { top = before; }

void forget(void) { top = (u32)&__heap_base; }

int memcmp(const void *left, const void *right, unsigned long count) {
    const u8 *l = left, *r = right;
    for (; count; count--, l++, r++)
        if (*l != *r) return *l < *r ? -1 : 1;
    return 0;
}
