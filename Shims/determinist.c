// Time and chance that are the same in every run.
//
// Time moves by one microsecond at each look and by the length of each wait; a wait is over at once. Random
// bytes are ChaCha20's key stream (RFC 8439) under a seed that the composer writes: the manifest's digest and
// the component's name give it, so every participant can compute it.
#include "abi.h"

// MARK: Time

#define MONOTONIC "wasi:clocks/monotonic-clock" V
#define WALL "wasi:clocks/wall-clock" V

enum { tick = 1000 };
static const u64 second = 1000000000, epoch = 946684800;  // 2000-01-01T00:00:00Z

IMPORT(MONOTONIC, "subscribe-duration") u32 host_subscribe_duration(u64);

static u64 elapsed;  // nanoseconds

static u64 advance(u64 duration) {
    if (__builtin_add_overflow(elapsed, duration, &elapsed)) elapsed = ~0ull;
    return elapsed;
}
EXPORT(MONOTONIC "#now") u64 monotonic_now(void) { return advance(tick); }
EXPORT(MONOTONIC "#resolution") u64 monotonic_resolution(void) { return tick; }
EXPORT(MONOTONIC "#subscribe-duration") u32 subscribe_duration(u64 duration) {
    advance(duration);
    return host_subscribe_duration(0);
}
EXPORT(MONOTONIC "#subscribe-instant") u32 subscribe_instant(u64 instant) {
    if (instant > elapsed) elapsed = instant;
    return host_subscribe_duration(0);
}

static struct { u64 seconds; u32 nanoseconds; } moment;
EXPORT(WALL "#now") void *wall_now(void) {
    u64 now = advance(tick);
    moment.seconds = epoch + now / second, moment.nanoseconds = (u32)(now % second);
    return &moment;
}
EXPORT(WALL "#resolution") void *wall_resolution(void) {
    moment.seconds = 0, moment.nanoseconds = tick;
    return &moment;
}

// MARK: Chance

// The composer overwrites this.
__attribute__((used, nonstring)) static volatile u8 seed[32] = "@@SEED@@@@SEED@@@@SEED@@@@SEED@@";

static u8 block[64];
static u32 used = sizeof block;
static u64 counter;

static u32 rotate(u32 value, u32 by) { return value << by | value >> (32 - by); }

static void quarter(u32 s[16], u32 a, u32 b, u32 c, u32 d) {
    s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 16);
    s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 12);
    s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 8);
    s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 7);
}

// One block, with the counter in words 12 and 13 and a nonce of zero.
static void refill(void) {
    u32 start[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}, state[16];
    for (u32 i = 0; i < 8; i++)
        start[4 + i] = seed[4 * i] | seed[4 * i + 1] << 8 | seed[4 * i + 2] << 16 | (u32)seed[4 * i + 3] << 24;
    start[12] = (u32)counter, start[13] = (u32)(counter >> 32);
    counter++;
    for (u32 i = 0; i < 16; i++) state[i] = start[i];
    for (u32 round = 0; round < 10; round++) {
        for (u32 i = 0; i < 4; i++) quarter(state, i, 4 + i, 8 + i, 12 + i);
        for (u32 i = 0; i < 4; i++) quarter(state, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
    }
    for (u32 i = 0; i < 16; i++) {
        u32 word = state[i] + start[i];
        for (u32 byte = 0; byte < 4; byte++) block[4 * i + byte] = (u8)(word >> (8 * byte));
    }
    used = 0;
}

static u8 next_byte(void) {
    if (used == sizeof block) refill();
    return block[used++];
}

static u64 next_word(void) {
    u64 word = 0;
    for (u32 i = 0; i < 8; i++) word |= (u64)next_byte() << (8 * i);
    return word;
}

// More than a mebibyte at once would be a mistake or an attack on the shim's memory.
enum { most = 1 << 20 };
static struct list list;

static void *some(u64 count) {
    if (count > most) __builtin_trap();
    u8 *bytes = cabi_realloc(0, 0, 1, (u32)count);
    for (u32 i = 0; i < (u32)count; i++) bytes[i] = next_byte();
    list = (struct list){bytes, (u32)count};
    return &list;
}

#define RANDOM "wasi:random/random" V
#define INSECURE "wasi:random/insecure" V
EXPORT(RANDOM "#get-random-bytes") void *random_bytes(u64 count) { return some(count); }
EXPORT("cabi_post_" RANDOM "#get-random-bytes") void random_bytes_done(void *result) { (void)result, forget(); }
EXPORT(RANDOM "#get-random-u64") u64 random_word(void) { return next_word(); }
EXPORT(INSECURE "#get-insecure-random-bytes") void *insecure_bytes(u64 count) { return some(count); }
EXPORT("cabi_post_" INSECURE "#get-insecure-random-bytes") void insecure_bytes_done(void *result) {
    (void)result, forget();
}
EXPORT(INSECURE "#get-insecure-random-u64") u64 insecure_word(void) { return next_word(); }

static u64 pair[2];
EXPORT("wasi:random/insecure-seed" V "#insecure-seed") void *insecure_seed(void) {
    pair[0] = next_word(), pair[1] = next_word();
    return pair;
}
