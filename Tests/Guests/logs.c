// expect: ok
//
// What is logged and what is written to the native streams arrives in order, beyond one piece of 4,096 bytes too.
#include "guest.h"

IMPORT(WASI("cli/stdout"), "get-stdout") u32 get_stdout(void);
IMPORT(WASI("cli/stderr"), "get-stderr") u32 get_stderr(void);

RUN {
    static char line[10000];
    for (u32 i = 0; i < sizeof line; i++) line[i] = (char)('a' + i % 26);
    u32 stream = get_stderr(), again = get_stderr(), output = get_stdout();
    struct streamed written;
    files_log(TEXT("one"));
    native_write_and_flush(stream, TEXT("two\n"), &written);
    REQUIRE(!written.failed);
    files_log(line, sizeof line);
    native_write_and_flush(again, TEXT("three\n"), &written);
    REQUIRE(!written.failed);
    files_log(TEXT(""));
    native_write_and_flush(output, TEXT("out\n"), &written);
    REQUIRE(!written.failed);
    for (u32 i = 0; i < 2000; i++) files_log(TEXT("x"));
    return 0;
}
