// The shim's memory lies where 32 bits suffice for its addresses, so that heap.c is tried as it is. What is in no block
// is poisoned, and so is a gap before each block: a shim that reads or writes beside its blocks, or in a block that
// it gave back, ends the program.
#define _GNU_SOURCE
#include "world.h"

#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { page_bytes = 65536, most_pages = 24, gap = 16 };

// The linker's: where the heap begins, and what the shim's sources keep between calls.
extern uint8_t __heap_base, shims_begin, shims_end;

static struct {
    const uint8_t *bytes;
    size_t count, next;
} input;

static uint8_t *initial;
static unsigned long present, cap;
// Whether the next block is to begin where the last one ended.
static int is_run;
// How much of the heap is not poisoned, or in part.
static size_t spoilt = most_pages * page_bytes;

jmp_buf ended;

// MARK: Input

int is_over(void) { return input.next >= input.count; }

uint8_t any_byte(void) { return is_over() ? 0 : input.bytes[input.next++]; }

uint32_t any_below(uint32_t bound) { return (bound > 256 ? any_byte() << 8 | any_byte() : any_byte()) % bound; }

// Of every size, and near the ends of each.
uint64_t any_number(void) {
    uint8_t kind = any_byte();
    if (kind < 128) return kind;
    uint64_t number = 0;
    for (int i = 0; i < kind % 9; i++) number = number << 8 | any_byte();
    return kind < 240 ? number : ~number;
}

uint32_t any_text(char *text, uint32_t most) {
    static const char alphabet[] = "/.ab/..\0$:out";
    uint32_t count = any_byte();
    if (count >= 192) count = count * 8 + any_byte();
    else if (count >= 32) count %= 8;
    if (count > most) count = most;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t byte = count > 64 ? (uint8_t)('a' + i % 26) : any_byte();
        text[i] = byte < 128 && count <= 64 ? alphabet[byte % (sizeof alphabet - 1)] : (char)byte;
    }
    return count;
}

void violated(const char *claim) {
    fprintf(stderr, "does not hold: %s\n", claim);
    abort();
}

void trapped(void) { longjmp(ended, 1); }

// MARK: Memory

unsigned long memory_pages(void) { return ((uintptr_t)&__heap_base / page_bytes) + present; }

unsigned long grow_memory(unsigned long pages) {
    if (pages > cap - present) return -1ul;
    present += pages;
    return memory_pages() - pages;
}

// Without the compiler's checks: what lies between the shim's variables is poisoned.
static void copy_unchecked(void *to, const void *from, size_t count) {
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
}

static void prepare(void) {
    size_t kept = (size_t)(&shims_end - &shims_begin);
    void *place = mmap(
        &__heap_base, most_pages * page_bytes, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (place != &__heap_base || !(initial = malloc(kept))) violated("there is room for the shim's memory");
    copy_unchecked(initial, &shims_begin, kept);
}

static void poison_heap(void) {
    __asan_poison_memory_region(&__heap_base, spoilt);
    spoilt = 0;
}

void begin_instance(const uint8_t *bytes, size_t count) {
    if (!initial) prepare();
    copy_unchecked(&shims_begin, initial, (size_t)(&shims_end - &shims_begin));
    input.bytes = bytes, input.count = count, input.next = 0;
    present = 0, is_run = 0;
    cap = any_byte() % 8 ? most_pages : 1 + any_byte() % 4;
    poison_heap();
}

void *reallocate(const void *old, uint32_t old_count, uint32_t alignment, uint32_t count) {
    if (alignment != 1) is_run = 0;
    if (!is_run) (void)raw_reallocate(NULL, 0, 1, gap);
    uintptr_t start = ((uintptr_t)raw_end() + alignment - 1) & -(uintptr_t)alignment;
    size_t end = start + count - (uintptr_t)&__heap_base;
    if (end <= cap * page_bytes) {
        __asan_unpoison_memory_region((void *)start, count);
        spoilt = end;
    }
    return raw_reallocate(old, old_count, alignment, count);
}

void *heap_take(uint32_t count, uint32_t alignment) { return reallocate(NULL, 0, alignment, count); }

// Who asks for it expects the next bytes there, and those after them behind them.
uint8_t *heap_end(void) {
    if (!is_run) (void)raw_reallocate(NULL, 0, 1, gap);
    is_run = 1;
    return raw_end();
}

void heap_clear(void) {
    raw_clear();
    is_run = 0;
    poison_heap();
}

void *lower(const void *content, uint32_t count, uint32_t alignment) {
    void *block = reallocate(NULL, 0, alignment, count);
    memcpy(block, content, count);
    return block;
}

void claim_empty_heap(void) { CLAIM(raw_end() == &__heap_base, "a call leaves nothing in the heap"); }

void read_all(const void *start, size_t count) {
    static volatile uint8_t sum;
    for (size_t i = 0; i < count; i++) sum ^= ((const uint8_t *)start)[i];
}
