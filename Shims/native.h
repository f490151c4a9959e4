// The engine's own files and streams, which only the attenuator calls.
#pragma once
#include "canonical.h"

#define PREOPENS WASI("filesystem/preopens")
#define TYPES WASI("filesystem/types")
#define STREAMS WASI("io/streams")

// Positions in the enumerations of wasi:filesystem/types.
// clang-format off
enum error_code {
    INVALID = 12, IO = 13, IS_DIRECTORY = 14, NO_ENTRY = 20, INSUFFICIENT_MEMORY = 22, INSUFFICIENT_SPACE = 23,
    NOT_PERMITTED = 31
};
// clang-format on
enum descriptor_type { DIRECTORY = 3 };
enum open_flags { CREATE = 1, FOLDER_ALONE = 2, TRUNCATE = 8 };
enum descriptor_flags { READ = 1, WRITE = 2, MUTATE_DIRECTORY = 32 };
// Paths are never opened through symbolic links, whatever the guest asks for.
enum path_flags { FOLLOW_NOTHING = 0 };

// result<T, error-code>, for each T.
// clang-format off
struct done { u8 failed, error; };
struct opened { u8 failed; union { u32 index; u8 error; }; };
struct byte { u8 failed; union { u8 value; u8 error; }; };
struct count { u8 failed; union { u64 value; u8 error; }; };
struct hash { u8 failed; union { u64 value[2]; u8 error; }; };
struct content { u8 failed; union { struct { u8 *start; u32 count; bool ended; }; u8 error; }; };
struct time { u8 present; u64 seconds; u32 nanoseconds; };
struct attributes {
    u8 failed;
    union { struct { u8 type; u64 links, size; struct time times[3]; }; u8 error; };
};
struct entry { u8 failed; union { struct { u8 present, gap[3], type; struct text name; }; u8 error; }; };
// result<_, stream-error>
struct streamed { u8 failed; struct { u8 closed; u32 error; }; };
// tuple<descriptor, string>
struct folder { u32 native; struct text name; };
// clang-format on
static_assert(sizeof(struct attributes) == 104 && sizeof(struct entry) == 20, "as the canonical ABI has it");
static_assert(sizeof(struct content) == 16 && sizeof(struct streamed) == 12, "as the canonical ABI has it");

#define METHOD(name) IMPORT(TYPES, "[method]descriptor." name)
METHOD("read-via-stream") void native_read_stream(u32, u64 offset, struct opened *);
METHOD("write-via-stream") void native_write_stream(u32, u64 offset, struct opened *);
METHOD("append-via-stream") void native_append_stream(u32, struct opened *);
METHOD("get-flags") void native_flags(u32, struct byte *);
METHOD("get-type") void native_type(u32, struct byte *);
METHOD("set-size") void native_set_size(u32, u64 size, struct done *);
METHOD("read") void native_read(u32, u64 count, u64 offset, struct content *);
METHOD("write") void native_write(u32, const void *, u32, u64 offset, struct count *);
METHOD("read-directory") void native_entries(u32, struct opened *);
METHOD("create-directory-at") void native_create_directory(u32, const char *, u32, struct done *);
METHOD("stat") void native_attributes(u32, struct attributes *);
METHOD("stat-at") void native_attributes_at(u32, u32 path_flags, const char *, u32, struct attributes *);
METHOD("open-at")
void native_open(u32, u32 path_flags, const char *, u32, u32 open_flags, u32 flags, struct opened *);
METHOD("remove-directory-at") void native_remove_directory(u32, const char *, u32, struct done *);
METHOD("rename-at") void native_rename(u32, const char *, u32, u32 folder, const char *, u32, struct done *);
METHOD("unlink-file-at") void native_unlink(u32, const char *, u32, struct done *);
#undef METHOD

IMPORT(TYPES, "[method]directory-entry-stream.read-directory-entry") void native_entry(u32, struct entry *);
IMPORT(TYPES, "[resource-drop]directory-entry-stream") void native_drop_entries(u32);
IMPORT(TYPES, "[resource-drop]descriptor") void native_drop(u32);
IMPORT(TYPES, "filesystem-error-code") void native_error_code(u32 error, u8 code[2]);
IMPORT(PREOPENS, "get-directories") void native_folders(struct list *);
IMPORT(STREAMS, "[method]output-stream.blocking-write-and-flush")
void native_write_and_flush(u32, const void *, u32, struct streamed *);
IMPORT(WASI("cli/exit"), "exit") void native_exit(u32 failed);
IMPORT(WASI("io/error"), "[resource-drop]error") void native_drop_error(u32);
