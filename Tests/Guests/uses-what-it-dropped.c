// expect: trap
// words: unknown handle index
#include "guest.h"

RUN {
    u32 data = folder_named(TEXT("/data"));
    native_drop(data);
    open_path(data, TEXT("patients.csv"), 0, READ);
    return 0;
}
