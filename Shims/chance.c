// Random bytes that are the same in every run: the key stream of ChaCha20 (RFC 8439, section 2.4) under a seed.
//
// Composing derives the seed from the manifest, so all participants can compute every byte: these are
// no secrets. One stream serves all three interfaces.
#include "canonical.h"

// Composing overwrites this.
[[gnu::used, gnu::nonstring]] static volatile const u8 seed[32] = "@@SEED@@@@SEED@@@@SEED@@@@SEED@@";

static u8 block[64];
static u32 spent = sizeof block;
static u64 block_number;  // words 12 and 13; the nonce is zero

static u32 turn(u32 word, u32 bits) { return word << bits | word >> (32 - bits); }

// RFC 8439, section 2.1
static void quarter_round(u32 *a, u32 *b, u32 *c, u32 *d) {
    *a += *b;
    *d = turn(*d ^ *a, 16);
    *c += *d;
    *b = turn(*b ^ *c, 12);
    *a += *b;
    *d = turn(*d ^ *a, 8);
    *c += *d;
    *b = turn(*b ^ *c, 7);
}

// RFC 8439, section 2.3
static void next_block(void) {
    u32 start[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    for (u32 i = 0; i < sizeof seed; i++) start[4 + i / 4] |= (u32)seed[i] << (i % 4 * 8);
    start[12] = (u32)block_number;
    start[13] = (u32)(block_number >> 32);
    block_number++;

    u32 word[16];
    for (u32 i = 0; i < 16; i++) word[i] = start[i];
    for (u32 twice = 0; twice < 10; twice++) {
        for (u32 i = 0; i < 4; i++) quarter_round(&word[i], &word[4 + i], &word[8 + i], &word[12 + i]);
        for (u32 i = 0; i < 4; i++)
            quarter_round(&word[i], &word[4 + (i + 1) % 4], &word[8 + (i + 2) % 4], &word[12 + (i + 3) % 4]);
    }
    for (u32 i = 0; i < sizeof block; i++) block[i] = (u8)((word[i / 4] + start[i / 4]) >> (i % 4 * 8));
    spent = 0;
}

static u8 next_byte(void) {
    if (spent == sizeof block) next_block();
    return block[spent++];
}

static u64 next_word(void) {
    u64 word = 0;
    for (u32 i = 0; i < 64; i += 8) word |= (u64)next_byte() << i;
    return word;
}

// The interface has no error. Who asks for more at once has no honest use for it, and there is a cap to keep.
enum { most = 1 << 20 };

static void *next_bytes(u64 count) {
    static struct bytes answer;
    if (count > most) __builtin_trap();
    u8 *start = heap_take((u32)count, 1);
    for (u32 i = 0; i < count; i++) start[i] = next_byte();
    answer = (struct bytes){start, (u32)count};
    return &answer;
}

// wasi:random/insecure is given the same two functions.
#define RANDOM WASI("random/random")
EXPORT(RANDOM "#get-random-u64") u64 random_word(void) { return next_word(); }
EXPORT(RANDOM "#get-random-bytes") void *random_bytes(u64 count) { return next_bytes(count); }
AFTER(RANDOM "#get-random-bytes") void after_random_bytes(void *) { heap_clear(); }

EXPORT(WASI("random/insecure-seed") "#insecure-seed") void *insecure_seed(void) {
    static u64 answer[2];
    answer[0] = next_word();
    answer[1] = next_word();
    return answer;
}
