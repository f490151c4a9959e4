// expect: trap
// words: unreachable
//
// A list of some of the folders would be taken for the whole: where no descriptor is left, there is no list.
#include "guest.h"

RUN {
    u32 data = folder_named(TEXT("/data"));
    while (!open_path(data, TEXT("patients.csv"), 0, READ).failed) continue;
    struct list all;
    native_folders(&all);
    return 0;
}
