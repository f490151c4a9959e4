// expect: ok
//
// Every spelling of a path that leads elsewhere is refused, in each function that takes one.
#include "guest.h"

// clang-format off
static const struct text escapes[] = {
    {TEXT("..")}, {TEXT("../data/patients.csv")}, {TEXT("sub/../../b/data/patients.csv")},
    {TEXT("/")}, {TEXT("/etc/passwd")}, {TEXT("/data/patients.csv")}, {TEXT("//data")}, {TEXT("./../x")},
    {TEXT("patients.csv\0.png")}, {TEXT("\0")}, {TEXT("sub/./../..")}, {TEXT("sub//..//..")},
    {TEXT("sub/../../data/patients.csv")}, {TEXT("a/b/../../..")}};
// clang-format on

static u32 escape(u32 data, u32 output, struct text path) {
    // clang-format off
    union { struct opened opened; struct attributes attributes; struct hash hash; struct done done;
            struct file_answer link; } answer;
    // clang-format on
    answer.opened = open_path(data, path.start, path.count, 0, READ);
    REQUIRE(answer.opened.failed && answer.opened.error == NOT_PERMITTED);
    answer.opened = open_path(output, path.start, path.count, CREATE, WRITE);
    REQUIRE(answer.opened.failed && answer.opened.error == NOT_PERMITTED);
    native_attributes_at(data, 1, path.start, path.count, &answer.attributes);
    REQUIRE(answer.attributes.failed && answer.attributes.error == NOT_PERMITTED);
    native_hash_at(data, 1, path.start, path.count, &answer.hash);
    REQUIRE(answer.hash.failed && answer.hash.error == NOT_PERMITTED);
    native_readlink(data, path.start, path.count, &answer.link);
    REQUIRE(answer.link.failed && ((struct opened *)&answer)->error == NOT_PERMITTED);
    native_create_directory(output, path.start, path.count, &answer.done);
    REQUIRE(answer.done.failed && answer.done.error == NOT_PERMITTED);
    native_remove_directory(output, path.start, path.count, &answer.done);
    REQUIRE(answer.done.failed && answer.done.error == NOT_PERMITTED);
    native_unlink(output, path.start, path.count, &answer.done);
    REQUIRE(answer.done.failed && answer.done.error == NOT_PERMITTED);
    native_rename(output, path.start, path.count, output, TEXT("here"), &answer.done);
    REQUIRE(answer.done.failed && answer.done.error == NOT_PERMITTED);
    native_rename(output, TEXT("mine"), output, path.start, path.count, &answer.done);
    REQUIRE(answer.done.failed && answer.done.error == NOT_PERMITTED);
    return 0;
}

// clang-format off
static const struct text unreachable[] = {
    {TEXT("")}, {TEXT("/")}, {TEXT("/data")}, {TEXT("/data/")}, {TEXT("data/patients.csv")}, {TEXT("/dat")},
    {TEXT("/data/../data/patients.csv")}, {TEXT("/data/sub/../../patients.csv")}, {TEXT("/data//patients.csv")},
    {TEXT("//data/patients.csv")},
    {TEXT("/datapatients.csv")}, {TEXT("b:/data/patients.csv")}, {TEXT("/b:/data/patients.csv")},
    {TEXT("$log/stderr")}, {TEXT("/$log/stderr")}, {TEXT("/data/patients.csv\0")}, {TEXT("/data/\0")},
    {TEXT("/etc/passwd")}, {TEXT("/data/sub/../../b/data/patients.csv")}, {TEXT("/data\0/patients.csv")}};
// clang-format on

static char long_path[100000];

RUN {
    u32 data = folder_named(TEXT("/data")), output = folder_named(TEXT("/output"));
    struct file_answer answer;
    files_write(TEXT("/output/mine"), TEXT("x"), &answer);
    REQUIRE(!answer.failed);
    for (u32 i = 0; i < sizeof escapes / sizeof *escapes; i++)
        if (escape(data, output, escapes[i])) return required(1000 + i);
    for (u32 i = 0; i < sizeof unreachable / sizeof *unreachable; i++) {
        files_read(unreachable[i].start, unreachable[i].count, &answer);
        if (!answer.failed) return required(2000 + i);
        files_write(unreachable[i].start, unreachable[i].count, TEXT("x"), &answer);
        if (!answer.failed) return required(3000 + i);
    }

    for (u32 i = 0; i < sizeof long_path; i++) long_path[i] = i % 2 ? '/' : 'a';
    REQUIRE(open_path(output, long_path, sizeof long_path, CREATE, WRITE).failed);
    for (u32 i = 0; i < sizeof long_path; i++) long_path[i] = 'a';
    REQUIRE(open_path(output, long_path, sizeof long_path, CREATE, WRITE).failed);
    REQUIRE(open_path(output, "", 0, 0, READ).failed);

    // A file is no folder.
    struct opened file = open_path(data, TEXT("patients.csv"), 0, READ);
    REQUIRE(!file.failed && open_path(file.index, TEXT("."), 0, READ).failed);
    REQUIRE(!open_path(data, TEXT(".//sub/./deep/"), 0, READ).failed);
    return 0;
}
