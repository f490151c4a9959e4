// expect: ok
//
// The store also holds folders of components named `ab`, `a-b` and `b`, and some whose names are tricks.
// All that there is to see are this component's two, one of them read-only, and never the log's.
#include "guest.h"

RUN {
    struct list all;
    native_folders(&all);
    REQUIRE(all.count == 2);
    struct folder *folders = all.start;
    REQUIRE(is_equal(folders[0].name.start, folders[0].name.count, TEXT("/data")));
    REQUIRE(is_equal(folders[1].name.start, folders[1].name.count, TEXT("/output")));

    struct byte flags;
    native_flags(folders[0].native, &flags);
    REQUIRE(!flags.failed && !(flags.value & MUTATE_DIRECTORY));
    native_flags(folders[1].native, &flags);
    REQUIRE(!flags.failed && flags.value & MUTATE_DIRECTORY);

    struct file_answer answer;
    files_read(TEXT("/data/patients.csv"), &answer);
    REQUIRE(!answer.failed && is_equal((const char *)answer.content.start, answer.content.count, TEXT("of a\n")));
    return 0;
}
