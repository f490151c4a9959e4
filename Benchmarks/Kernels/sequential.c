// Reads and writes memory from its beginning to its end.
#include "kernels.h"

static u64 *words;
static usize word_count;

static u64 prepare_sum(u32 mebibytes) {
    word_count = ((usize)mebibytes << 20) / sizeof *words;
    words = reserve(word_count * sizeof *words);
    u64 random = SEED;
    for (usize i = 0; i < word_count; i++) words[i] = next_random(&random);
    return random;
}

static u64 run_sum(u32 rounds) {
    const u64 *all = words;
    usize count = word_count;
    u64 checksum = 0;
    for (u32 round = 0; round < rounds; round++) {
        u64 part = round;
        // A compiler interleaves sums by itself when it builds for x86, and not when it builds for WebAssembly.
#pragma clang loop interleave_count(4)
        for (usize i = 0; i < count; i++) part += all[i];
        checksum = checksum * 31 + part;
        BARRIER();
    }
    return checksum;
}

const struct kernel sum = {"sum", prepare_sum, run_sum};

// McCalpin's STREAM triad over three arrays that fill the working set together.
static double *target, *left, *right;
static usize element_count;

static u64 prepare_triad(u32 mebibytes) {
    element_count = ((usize)mebibytes << 20) / (3 * sizeof(double));
    target = reserve(element_count * 3 * sizeof(double));
    left = target + element_count;
    right = left + element_count;
    for (usize i = 0; i < element_count; i++) {
        target[i] = 0;
        left[i] = (double)(i % 1000);
        right[i] = (double)(i % 13);
    }
    return element_count;
}

static u64 run_triad(u32 rounds) {
    double *restrict to = target;
    const double *restrict a = left, *restrict b = right;
    usize count = element_count;
    for (u32 round = 0; round < rounds; round++) {
        double factor = round + 1;
        for (usize i = 0; i < count; i++) to[i] = a[i] + factor * b[i];
        BARRIER();
    }
    return (u64)to[count / 2] + (u64)to[count - 1];
}

const struct kernel triad = {"triad", prepare_triad, run_triad};
