// expect: ok
//
// Time moves by a wait, to the earliest moment that is waited for: not by subscribing, not by the sum of what was
// subscribed to, and never past what is due first. A poll names what is due and nothing else.
#include "guest.h"

#define CLOCK WASI("clocks/monotonic-clock")
#define POLL WASI("io/poll")
IMPORT(CLOCK, "now") u64 now(void);
IMPORT(CLOCK, "subscribe-duration") u32 after_duration(u64);
IMPORT(CLOCK, "subscribe-instant") u32 at_instant(u64);
IMPORT(POLL, "[method]pollable.block") void block(u32);
IMPORT(POLL, "[method]pollable.ready") bool is_ready(u32);
IMPORT(POLL, "[resource-drop]pollable") void drop_pollable(u32);
IMPORT(POLL, "poll") void poll(const u32 *, u32, struct list *);

static const u64 second = 1000000000;
static struct list ready;

static bool is_only(u32 place) {
    bool only = ready.count == 1 && *(u32 *)ready.start == place;
    heap_clear();
    return only;
}

RUN {
    u64 start = now();
    u32 late = after_duration(1000 * second), early = after_duration(second);
    REQUIRE(now() == start + 1000);
    u32 all[] = {late, early, late, early};
    poll(all, 2, &ready);
    REQUIRE(is_only(1) && now() == start + second + 1000);
    // What is due stays due, and is not waited for again.
    REQUIRE(is_ready(early) && !is_ready(late));
    poll(all, 2, &ready);
    REQUIRE(is_only(1) && now() < start + second + 10000);
    poll(all, 1, &ready);
    REQUIRE(is_only(0) && now() == start + 1000 * second + 1000);
    poll(all, 4, &ready);
    REQUIRE(ready.count == 4);
    for (u32 i = 0; i < 4; i++) REQUIRE(((u32 *)ready.start)[i] == i);
    drop_pollable(late);
    drop_pollable(early);

    // A wait ends at its own moment, whatever else was subscribed to.
    start = now();
    u32 never = after_duration(~0ull), soon = at_instant(start + 500000);
    block(soon);
    REQUIRE(now() == start + 500000 + 1000);
    block(soon);
    REQUIRE(now() == start + 500000 + 2000);
    // To look again and again is to let time pass, as with a clock.
    u32 next = after_duration(100000), looks = 1;
    while (!is_ready(next)) looks++;
    REQUIRE(looks == 100 && !is_ready(never));
    drop_pollable(never);
    drop_pollable(soon);
    drop_pollable(next);

    // Places are taken again, and there are thousands of them.
    static u32 many[8000];
    for (u32 twice = 0; twice < 3; twice++) {
        for (u32 i = 0; i < 8000; i++) many[i] = after_duration((i * 389 % 8000 + 1) * second);
        poll(many, 8000, &ready);
        REQUIRE(is_only(0));  // 389 is a prime, and 0 gives 1 s
        for (u32 i = 0; i < 8000; i++) drop_pollable(many[i]);
    }
    return 0;
}
