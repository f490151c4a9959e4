// expect: ok
//
// Below `/output` there is room for the manifest's one release and 64 more, in `/tmp` for 1,024, whoever makes them and
// wherever; what is removed, or replaced by another, makes room again.
#include "guest.h"

static char path[] = "f0000";

static const char *numbered(u32 number) {
    for (u32 i = 4; i; i--, number /= 10) path[i] = (char)('0' + number % 10);
    return path;
}

static u32 makes(u32 folder, u32 most) {
    struct done done;
    for (u32 i = 0; i < most; i++) {
        struct opened opened = open_path(folder, numbered(i), 5, CREATE, WRITE);
        REQUIRE(!opened.failed);
        native_drop(opened.index);
    }
    REQUIRE(open_path(folder, TEXT("more"), CREATE, WRITE).error == INSUFFICIENT_SPACE);
    native_create_directory(folder, TEXT("more"), &done);
    REQUIRE(done.failed && done.error == INSUFFICIENT_SPACE);
    // What is there can be opened as before, renamed, and written.
    struct opened present = open_path(folder, numbered(0), 5, CREATE | TRUNCATE, WRITE);
    REQUIRE(!present.failed);
    native_drop(present.index);
    native_rename(folder, TEXT("f0000"), folder, TEXT("f0000"), &done);
    REQUIRE(!done.failed);
    REQUIRE(open_path(folder, TEXT("more"), CREATE, WRITE).failed);

    native_rename(folder, TEXT("f0000"), folder, TEXT("f0001"), &done);
    REQUIRE(!done.failed);
    native_create_directory(folder, TEXT("inner"), &done);
    REQUIRE(!done.failed);
    REQUIRE(open_path(folder, TEXT("inner/more"), CREATE, WRITE).error == INSUFFICIENT_SPACE);
    native_unlink(folder, TEXT("f0001"), &done);
    REQUIRE(!done.failed);
    REQUIRE(!open_path(folder, TEXT("inner/more"), CREATE, WRITE).failed);
    REQUIRE(open_path(folder, TEXT("more"), CREATE, WRITE).failed);
    return 0;
}

RUN {
    u32 output = folder_named(TEXT("/output"));
    if (makes(output, 65)) return 1;
    struct file_answer answer;
    files_write(TEXT("/output/mine"), TEXT("x"), &answer);
    REQUIRE(files_fail(answer, TEXT("insufficient-space")));
    return makes(folder_named(TEXT("/tmp")), 1024);
}
