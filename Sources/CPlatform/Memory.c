#include "CPlatform.h"

#include <malloc.h>

int cp_keep_freed_memory(int bytes) {
    // Setting either one also ends glibc's own adjustment of both.
    return mallopt(M_MMAP_THRESHOLD, bytes) == 1 && mallopt(M_TRIM_THRESHOLD, 2 * bytes) == 1 ? 0 : -1;
}
