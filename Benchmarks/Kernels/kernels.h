// What the kernels share. One source is built for the machine itself and for WebAssembly; nothing is included from a
// C library, so that both run the same code.
#pragma once
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef __SIZE_TYPE__ usize;

/// One measured piece of work.
///
/// `prepare` takes the size of the working set in MiB, or what the kernel's comment says instead, and fills it.
/// `run` works on it for a count of rounds, or of steps. Both return a checksum that must not depend on the width of
/// a pointer: it is compared across builds before any time is told.
struct kernel {
    const char *name;
    u64 (*prepare)(u32 size);
    u64 (*run)(u32 rounds);
};

extern const struct kernel sum, triad, moments, matmul, sha256;
extern const struct kernel index_chase, pointer_chase, chains, gups, bfs, hash_join;
extern const struct kernel quicksort, tree, calls, csv;

/// Memory for one kernel at a time, aligned to 2 MiB: what was reserved before is gone. Ends the program without it.
void *reserve(usize bytes);

/// What the compiler may not see through: work before it is done, and nothing after it is known.
#define BARRIER() __asm__ volatile("" ::: "memory")

#ifndef SEED
#define SEED 0x9E3779B97F4A7C15ull
#endif

/// Marsaglia's xorshift with 64 bits of state, which must not be zero.
static inline u64 next_random(u64 *state) {
    u64 x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}
