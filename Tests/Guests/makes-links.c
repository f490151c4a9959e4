// expect: ok
//
// No link is made, neither kind, so none can lead out later or stand where an output is expected.
#include "guest.h"

RUN {
    u32 data = folder_named(TEXT("/data")), output = folder_named(TEXT("/output"));
    struct file_answer answer;
    files_write(TEXT("/output/mine"), TEXT("x"), &answer);
    REQUIRE(!answer.failed);
    struct done done;
    native_symlink(output, TEXT("/etc/passwd"), TEXT("link"), &done);
    REQUIRE(done.failed && done.error == NOT_PERMITTED);
    native_symlink(output, TEXT("mine"), TEXT("link"), &done);
    REQUIRE(done.failed && done.error == NOT_PERMITTED);
    native_link(output, 1, TEXT("mine"), output, TEXT("link"), &done);
    REQUIRE(done.failed && done.error == NOT_PERMITTED);
    native_link(data, 0, TEXT("patients.csv"), output, TEXT("link"), &done);
    REQUIRE(done.failed && done.error == NOT_PERMITTED);
    struct attributes attributes;
    native_attributes_at(output, 0, TEXT("link"), &attributes);
    REQUIRE(attributes.failed && attributes.error == NO_ENTRY);
    native_readlink(output, TEXT("mine"), &answer);
    REQUIRE(answer.failed && ((struct opened *)&answer)->error == INVALID);
    native_readlink(output, TEXT("absent"), &answer);
    REQUIRE(answer.failed && ((struct opened *)&answer)->error == NO_ENTRY);
    return 0;
}
