// Waiting: for a moment of the virtual time, or for one of the engine's pollables.
//
// The engine reads and writes files on threads of its own. Who could look again and again whether it is done yet
// would count its time, so here to look at one of its pollables is to wait for it. A moment is waited for by going
// there, and only by a wait: who subscribes to it, or looks whether it has come, does not bring it about.
#include "determinist.h"

#define POLL WASI("io/poll")

IMPORT(POLL, "[method]pollable.block") void native_block(u32 pollable);
IMPORT(POLL, "[resource-drop]pollable") void native_drop(u32 pollable);

static struct waiting {
    u64 due;     // a timer's
    u32 native;  // the engine's pollable; handles begin at 1
    u32 next;    // in the chain of free places, counted from one
    bool in_use;
} all[8192];
static u32 first_free, untouched;  // the chain's head, counted from one; the first place that never was in use

// The interfaces have no error for it. Who keeps so many has no honest use for them.
static u32 take(u64 due, u32 native) {
    u32 place = first_free ? first_free - 1 : untouched++;
    if (place >= sizeof all / sizeof *all) __builtin_trap();
    if (first_free) first_free = all[place].next;
    all[place] = (struct waiting){due, native, 0, true};
    return place;
}

// The engine passes on only places that it got. If it ever did otherwise, nothing goes on.
static struct waiting *waiting_at(u32 place) {
    if (place >= sizeof all / sizeof *all || !all[place].in_use) __builtin_trap();
    return &all[place];
}

EXPORT("adopt") u32 adopt(u32 native) { return take(0, native); }
EXPORT("at") u32 at_instant(u64 instant) { return take(instant, 0); }
EXPORT("after") u32 after_duration(u64 duration) { return take(now + duration < now ? ~0ull : now + duration, 0); }

EXPORT("drop") void dropped(u32 place) {
    struct waiting *waiting = waiting_at(place);
    if (waiting->native) native_drop(waiting->native);
    waiting->in_use = false;
    waiting->next = first_free;
    first_free = place + 1;
}

// Whether it is over now, having waited for what is the engine's.
static bool is_over(const struct waiting *waiting) {
    if (waiting->native) native_block(waiting->native);
    return waiting->native || waiting->due <= now;
}

EXPORT(POLL "#[method]pollable.block") void block(u32 place) {
    struct waiting *waiting = waiting_at(place);
    if (!is_over(waiting)) now = waiting->due;
}

// A look, like one at the clock: who looks again and again gets there.
EXPORT(POLL "#[method]pollable.ready") bool is_ready(u32 place) {
    pass(step);
    return is_over(waiting_at(place));
}

// Waits for the first of them, which is one of the engine's where there is any. Answers with the places of all that
// are over then, in the block that the list came in.
EXPORT(POLL "#poll") void *poll(u32 *places, u32 count) {
    static struct list answer;
    if (!count) __builtin_trap();  // as the engine does
    pass(step);
    u64 earliest = ~0ull;
    bool any = false;
    for (u32 i = 0; i < count; i++) {
        const struct waiting *waiting = waiting_at(places[i]);
        any = is_over(waiting) || any;
        if (!waiting->native && waiting->due < earliest) earliest = waiting->due;
    }
    if (!any) now = earliest;
    answer = (struct list){places, 0};
    for (u32 i = 0; i < count; i++) {
        const struct waiting *waiting = waiting_at(places[i]);
        if (waiting->native || waiting->due <= now) places[answer.count++] = i;
    }
    return &answer;
}
AFTER(POLL "#poll") void after_poll(void *) { heap_clear(); }
