#include "../shared/Report.h"

IMPORT("twocvm:benchmarks/store", "ping") u32 store_ping(u32 value);
IMPORT("twocvm:benchmarks/store", "put") u64 store_put(const u64 *values, u32 length);

enum { calls = 50 * 1000 * 1000, transfers = 2000, words = 1 << 17 };

static volatile u32 sink;

EXPORT("wasi:cli/run@0.2.12#run") u32 run(void) {
    u32 value = 0;
    for (u32 i = 0; i < 1000; i++) value = store_ping(value);
    u64 start = clock_now();
    for (u32 i = 0; i < calls; i++) value = store_ping(value);
    report("calls", calls);
    report("callNanoseconds", clock_now() - start);
    sink = value;

    u64 *list = malloc(words * sizeof *list);
    for (u32 i = 0; i < words; i++) list[i] = i;
    store_put(list, words);
    start = clock_now();
    for (u32 i = 0; i < transfers; i++) sink += store_put(list, words);
    report("transferBytes", (u64)transfers * words * sizeof *list);
    report("transferNanoseconds", clock_now() - start);
    return write_report();
}
