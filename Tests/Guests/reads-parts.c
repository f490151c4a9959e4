// expect: ok
//
// Parts are those of the whole, end where the file ends, and are small however much is asked for. A file that is larger
// than the shim's memory can be read so to its end, as often as one likes.
#include "guest.h"

IMPORT(FILES, "read-part") void files_read_part(const char *, u32, u64 offset, u32 count, struct file_answer *);

static bool is_part(u64 offset, u32 count, const char *expected, u32 expected_count) {
    struct file_answer answer;
    files_read_part(TEXT("/data/patients.csv"), offset, count, &answer);
    bool equal =
        !answer.failed && is_equal((const char *)answer.content.start, answer.content.count, expected, expected_count);
    heap_clear();
    return equal;
}

static u32 fails(const char *path, u32 count, const char *error, u32 error_count) {
    struct file_answer answer;
    files_read_part(path, count, 0, 1, &answer);
    REQUIRE(files_fail(answer, error, error_count));
    return 0;
}

RUN {
    // It holds "of a\n".
    REQUIRE(is_part(0, 5, TEXT("of a\n")) && is_part(0, 0, TEXT("")) && is_part(0, 1, TEXT("o")));
    REQUIRE(is_part(3, 1, TEXT("a")) && is_part(3, 0xffffffff, TEXT("a\n")) && is_part(4, 2, TEXT("\n")));
    REQUIRE(is_part(5, 1, TEXT("")) && is_part(6, 0xffffffff, TEXT("")) && is_part((u64)1 << 40, 9, TEXT("")));
    REQUIRE(is_part(0xffffffffffffffff, 0xffffffff, TEXT("")) && is_part(0x8000000000000000, 1, TEXT("")));
    for (u32 i = 0; i < 20000; i++) REQUIRE(is_part(1, 3, TEXT("f a")));

    u64 read = 0;
    for (u32 pass = 0; pass < 3; pass++) {
        for (u64 offset = 0;;) {
            struct file_answer answer;
            files_read_part(TEXT("/data/large.bin"), offset, 0xffffffff, &answer);
            REQUIRE(!answer.failed && answer.content.count <= 1 << 20);
            for (u32 i = 0; i < answer.content.count; i += 4096) REQUIRE(!answer.content.start[i]);
            heap_clear();
            if (!answer.content.count) break;
            offset += answer.content.count;
            read += answer.content.count;
        }
    }
    REQUIRE(read == 3 * (8 << 20));

    if (fails(TEXT("/data"), TEXT("is-directory")) || fails(TEXT("/data/sub"), TEXT("is-directory"))) return 1;
    if (fails(TEXT("/data/absent"), TEXT("no-entry")) || fails(TEXT(""), TEXT("no-entry"))) return 1;
    if (fails(TEXT("/data/../log/a/pipes/stderr"), TEXT("not-permitted"))) return 1;
    if (fails(TEXT("a:/data/patients.csv"), TEXT("no-entry"))) return 1;

    // What is written can be read so too, as far as it is.
    struct file_answer answer;
    files_write(TEXT("/output/mine"), TEXT("written"), &answer);
    REQUIRE(!answer.failed);
    files_read_part(TEXT("/output/mine"), 3, 3, &answer);
    REQUIRE(!answer.failed && is_equal((const char *)answer.content.start, answer.content.count, TEXT("tte")));
    return 0;
}
