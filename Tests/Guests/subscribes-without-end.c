// expect: trap
// words: unreachable
//
// Pollables are bounded in their number. There is no error that subscribing could answer.
#include "guest.h"

IMPORT(WASI("clocks/monotonic-clock"), "subscribe-duration") u32 after_duration(u64);

RUN {
    for (u32 i = 0; i < 1000000; i++) after_duration(i);
    return 0;
}
