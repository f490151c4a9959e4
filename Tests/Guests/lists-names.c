// expect: ok
//
// A folder's names are the component's own, in one order, with a stroke behind those of folders. Nothing of what was
// listed is kept: as many lists as one likes, also while others are open, until all places for them are taken.
#include "guest.h"

struct names_answer {
    u8 failed;
    union {
        struct list names;
        struct text error;
    };
};
IMPORT(FILES, "list") void files_list(const char *, u32, struct names_answer *);

// The names with a space behind each.
static bool is_listed(const char *path, u32 path_count, const char *expected, u32 expected_count) {
    struct names_answer answer;
    files_list(path, path_count, &answer);
    if (answer.failed) return false;
    struct text *names = answer.names.start;
    u32 done = 0;
    for (u32 i = 0; i < answer.names.count; i++) {
        if (expected_count - done <= names[i].count) return false;
        if (!is_equal(names[i].start, names[i].count, expected + done, names[i].count)) return false;
        done += names[i].count;
        if (expected[done++] != ' ') return false;
    }
    heap_clear();
    return done == expected_count;
}

static bool fails(const char *path, u32 count, const char *error, u32 error_count) {
    struct names_answer answer;
    files_list(path, count, &answer);
    return answer.failed && is_equal(answer.error.start, answer.error.count, error, error_count);
}

static void write(const char *path, u32 count) {
    struct file_answer answer;
    files_write(path, count, TEXT("x"), &answer);
    if (answer.failed) __builtin_trap();
    heap_clear();
}

RUN {
    REQUIRE(is_listed(TEXT("/"), TEXT("data/ output/ tmp/ top.csv ")));
    REQUIRE(is_listed(TEXT("/data"), TEXT("large.bin patients.csv sub/ ")));
    REQUIRE(is_listed(TEXT("/data/"), TEXT("large.bin patients.csv sub/ ")));
    REQUIRE(is_listed(TEXT("/data/sub"), TEXT("deep/ ")) && is_listed(TEXT("/data/sub/deep/"), TEXT("leaf ")));
    REQUIRE(is_listed(TEXT("/tmp"), TEXT("")) && is_listed(TEXT("/output"), TEXT("")));
    write(TEXT("/output/mine"));
    write(TEXT("/tmp/b"));
    write(TEXT("/tmp/a"));
    REQUIRE(is_listed(TEXT("/output"), TEXT("mine ")) && is_listed(TEXT("/tmp"), TEXT("a b ")));
    for (u32 i = 0; i < 5000; i++) REQUIRE(is_listed(TEXT("/"), TEXT("data/ output/ tmp/ top.csv ")));

    REQUIRE(fails(TEXT(""), TEXT("no-entry")) && fails(TEXT("data"), TEXT("no-entry")));
    REQUIRE(fails(TEXT("//"), TEXT("not-permitted")) && fails(TEXT("/.."), TEXT("not-permitted")));
    REQUIRE(fails(TEXT("/data/.."), TEXT("not-permitted")) && fails(TEXT("/data/../output"), TEXT("not-permitted")));
    REQUIRE(fails(TEXT("/data/\0"), TEXT("not-permitted")) && fails(TEXT("/dat"), TEXT("no-entry")));
    REQUIRE(fails(TEXT("$log"), TEXT("no-entry")) && fails(TEXT("/$log"), TEXT("no-entry")));
    REQUIRE(fails(TEXT("a:/data"), TEXT("no-entry")) && fails(TEXT("/in/a/data"), TEXT("no-entry")));
    REQUIRE(fails(TEXT("/data/patients.csv"), TEXT("not-directory")));

    // As many open listings as there can be leave no place for one more, and one that is closed does.
    u32 output = folder_named(TEXT("/output"));
    struct opened listings[8];
    for (u32 i = 0; i < 8; i++) native_entries(output, &listings[i]);
    REQUIRE(!listings[7].failed && fails(TEXT("/data"), TEXT("insufficient-memory")));
    native_drop_entries(listings[5].index);
    REQUIRE(is_listed(TEXT("/data"), TEXT("large.bin patients.csv sub/ ")));
    return 0;
}
