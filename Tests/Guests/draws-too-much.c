// expect: trap
// words: unreachable
//
// Random bytes are made in the shim's memory. The interface has no error, so too many at once trap.
#include "guest.h"

IMPORT(WASI("random/random"), "get-random-bytes") void draw(u64, struct bytes *);

RUN {
    struct bytes bytes;
    draw(1 << 20, &bytes);
    REQUIRE(bytes.count == 1 << 20);
    draw(1ull << 62, &bytes);
    return 0;
}
