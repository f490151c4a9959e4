// expect: ok
//
// A file that is larger than its shim's memory is an error, after which smaller ones can still be read.
#include "guest.h"

RUN {
    struct file_answer answer;
    files_read(TEXT("/data/large.bin"), &answer);
    REQUIRE(files_fail(answer, TEXT("insufficient-memory")));
    files_read(TEXT("/data/patients.csv"), &answer);
    REQUIRE(!answer.failed && answer.content.count == 5);
    files_read(TEXT("/data/sub"), &answer);
    REQUIRE(files_fail(answer, TEXT("is-directory")));
    files_read(TEXT("/data/absent"), &answer);
    REQUIRE(files_fail(answer, TEXT("no-entry")));
    return 0;
}
