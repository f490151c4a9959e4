// What both shims share: how the canonical ABI names and lays things out, and one heap.
#pragma once

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define WASI(interface) "wasi:" interface "@0.2.12"
#define IMPORT(interface, function) __attribute__((import_module(interface), import_name(function)))
#define EXPORT(name) __attribute__((export_name(name)))
/// What the engine calls when it has taken the answer of the export `name`.
#define AFTER(name) EXPORT("cabi_post_" name)

/// A string, a list of bytes or another list, as arguments and answers hold it.
// clang-format off
struct text { const char *start; u32 count; };
struct bytes { const u8 *start; u32 count; };
struct list { void *start; u32 count; };
// clang-format on

// The engine places arguments, and what imports answer, in the heap. Blocks lie one after the other and
// none is given back alone: each call from outside ends with `heap_clear`, or has it done by its `AFTER`.
// So a call can need memory, and the sum of many cannot.

/// Whether the heap can hold `count` bytes more. At the memory's cap it cannot.
bool heap_has_room(u64 count);

/// Where the next block without alignment will start.
u8 *heap_end(void);

/// A block of `count` bytes. Traps where the memory's cap leaves no room.
void *heap_take(u32 count, u32 alignment);

void heap_clear(void);
