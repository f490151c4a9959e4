#include "../shared/Report.h"

// Touches memory, so that the engine cannot make the call disappear.
static volatile u32 count;

EXPORT("twocvm:benchmarks/store#ping") u32 ping(u32 value) { return value + ++count; }

EXPORT("twocvm:benchmarks/store#put") u64 put(u64 *values, u32 length) {
    u64 last = length ? values[length - 1] : 0;
    free(values);
    return last;
}
