// expect: trap
// words: unknown handle index
//
// The shim frees a slot only when the engine says so, and the engine says it once.
#include "guest.h"

RUN {
    u32 data = folder_named(TEXT("/data"));
    native_drop(data);
    native_drop(data);
    return 0;
}
