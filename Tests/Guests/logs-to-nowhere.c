// expect: trap
// words: unreachable
//
// Run without a log folder, which every job has: the shim stops rather than lose what was said.
#include "guest.h"

RUN {
    files_log(TEXT("lost"));
    return 0;
}
