// expect: engine.exit
//
// The component that runs ends with the engine's exit. Each way to call it names success or failure, and no more.
#include "guest.h"

IMPORT(WASI("cli/exit"), "exit") void exit_with(u32 failed);

RUN {
    exit_with(0);
    return 0;
}
