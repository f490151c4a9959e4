// Where the kernels' memory comes from. On both sides it begins on a boundary of 2 MiB, so that the operating system
// may back it with huge pages where it is asked to.
#define _GNU_SOURCE
#include "kernels.h"

enum { ALIGNMENT = 2 << 20 };

#ifdef __wasm__

extern u8 __heap_base;

void *reserve(usize bytes) {
    usize base = ((usize)&__heap_base + ALIGNMENT - 1) & ~(usize)(ALIGNMENT - 1);
    usize needed = base + bytes, present = (usize)__builtin_wasm_memory_size(0) << 16;
    if (needed < base) __builtin_trap();
    if (needed > present) {
        usize pages = (needed - present + 0xFFFF) >> 16;
        if (__builtin_wasm_memory_grow(0, pages) == (usize)-1) __builtin_trap();
    }
    return (void *)base;
}

#else

#include <sys/mman.h>

static u8 *mapping;
static usize mapping_bytes;
static int advice = MADV_NOHUGEPAGE;

/// Whether memory that is reserved from now on may come in huge pages.
__attribute__((visibility("default"))) void kernel_take_huge_pages(int allowed) {
    advice = allowed ? MADV_HUGEPAGE : MADV_NOHUGEPAGE;
}

/// Gives back what is reserved.
__attribute__((visibility("default"))) void kernel_release(void) {
    if (mapping) munmap(mapping, mapping_bytes);
    mapping = 0;
}

void *reserve(usize bytes) {
    kernel_release();
    mapping_bytes = bytes + 2 * ALIGNMENT;
    mapping = mmap(0, mapping_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping == MAP_FAILED) __builtin_trap();
    if (madvise(mapping, mapping_bytes, advice) != 0) __builtin_trap();
    return (void *)(((usize)mapping + ALIGNMENT - 1) & ~(usize)(ALIGNMENT - 1));
}
#endif
