// expect: ok
//
// Time is its own: it starts at the same moment in each run, passes by looking and waiting alone, and waiting
// for a century takes no time of the host's.
#include "guest.h"

#define CLOCK WASI("clocks/monotonic-clock")
IMPORT(CLOCK, "now") u64 now(void);
IMPORT(CLOCK, "resolution") u64 resolution(void);
IMPORT(CLOCK, "subscribe-duration") u32 after_duration(u64);
IMPORT(CLOCK, "subscribe-instant") u32 at_instant(u64);
IMPORT(WASI("io/poll"), "[method]pollable.block") void block(u32);
IMPORT(WASI("io/poll"), "[resource-drop]pollable") void drop_pollable(u32);
struct date {
    u64 seconds;
    u32 nanoseconds;
};
IMPORT(WASI("clocks/wall-clock"), "now") void today(struct date *);

static void wait(u32 pollable) {
    block(pollable);
    drop_pollable(pollable);
}

RUN {
    const u64 century = 3155760000000000000;
    REQUIRE(now() == 1000 && now() == 2000 && resolution() == 1000);
    struct date date;
    today(&date);
    REQUIRE(date.seconds == 946684800 && date.nanoseconds == 3000);
    wait(after_duration(century));
    REQUIRE(now() == century + 4000);
    wait(at_instant(5));
    REQUIRE(now() == century + 5000);
    wait(at_instant(2 * century));
    REQUIRE(now() == 2 * century + 1000);
    today(&date);
    REQUIRE(date.seconds == 946684800 + 2 * century / 1000000000 && date.nanoseconds == 2000);
    for (u32 i = 0; i < 10000; i++) wait(after_duration(1));
    // At the end of time it stays there, and does not start again.
    wait(after_duration(~0ull));
    REQUIRE(now() == ~0ull && now() == ~0ull);
    return 0;
}
