// expect: ok
//
// The store also holds folders of components named `ab`, `a-b` and `b`, and some whose names are tricks.
// All that there is to see are this component's four, two of them read-only, and never the log's.
#include "guest.h"

RUN {
    struct list all;
    native_folders(&all);
    REQUIRE(all.count == 4);
    struct folder *folders = all.start;
    REQUIRE(is_equal(folders[0].name.start, folders[0].name.count, TEXT("/")));
    REQUIRE(is_equal(folders[1].name.start, folders[1].name.count, TEXT("/data")));
    REQUIRE(is_equal(folders[2].name.start, folders[2].name.count, TEXT("/output")));
    REQUIRE(is_equal(folders[3].name.start, folders[3].name.count, TEXT("/tmp")));
    for (u32 i = 0; i < 4; i++) {
        struct byte flags;
        native_flags(folders[i].native, &flags);
        REQUIRE(!flags.failed && !(flags.value & MUTATE_DIRECTORY) == (i < 2));
    }

    struct file_answer answer;
    files_read(TEXT("/data/patients.csv"), &answer);
    REQUIRE(!answer.failed && is_equal((const char *)answer.content.start, answer.content.count, TEXT("of a\n")));
    files_read(TEXT("/top.csv"), &answer);
    REQUIRE(!answer.failed && is_equal((const char *)answer.content.start, answer.content.count, TEXT("top")));
    return 0;
}
