#include "canonical.h"

enum { page_bytes = 65536, most_pages = 65536 };

extern u8 __heap_base;  // the linker's: the end of stack and static data
static u32 taken;

static u64 start_of_next(u32 alignment) { return ((u64)(u32)&__heap_base + taken + alignment - 1) & -(u64)alignment; }

static bool grow_to(u64 end) {
    u64 pages = (end + page_bytes - 1) / page_bytes, present = __builtin_wasm_memory_size(0);
    return pages <= present
        || (pages <= most_pages && __builtin_wasm_memory_grow(0, (u32)(pages - present)) != (unsigned long)-1);
}

bool heap_has_room(u64 count) { return count >> 32 == 0 && grow_to(start_of_next(1) + count); }

u8 *heap_end(void) { return (u8 *)(u32)start_of_next(1); }

/// The canonical ABI's allocator.
EXPORT("cabi_realloc") void *reallocate(const void *old, u32 old_count, u32 alignment, u32 count) {
    u64 start = start_of_next(alignment);
    if (!grow_to(start + count)) __builtin_trap();
    taken = (u32)(start + count) - (u32)&__heap_base;
    // A guest whose strings are not UTF-8 has them translated here, in a block that is resized.
    if (old) __builtin_memcpy((void *)(u32)start, old, old_count < count ? old_count : count);
    return (void *)(u32)start;
}

void *heap_take(u32 count, u32 alignment) { return reallocate(nullptr, 0, alignment, count); }

void heap_clear(void) { taken = 0; }
