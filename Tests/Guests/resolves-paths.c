// expect: ok
//
// A path may go up again as long as it stays below its folder: it is resolved before anything looks at it.
#include "guest.h"

static bool names(u32 folder, const char *path, u32 count, const char *same, u32 same_count) {
    struct hash one, two;
    native_hash_at(folder, 0, path, count, &one);
    native_hash_at(folder, 0, same, same_count, &two);
    return !one.failed && !two.failed && one.value[0] == two.value[0] && one.value[1] == two.value[1];
}

RUN {
    u32 data = folder_named(TEXT("/data")), output = folder_named(TEXT("/output"));
    REQUIRE(names(data, TEXT("sub/../patients.csv"), TEXT("patients.csv")));
    REQUIRE(names(data, TEXT("./sub/deep/../../patients.csv"), TEXT("patients.csv")));
    REQUIRE(names(data, TEXT("sub/deep/.././/deep/leaf"), TEXT("sub/deep/leaf")));
    REQUIRE(names(data, TEXT("sub/.."), TEXT(".")) && names(data, TEXT("sub/../sub/"), TEXT("sub")));
    // What is left out is not looked at.
    REQUIRE(names(data, TEXT("absent/../patients.csv"), TEXT("patients.csv")));

    struct opened opened = open_path(data, TEXT("sub/../patients.csv"), 0, READ);
    REQUIRE(!opened.failed);
    // A stroke at the end still asks for a folder.
    REQUIRE(open_path(data, TEXT("sub/../patients.csv/"), 0, READ).failed);
    REQUIRE(open_path(data, TEXT("patients.csv/."), 0, READ).failed);

    struct done done;
    native_create_directory(output, TEXT("x/../folder"), &done);
    REQUIRE(!done.failed);
    REQUIRE(!open_path(output, TEXT("folder/../mine"), CREATE, WRITE).failed);
    native_rename(output, TEXT("folder/../mine"), output, TEXT("folder/sub/../other"), &done);
    REQUIRE(!done.failed && names(output, TEXT("folder/other"), TEXT("folder/./other")));
    native_unlink(output, TEXT("folder/x/../other"), &done);
    REQUIRE(!done.failed);
    native_remove_directory(output, TEXT("folder/../folder"), &done);
    REQUIRE(!done.failed);
    struct file_answer answer;
    files_read(TEXT("/data/sub/../patients.csv"), &answer);
    REQUIRE(!answer.failed && is_equal((const char *)answer.content.start, answer.content.count, TEXT("of a\n")));
    files_read(TEXT("/data/sub/../../output/mine"), &answer);
    REQUIRE(files_fail(answer, TEXT("not-permitted")));
    return 0;
}
