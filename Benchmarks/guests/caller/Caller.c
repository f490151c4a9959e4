#include "../shared/Report.h"

#define STORE "twocvm:benchmarks/store"

IMPORT(STORE, "ping") u32 store_ping(u32 value);
IMPORT(STORE, "note") u64 store_note(u64 time, u32 sensor, double value);
IMPORT(STORE, "decide") void store_decide(u32 kind, u64 payload, struct decision *result);
IMPORT(STORE, "text") u32 store_text(const void *bytes, u32 length);
IMPORT(STORE, "bytes") u32 store_bytes(const void *values, u32 length);
IMPORT(STORE, "put") u64 store_put(const void *values, u32 length);
IMPORT(STORE, "readings") u64 store_readings(const void *values, u32 length);
IMPORT(STORE, "fill") void store_fill(u32 length, struct list *result);

enum { largest = 16 << 20, calls = 50 * 1000 * 1000, moved = 256 << 20, most = 1000 * 1000 };

static volatile u64 sink;
// What is sent, and where this component copies it to itself.
static u8 *content, *copy;

static void send_text(u32 size) { sink += store_text(content, size); }
static void send_bytes(u32 size) { sink += store_bytes(content, size); }
static void send_words(u32 size) { sink += store_put(content, size / sizeof(u64)); }
static void send_readings(u32 size) { sink += store_readings(content, size / sizeof(struct reading)); }

static void receive_bytes(u32 size) {
    struct list result;
    store_fill(size, &result);
    sink += result.count;
    free(result.start);
}

static void copy_alone(u32 size) {
    __builtin_memcpy(copy, content, size);
    sink += copy[size - 1];
}

// Reports the picoseconds of one call, so that whole numbers say enough.
static void time_transfer(const char *name, void (*transfer)(u32), u32 size) {
    u32 count = moved / size < most ? moved / size : most;
    for (u32 i = 0; i < count / 16 + 1; i++) transfer(size);
    u64 start = clock_now();
    for (u32 i = 0; i < count; i++) transfer(size);
    report_numbered(name, size, (clock_now() - start) * 1000 / count);
}

static void time_calls(void) {
    u32 value = 0;
    for (u32 i = 0; i < 1000; i++) value = store_ping(value);
    u64 start = clock_now();
    for (u32 i = 0; i < calls; i++) value = store_ping(value);
    report("u32", (clock_now() - start) * 1000 / calls);
    start = clock_now();
    for (u32 i = 0; i < calls; i++) value += (u32)store_note(i, value, 1.5);
    report("record", (clock_now() - start) * 1000 / calls);
    start = clock_now();
    for (u32 i = 0; i < calls; i++) {
        struct decision decision;
        store_decide(i % 3, value, &decision);
        value = decision.value + decision.failed;
    }
    report("variant, result", (clock_now() - start) * 1000 / calls);
    sink += value;
}

EXPORT("wasi:cli/run@0.2.12#run") u32 run(void) {
    static const u32 sizes[] = {24, 1008, 65520, 1048560, 16777200}; // whole numbers of readings
    content = malloc(largest), copy = malloc(largest);
    for (u32 i = 0; i < largest; i++) content[i] = 'a' + i % 26;
    time_calls();
    for (u32 i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        time_transfer("copy", copy_alone, sizes[i]);
        time_transfer("string", send_text, sizes[i]);
        time_transfer("list<u8>", send_bytes, sizes[i]);
        time_transfer("list<u64>", send_words, sizes[i]);
        time_transfer("list<record>", send_readings, sizes[i]);
        time_transfer("list<u8>, result", receive_bytes, sizes[i]);
    }
    return write_report();
}
