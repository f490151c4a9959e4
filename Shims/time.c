// Time that is the same in every run: it moves by a step at each look and, when something is waited for, to the moment
// that is waited for.
//
// A wait is over at once. Each component has a time of its own.
#include "determinist.h"

#define MONOTONIC WASI("clocks/monotonic-clock")
#define WALL WASI("clocks/wall-clock")

static const u64 second = 1000000000;       // nanoseconds
static const u64 first_second = 946684800;  // 2000-01-01T00:00:00Z, since 1970

u64 now;

u64 pass(u64 duration) { return now = now + duration < now ? ~0ull : now + duration; }

EXPORT(MONOTONIC "#now") u64 monotonic_now(void) { return pass(step); }
EXPORT(MONOTONIC "#resolution") u64 monotonic_resolution(void) { return step; }

static struct {
    u64 seconds;
    u32 nanoseconds;
} answer;

EXPORT(WALL "#now") void *wall_now(void) {
    u64 moment = pass(step);
    answer.seconds = first_second + moment / second;
    answer.nanoseconds = (u32)(moment % second);
    return &answer;
}

EXPORT(WALL "#resolution") void *wall_resolution(void) {
    answer.seconds = 0;
    answer.nanoseconds = step;
    return &answer;
}
