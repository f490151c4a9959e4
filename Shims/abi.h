// What the shims share: names of the canonical ABI, and one bump heap.
//
// Exported functions receive strings and lists in this heap and answer from it or from static memory. Nothing
// in it outlives a call: the last step of each call is `forget`, here or in its `cabi_post_` function.
#pragma once
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#define EXPORT(name) __attribute__((export_name(name)))
#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define V "@0.2.12"

struct string { const char *start; u32 count; };
struct list { void *start; u32 count; };

/// Makes room for the heap up to `end`, or returns 0 at the memory's cap.
int grow_to(u64 end);

/// The heap's next free address.
u32 heap_top(void);

/// Takes `size` bytes. Traps at the memory's cap: the caller sent more than it was granted.
void *cabi_realloc(void *old, u32 old_size, u32 alignment, u32 size);

/// Empties the heap down to `top`.
void release_to(u32 top);

/// Empties the heap.
void forget(void);
