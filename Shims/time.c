// Time that is the same in every run: it moves by a step at each look and by the length of each wait.
//
// A wait is over at once. Each component has a time of its own.
#include "canonical.h"

#define MONOTONIC WASI("clocks/monotonic-clock")
#define WALL WASI("clocks/wall-clock")

static const u64 step = 1000, second = 1000000000;  // nanoseconds
static const u64 first_second = 946684800;          // 2000-01-01T00:00:00Z, since 1970

static u64 now;  // nanoseconds since the run began

IMPORT(MONOTONIC, "subscribe-duration") u32 native_subscribe(u64 duration);

// At the end of time it stands still.
static u64 pass(u64 duration) { return now = now + duration < now ? ~0ull : now + duration; }

EXPORT(MONOTONIC "#now") u64 monotonic_now(void) { return pass(step); }
EXPORT(MONOTONIC "#resolution") u64 monotonic_resolution(void) { return step; }

EXPORT(MONOTONIC "#subscribe-duration") u32 wait_for(u64 duration) {
    pass(duration);
    return native_subscribe(0);
}

EXPORT(MONOTONIC "#subscribe-instant") u32 wait_until(u64 instant) {
    return wait_for(instant > now ? instant - now : 0);
}

static struct { u64 seconds; u32 nanoseconds; } answer;

EXPORT(WALL "#now") void *wall_now(void) {
    u64 moment = pass(step);
    answer.seconds = first_second + moment / second;
    answer.nanoseconds = (u32)(moment % second);
    return &answer;
}

EXPORT(WALL "#resolution") void *wall_resolution(void) {
    answer.seconds = 0;
    answer.nanoseconds = (u32)step;
    return &answer;
}
