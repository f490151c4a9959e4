// What both worlds around a shim have: the bytes that decide what guest and host do, the shim's memory, and its end.
#pragma once
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

/// What libFuzzer made. Behind its end there are zeros, and `is_over`.
uint8_t any_byte(void);
uint32_t any_below(uint32_t bound);
uint64_t any_number(void);
int is_over(void);

/// Says which claim does not hold, and ends the program.
[[noreturn]] void violated(const char *claim);
#define CLAIM(holds, words) ((holds) ? (void)0 : violated(words))

/// A new instance of the shim, which an input drives from here on.
void begin_instance(const uint8_t *bytes, size_t count);

/// Where `trapped` goes.
extern jmp_buf ended;

/// A block in the shim's heap, as the engine takes one for arguments and answers.
void *reallocate(const void *old, uint32_t old_count, uint32_t alignment, uint32_t count);
void *lower(const void *content, uint32_t count, uint32_t alignment);
/// Text of the input's: mostly short, of the bytes that paths and names are made of.
uint32_t any_text(char *text, uint32_t most);

/// Claims that the call that has ended left nothing in the heap.
void claim_empty_heap(void);

/// Reads all of an answer, so that the sanitizer sees what the engine would read.
void read_all(const void *start, size_t count);

// Of heap.c, as it is.
void *raw_reallocate(const void *old, uint32_t old_count, uint32_t alignment, uint32_t count);
uint8_t *raw_end(void);
void raw_clear(void);
