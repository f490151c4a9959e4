// A guest that calls the determinist as the input says: time, waits and random bytes.
#include <string.h>

#include "../../Shims/determinist.h"
#include "world.h"

enum { most_calls = 400, most_held = 8200, most_drawn = 1 << 20 };

u64 monotonic_now(void), monotonic_resolution(void), random_word(void);
void *wall_now(void), *wall_resolution(void), *random_bytes(u64), *insecure_seed(void);
u32 adopt(u32), at_instant(u64), after_duration(u64);
void dropped(u32), block(u32);
bool is_ready(u32);
void *poll(u32 *, u32);

// What the guest holds: places of the shim's, and which of the engine's pollables each stands for.
static struct {
    u32 place, native;
} held[most_held];
static u32 count, native_used;
static bool native_lives[most_held + 1];

void native_block(u32 pollable) {
    CLAIM(pollable && pollable <= native_used && native_lives[pollable], "what is waited for is there");
}

void native_drop_pollable(u32 pollable) {
    native_block(pollable);
    native_lives[pollable] = false;
}

static void hold(u32 place, u32 native) {
    for (u32 i = 0; i < count && count < 64; i++) CLAIM(held[i].place != place, "one place stands for one wait");
    held[count].place = place;
    held[count++].native = native;
}

static void wait_for_more(void) {
    if (count == most_held || native_used == most_held) trapped();  // the engine's own bound
    u32 kind = any_below(3);
    if (kind == 0) {
        native_lives[++native_used] = true;
        hold(adopt(native_used), native_used);
    } else if (kind == 1) hold(at_instant(any_number()), 0);
    else hold(after_duration(any_number()), 0);
}

static u32 any_held(void) {
    if (!count) trapped();  // the engine's: there is no such handle
    return any_below(count);
}

static void let_go(u32 index) {
    u32 place = held[index].place, native = held[index].native;
    held[index] = held[--count];
    dropped(place);
    CLAIM(!native || !native_lives[native], "what stood for one of the engine's is dropped with it");
}

static void poll_some(void) {
    static u32 places[300];
    u32 length = any_below(300);
    for (u32 i = 0; i < length; i++) places[i] = held[any_held()].place;
    const struct list *over = poll(lower(places, length * sizeof *places, alignof(u32)), length);
    const u32 *found = over->start;
    CLAIM(over->count && over->count <= length, "a wait ends with what it waited for");
    for (u32 i = 0; i < over->count; i++) {
        CLAIM(found[i] < length, "what is over is one of those that were waited for");
        CLAIM(!i || found[i - 1] < found[i], "what is over is told once, in order");
    }
    heap_clear();
}

static void draw(void) {
    u64 wanted = any_number();
    const struct bytes *drawn = random_bytes(wanted);
    CLAIM(wanted <= most_drawn && drawn->count == wanted, "as many bytes are drawn as were asked for");
    read_all(drawn->start, drawn->count);
    heap_clear();
}

static void fill(void) {
    while (count < most_held) hold(at_instant(any_byte()), 0);
    trapped();
}

static void call(void) {
    u32 kind = any_byte();
    switch (kind % 16) {
    case 0: monotonic_now(); break;
    case 1: read_all(wall_now(), 12); break;
    case 2: monotonic_resolution(), read_all(wall_resolution(), 12); break;
    case 3: random_word(); break;
    case 4: read_all(insecure_seed(), 16); break;
    case 5: draw(); break;
    case 6: block(held[any_held()].place); break;
    case 7: is_ready(held[any_held()].place); break;
    case 8: let_go(any_held()); break;
    case 9:
    case 10: poll_some(); break;
    case 11:
        if (kind > 250) fill();
        break;
    default: wait_for_more();
    }
    claim_empty_heap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    begin_instance(bytes, size);
    count = native_used = 0;
    if (setjmp(ended)) return 0;
    u64 before = 0;
    for (int calls = 0; calls < most_calls && !is_over(); calls++) {
        call();
        CLAIM(now >= before, "time does not go back");
        before = now;
    }
    while (count) let_go(count - 1);
    for (u32 i = 1; i <= native_used; i++) CLAIM(!native_lives[i], "nothing of the engine's is kept");
    return 0;
}
