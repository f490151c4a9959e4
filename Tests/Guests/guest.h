// What the guests of the tests have in common. Each is one command that tries something and says how it went.
//
// A guest calls the same functions as a shim does, so it takes their declarations from there: what is called
// `native` reaches the shim here. The first lines of each file say how it must end:
//
//     expect: ok       `run` answers ok: all that the guest requires was so
//     expect: trap     the guest or its shim traps, with `words` in the message
#pragma once
#include "native.h"

#define TEXT(literal) literal, sizeof(literal) - 1
#define RUN EXPORT(WASI("cli/run") "#run") u32 run(void)

#define FILES "twocvm:guest/files"
// clang-format off
struct file_answer { u8 failed; union { struct bytes content; struct text error; }; };
// clang-format on
IMPORT(FILES, "read") void files_read(const char *, u32, struct file_answer *);
IMPORT(FILES, "write") void files_write(const char *, u32, const void *, u32, struct file_answer *);
IMPORT(FILES, "log") void files_log(const char *, u32);

#define METHOD(name) IMPORT(TYPES, "[method]descriptor." name)
METHOD("advise") void native_advise(u32, u64 offset, u64 count, u32 advice, struct done *);
METHOD("sync") void native_sync(u32, struct done *);
METHOD("set-times")
void native_set_times(u32, u32 kind, u64, u32, u32 other_kind, u64, u32, struct done *);
METHOD("set-times-at")
void native_set_times_at(u32, u32, const char *, u32, u32 kind, u64, u32, u32 other_kind, u64, u32, struct done *);
METHOD("link-at")
void native_link(u32, u32 path_flags, const char *, u32, u32 folder, const char *, u32, struct done *);
METHOD("symlink-at") void native_symlink(u32, const char *, u32, const char *, u32, struct done *);
METHOD("readlink-at") void native_readlink(u32, const char *, u32, struct file_answer *);
METHOD("is-same-object") bool native_is_same(u32, u32);
METHOD("metadata-hash") void native_hash(u32, struct hash *);
METHOD("metadata-hash-at") void native_hash_at(u32, u32 path_flags, const char *, u32, struct hash *);
#undef METHOD

// clang-format off
struct stream_content { u8 failed; union { struct bytes content; struct { u8 closed; u32 error; }; }; };
struct stream_room { u8 failed; union { u64 count; struct { u8 closed; u32 error; }; }; };
// clang-format on
IMPORT(STREAMS, "[method]input-stream.blocking-read") void stream_read(u32, u64, struct stream_content *);
IMPORT(STREAMS, "[resource-drop]input-stream") void stream_drop_input(u32);
IMPORT(STREAMS, "[method]output-stream.check-write") void stream_room(u32, struct stream_room *);
IMPORT(STREAMS, "[method]output-stream.write") void stream_write(u32, const void *, u32, struct streamed *);
IMPORT(STREAMS, "[method]output-stream.blocking-flush") void stream_flush(u32, struct streamed *);
IMPORT(STREAMS, "[resource-drop]output-stream") void stream_drop_output(u32);

/// Ends the guest with an error, and its log with the line, unless something is so.
#define REQUIRE(condition) \
    do { \
        if (!(condition)) return required(__LINE__); \
    } while (false)

static inline u32 required(u32 line) {
    char words[] = "line 0000";
    for (u32 i = 8; i > 4; i--, line /= 10) words[i] = (char)('0' + line % 10);
    files_log(TEXT(words));
    return 1;
}

static inline bool is_equal(const char *one, u32 one_count, const char *two, u32 two_count) {
    if (one_count != two_count) return false;
    for (u32 i = 0; i < one_count; i++)
        if (one[i] != two[i]) return false;
    return true;
}

/// The folder of a name. Its absence is a guest's error, not what it is about. Handles begin at 1.
static inline u32 folder_named(const char *name, u32 count) {
    struct list all;
    native_folders(&all);
    u32 found = 0;
    for (u32 i = 0; i < all.count; i++) {
        struct folder folder = ((struct folder *)all.start)[i];
        if (is_equal(folder.name.start, folder.name.count, name, count)) found = folder.native;
        else native_drop(folder.native);
    }
    if (!found) __builtin_trap();
    return found;
}

static inline struct opened open_path(u32 folder, const char *path, u32 count, u32 open_flags, u32 flags) {
    struct opened opened;
    native_open(folder, FOLLOW_NOTHING, path, count, open_flags, flags, &opened);
    return opened;
}

static inline bool files_fail(struct file_answer answer, const char *error, u32 count) {
    return answer.failed && is_equal(answer.error.start, answer.error.count, error, count);
}
