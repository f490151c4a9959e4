// expect: ok
//
// Two hundred thousand calls in a random order, on whatever handles are at hand: each gives an answer, and the
// table of descriptors is as large afterwards as it was before.
#include "guest.h"

enum { held_count = 40 };
static u32 held[held_count];     // 0 where there is none
static u32 listings[held_count];
static u32 state = 1;

static u32 any(u32 count) {  // xorshift
    state ^= state << 13, state ^= state >> 17, state ^= state << 5;
    return state % count;
}

// clang-format off
static const struct text paths[] = {
    {TEXT("patients.csv")}, {TEXT("sub")}, {TEXT("sub/deep/leaf")}, {TEXT(".")}, {TEXT("..")}, {TEXT("")},
    {TEXT("new")}, {TEXT("new/er")}, {TEXT("/")}, {TEXT("\0")}, {TEXT("a//b/")}, {TEXT("large.bin")}};

static union {
    struct opened opened; struct done done; struct content content; struct count count; struct byte byte;
    struct attributes attributes; struct hash hash; struct entry entry; struct file_answer files; struct list list;
} answer;
// clang-format on

static void keep(u32 index) {
    u32 *place = &held[any(held_count)];
    if (*place) native_drop(*place);
    *place = index;
}

static void call(u32 self, u32 other, struct text path, u64 number) {
    switch (any(24)) {
        // clang-format off
    case 0: case 1: case 2:
        // clang-format on
        native_open(self, any(2), path.start, path.count, any(16), any(64), &answer.opened);
        if (!answer.opened.failed) keep(answer.opened.index);
        break;
    case 3: native_read(self, number, any(9), &answer.content); break;
    case 4: native_write(self, path.start, path.count, number, &answer.count); break;
    case 5: native_attributes(self, &answer.attributes); break;
    case 6: native_attributes_at(self, any(2), path.start, path.count, &answer.attributes); break;
    case 7: native_hash(self, &answer.hash); break;
    case 8: native_hash_at(self, any(2), path.start, path.count, &answer.hash); break;
    case 9: native_create_directory(self, path.start, path.count, &answer.done); break;
    case 10: native_remove_directory(self, path.start, path.count, &answer.done); break;
    case 11: native_unlink(self, path.start, path.count, &answer.done); break;
    case 12: native_rename(self, path.start, path.count, other, paths[any(12)].start, 3, &answer.done); break;
    case 13: native_link(self, 1, path.start, path.count, other, TEXT("link"), &answer.done); break;
    case 14: native_symlink(self, path.start, path.count, TEXT("link"), &answer.done); break;
    case 15: native_readlink(self, path.start, path.count, &answer.files); break;
    case 16: native_is_same(self, other); break;
    case 17: native_set_size(self, any(65536), &answer.done); break;
    case 18: native_type(self, &answer.byte); break;
    case 19: native_flags(self, &answer.byte); break;
    case 20: {
        u32 *place = &listings[any(held_count)];
        if (*place) native_drop_entries(*place);
        native_entries(self, &answer.opened);
        *place = answer.opened.failed ? 0 : answer.opened.index;
        break;
    }
    case 21: {
        u32 listing = listings[any(held_count)];
        if (listing) native_entry(listing, &answer.entry);
        break;
    }
    case 22: native_sync(self, &answer.done), native_advise(self, number, number, any(6), &answer.done); break;
    case 23:
        native_read_stream(self, number, &answer.opened);
        if (!answer.opened.failed) stream_drop_input(answer.opened.index);
        break;
    }
    heap_clear();
}

static u32 open_until_full(u32 data) {
    static u32 opened[1024];
    u32 count = 0;
    for (struct opened file; !(file = open_path(data, TEXT("patients.csv"), 0, READ)).failed;)
        opened[count++] = file.index;
    for (u32 i = 0; i < count; i++) native_drop(opened[i]);
    return count;
}

RUN {
    u32 data = folder_named(TEXT("/data")), output = folder_named(TEXT("/output"));
    heap_clear();
    u32 before = open_until_full(data);
    for (u32 i = 0; i < 200000; i++) {
        u32 self = held[any(held_count)], other = held[any(held_count)];
        if (!self) self = any(2) ? data : output;
        call(self, other ? other : output, paths[any(12)], any(2) ? any(100000) : ~(u64)any(9));
    }
    for (u32 i = 0; i < held_count; i++)
        if (held[i]) native_drop(held[i]);
    REQUIRE(open_until_full(data) == before);
    return 0;
}
