// expect: ok
//
// Writes down what it drew, from each interface, for the test to compare with ChaCha20 under the same seed.
#include "guest.h"

IMPORT(WASI("random/random"), "get-random-bytes") void draw(u64, struct bytes *);
IMPORT(WASI("random/random"), "get-random-u64") u64 draw_word(void);
IMPORT(WASI("random/insecure"), "get-insecure-random-bytes") void draw_insecure(u64, struct bytes *);
IMPORT(WASI("random/insecure"), "get-insecure-random-u64") u64 draw_insecure_word(void);
IMPORT(WASI("random/insecure-seed"), "insecure-seed") void draw_seed(u64 seed[2]);

RUN {
    static struct {
        u64 words[4];
        u8 bytes[4096], insecure[4096];
    } drawn;
    struct bytes bytes;
    drawn.words[0] = draw_word();
    drawn.words[1] = draw_insecure_word();
    draw_seed(drawn.words + 2);
    draw(sizeof drawn.bytes, &bytes);
    REQUIRE(bytes.count == sizeof drawn.bytes);
    __builtin_memcpy(drawn.bytes, bytes.start, sizeof drawn.bytes);
    draw_insecure(sizeof drawn.insecure, &bytes);
    REQUIRE(bytes.count == sizeof drawn.insecure);
    __builtin_memcpy(drawn.insecure, bytes.start, sizeof drawn.insecure);
    struct file_answer answer;
    files_write(TEXT("/output/mine"), &drawn, sizeof drawn, &answer);
    REQUIRE(!answer.failed);
    return 0;
}
