// expect: ok
//
// `/tmp` is there to be written: files, folders, renaming, removing, by streams and by whole files.
#include "guest.h"

RUN {
    u32 folder = folder_named(TEXT("/tmp"));
    struct done done;
    native_create_directory(folder, TEXT("a"), &done);
    REQUIRE(!done.failed);
    native_create_directory(folder, TEXT("b"), &done);
    REQUIRE(!done.failed);
    struct file_answer answer;
    files_write(TEXT("/tmp/a/file"), TEXT("temporary"), &answer);
    REQUIRE(!answer.failed);
    native_rename(folder, TEXT("a/file"), folder, TEXT("b/moved"), &done);
    REQUIRE(!done.failed);
    files_read(TEXT("/tmp/b/moved"), &answer);
    REQUIRE(!answer.failed && is_equal((const char *)answer.content.start, answer.content.count, TEXT("temporary")));
    struct opened file = open_path(folder, TEXT("b/moved"), 0, READ | WRITE), stream;
    REQUIRE(!file.failed);
    native_append_stream(file.index, &stream);
    REQUIRE(!stream.failed);
    struct streamed written;
    native_write_and_flush(stream.index, TEXT(" file"), &written);
    REQUIRE(!written.failed);
    stream_drop_output(stream.index);
    struct attributes attributes;
    native_attributes(file.index, &attributes);
    REQUIRE(!attributes.failed && attributes.size == 14);
    native_unlink(folder, TEXT("b/moved"), &done);
    REQUIRE(!done.failed);
    native_remove_directory(folder, TEXT("b"), &done);
    REQUIRE(!done.failed);
    native_remove_directory(folder, TEXT("a"), &done);
    REQUIRE(!done.failed);
    return 0;
}
