// expect: trap
// words: unreachable
//
// Exit with success would end the others' work, and look like its end.
#include "guest.h"

IMPORT(WASI("cli/exit"), "exit") void exit_with(u32 failed);

RUN {
    exit_with(0);
    return 0;
}
