// Included before each source of the shims, so that it compiles for this machine instead of for WebAssembly.
//
// The layout of answers is then another one. What the canonical ABI says of it is compared in the real build alone.
#pragma once

#define static_assert(...)
#define __builtin_trap() trapped()
#define __builtin_wasm_memory_size(memory) memory_pages()
#define __builtin_wasm_memory_grow(memory, pages) grow_memory(pages)

/// Ends the call, as a trap ends a component: nothing of it is called again.
[[noreturn]] void trapped(void);

/// The memory, which grows up to a cap that the input chooses.
unsigned long memory_pages(void);
unsigned long grow_memory(unsigned long pages);

// Names that the C library has too.
#define stat shim_stat
#define poll shim_poll
