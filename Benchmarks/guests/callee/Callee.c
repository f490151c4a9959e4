#include "../shared/Report.h"

#define STORE "twocvm:benchmarks/store#"

// Touches memory, so that the engine cannot make the call disappear.
static volatile u32 count;

EXPORT(STORE "ping") u32 ping(u32 value) { return value + ++count; }

EXPORT(STORE "note") u64 note(u64 time, u32 sensor, double value) { return time + sensor + (value > 0) + ++count; }

// A level is refused, and its payload comes as the bits of an integer.
EXPORT(STORE "decide") struct decision *decide(u32 kind, u64 payload) {
    static struct decision result;
    result = (struct decision){kind == 2, (u32)payload + kind + ++count};
    return &result;
}

EXPORT(STORE "text") u32 text(u8 *bytes, u32 length) {
    u32 last = length ? bytes[length - 1] : 0;
    free(bytes);
    return last + ++count;
}

EXPORT(STORE "bytes") u32 bytes(u8 *values, u32 length) { return text(values, length); }

EXPORT(STORE "put") u64 put(u64 *values, u32 length) {
    u64 last = length ? values[length - 1] : 0;
    free(values);
    return last + ++count;
}

EXPORT(STORE "readings") u64 readings(struct reading *values, u32 length) {
    u64 last = length ? values[length - 1].time : 0;
    free(values);
    return last + ++count;
}

// Both ends own what they have: this is freed once the caller has its copy.
EXPORT(STORE "fill") struct list *fill(u32 length) {
    static struct list result;
    result = (struct list){malloc(length), length};
    if (length) ((u8 *)result.start)[length - 1] = (u8)++count;
    return &result;
}

EXPORT("cabi_post_" STORE "fill") void fill_done(struct list *result) { free(result->start); }
