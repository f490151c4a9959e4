// The kernels by number, for a caller outside: two functions in a WebAssembly component, four in a native library.
#include "kernels.h"

static const struct kernel *const kernels[] = {
    &sum,  &triad, &moments,   &matmul,    &sha256, &index_chase, &pointer_chase, &chains,
    &gups, &bfs,   &hash_join, &quicksort, &tree,   &calls,       &csv,
};
enum { COUNT = sizeof kernels / sizeof *kernels };

#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name("twocvm:benchmarks/kernels#" name)))
#else
#define EXPORT(name) __attribute__((visibility("default")))

EXPORT("name") const char *kernel_name(u32 index) { return index < COUNT ? kernels[index]->name : 0; }
#endif

EXPORT("prepare") u64 kernel_prepare(u32 index, u32 size) {
    if (index >= COUNT) __builtin_trap();
    return kernels[index]->prepare(size);
}

EXPORT("run") u64 kernel_run(u32 index, u32 rounds) {
    if (index >= COUNT) __builtin_trap();
    return kernels[index]->run(rounds);
}
