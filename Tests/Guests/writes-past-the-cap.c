// expect: trap
// words: unreachable
//
// What is written passes through the shim's memory, which is capped apart from the guest's. It has room for
// what the component may release.
#include "guest.h"

static u8 content[8 << 20];

RUN {
    struct file_answer answer;
    files_write(TEXT("/output/mine"), content, 1 << 20, &answer);
    REQUIRE(!answer.failed);
    files_write(TEXT("/output/mine"), content, sizeof content, &answer);
    return 0;
}
