#include "Report.h"

static char text[4096] = "{";
static u32 length = 1;

static void put(char byte) {
    if (length >= sizeof text - 2) __builtin_trap();
    text[length++] = byte;
}

static void put_text(const char *words) {
    while (*words) put(*words++);
}

static void put_number(u64 value) {
    char digits[20];
    u32 count = 0;
    do digits[count++] = '0' + value % 10;
    while (value /= 10);
    while (count) put(digits[--count]);
}

static void begin(const char *name) {
    if (length > 1) put(',');
    put('"'), put_text(name);
}

void report(const char *name, u64 value) { begin(name), put_text("\":"), put_number(value); }

void report_numbered(const char *name, u32 number, u64 value) {
    begin(name), put('/'), put_number(number), put_text("\":"), put_number(value);
}

u32 write_report(void) {
    static const char path[] = "/output/figures.json";
    struct files_result result;
    put('}');
    files_write(path, sizeof path - 1, text, length, &result);
    return result.failed;
}
