#include "Report.h"

static char text[4096] = "{";
static u32 length = 1;

static void put(char byte) {
    if (length >= sizeof text - 2) __builtin_trap();
    text[length++] = byte;
}

void report(const char *name, u64 value) {
    char digits[20];
    u32 count = 0;
    if (length > 1) put(',');
    put('"');
    while (*name) put(*name++);
    put('"'), put(':');
    do digits[count++] = '0' + value % 10;
    while (value /= 10);
    while (count) put(digits[--count]);
}

u32 write_report(void) {
    static const char path[] = "/output/figures.json";
    struct files_result result;
    put('}');
    files_write(path, sizeof path - 1, text, length, &result);
    return result.failed;
}
