// expect: ok
//
// A mount cannot be changed: not by its files, not by its folders, not through an output.
#include "guest.h"

static u32 must_be_refused(u32 file) {
    struct opened stream;
    struct count count;
    struct done done;
    native_write_stream(file, 0, &stream);
    REQUIRE(stream.failed && stream.error == NOT_PERMITTED);
    native_append_stream(file, &stream);
    REQUIRE(stream.failed && stream.error == NOT_PERMITTED);
    native_write(file, TEXT("x"), 0, &count);
    REQUIRE(count.failed && count.error == NOT_PERMITTED);
    native_set_size(file, 0, &done);
    REQUIRE(done.failed && done.error == NOT_PERMITTED);
    return 0;
}

RUN {
    u32 data = folder_named(TEXT("/data")), output = folder_named(TEXT("/output"));
    for (u32 open_flags = 0; open_flags < 16; open_flags++)
        for (u32 flags = 0; flags < 64; flags++) {
            struct opened opened = open_path(data, TEXT("patients.csv"), open_flags, flags);
            if (!opened.failed && must_be_refused(opened.index)) return required(1000 + 64 * open_flags + flags);
            if (!opened.failed) native_drop(opened.index);
            REQUIRE(opened.failed || !(open_flags & (CREATE | TRUNCATE) || flags & WRITE));
        }
    REQUIRE(open_path(data, TEXT("new"), CREATE, READ).error == NOT_PERMITTED);
    struct opened sub = open_path(data, TEXT("sub"), 0, READ);
    REQUIRE(!sub.failed);
    REQUIRE(open_path(sub.index, TEXT("new"), CREATE, WRITE).error == NOT_PERMITTED);

    struct done done;
    native_create_directory(sub.index, TEXT("new"), &done);
    REQUIRE(done.failed && done.error == NOT_PERMITTED);
    native_remove_directory(data, TEXT("sub"), &done);
    REQUIRE(done.failed && done.error == NOT_PERMITTED);
    native_unlink(data, TEXT("patients.csv"), &done);
    REQUIRE(done.failed && done.error == NOT_PERMITTED);

    struct file_answer answer;
    files_write(TEXT("/output/mine"), TEXT("x"), &answer);
    REQUIRE(!answer.failed);
    native_rename(output, TEXT("mine"), data, TEXT("patients.csv"), &done);
    REQUIRE(done.failed && done.error == NOT_PERMITTED);
    native_rename(data, TEXT("patients.csv"), output, TEXT("moved"), &done);
    REQUIRE(done.failed && done.error == NOT_PERMITTED);
    files_write(TEXT("/data/patients.csv"), TEXT("x"), &answer);
    REQUIRE(files_fail(answer, TEXT("not-permitted")));
    files_read(TEXT("/data/patients.csv"), &answer);
    REQUIRE(!answer.failed && is_equal((const char *)answer.content.start, answer.content.count, TEXT("of a\n")));
    return 0;
}
