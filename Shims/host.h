// The engine's own files and streams, as the attenuator calls them.
#pragma once
#include "abi.h"

#define PREOPENS "wasi:filesystem/preopens" V
#define TYPES "wasi:filesystem/types" V
#define STREAMS "wasi:io/streams" V

// wasi:filesystem/types error-code, by position.
enum { INVALID = 12, IO = 13, NO_ENTRY = 20, INSUFFICIENT_MEMORY = 22, NOT_PERMITTED = 31 };
// descriptor-type
enum { DIRECTORY = 3 };
// open-flags and descriptor-flags
enum { OPEN_CREATE = 1, OPEN_DIRECTORY = 2, OPEN_TRUNCATE = 8 };
enum { FLAG_READ = 1, FLAG_WRITE = 2 };

// Results, as the canonical ABI lays them out.
struct none_result { u8 failed; u8 error; };
struct handle_result { u8 failed; union { u32 handle; u8 error; }; };
struct byte_result { u8 failed; union { u8 value; u8 error; }; };
struct count_result { u8 failed; union { u64 count; u8 error; }; };
struct read_result { u8 failed; union { struct { u8 *start; u32 count; u8 end; }; u8 error; }; };
struct moment { u8 present; u64 seconds; u32 nanoseconds; };
struct stat_result {
    u8 failed;
    union {
        struct { u8 type; u64 links, size; struct moment times[3]; };
        u8 error;
    };
};
struct hash_result { u8 failed; union { u64 hash[2]; u8 error; }; };
struct entry_result {
    u8 failed;
    union { struct { u8 present, padding[3]; u8 type; struct string name; }; u8 error; };
};
struct stream_result { u8 failed; struct { u8 kind; u32 error; }; };
struct preopen { u32 handle; struct string name; };
_Static_assert(sizeof(struct stat_result) == 104 && sizeof(struct entry_result) == 20, "canonical ABI layout");
_Static_assert(sizeof(struct read_result) == 16 && sizeof(struct preopen) == 12, "canonical ABI layout");

IMPORT(PREOPENS, "get-directories") void host_preopens(struct list *);
IMPORT(TYPES, "[resource-drop]descriptor") void host_drop(u32);
IMPORT(TYPES, "[method]descriptor.open-at")
void host_open_at(u32, u32 path_flags, const char *, u32, u32 open_flags, u32 flags, struct handle_result *);
IMPORT(TYPES, "[method]descriptor.stat") void host_stat(u32, struct stat_result *);
IMPORT(TYPES, "[method]descriptor.stat-at")
void host_stat_at(u32, u32 path_flags, const char *, u32, struct stat_result *);
IMPORT(TYPES, "[method]descriptor.read") void host_read(u32, u64 count, u64 offset, struct read_result *);
IMPORT(TYPES, "[method]descriptor.write") void host_write(u32, const void *, u32, u64 offset, struct count_result *);
IMPORT(TYPES, "[method]descriptor.read-via-stream") void host_read_stream(u32, u64 offset, struct handle_result *);
IMPORT(TYPES, "[method]descriptor.write-via-stream") void host_write_stream(u32, u64 offset, struct handle_result *);
IMPORT(TYPES, "[method]descriptor.append-via-stream") void host_append_stream(u32, struct handle_result *);
IMPORT(TYPES, "[method]descriptor.advise") void host_advise(u32, u64, u64, u32 advice, struct none_result *);
IMPORT(TYPES, "[method]descriptor.sync-data") void host_sync_data(u32, struct none_result *);
IMPORT(TYPES, "[method]descriptor.sync") void host_sync(u32, struct none_result *);
IMPORT(TYPES, "[method]descriptor.get-flags") void host_flags(u32, struct byte_result *);
IMPORT(TYPES, "[method]descriptor.get-type") void host_type(u32, struct byte_result *);
IMPORT(TYPES, "[method]descriptor.set-size") void host_set_size(u32, u64, struct none_result *);
IMPORT(TYPES, "[method]descriptor.create-directory-at")
void host_create_directory(u32, const char *, u32, struct none_result *);
IMPORT(TYPES, "[method]descriptor.remove-directory-at")
void host_remove_directory(u32, const char *, u32, struct none_result *);
IMPORT(TYPES, "[method]descriptor.unlink-file-at") void host_unlink(u32, const char *, u32, struct none_result *);
IMPORT(TYPES, "[method]descriptor.rename-at")
void host_rename(u32, const char *, u32, u32 to, const char *, u32, struct none_result *);
IMPORT(TYPES, "[method]descriptor.read-directory") void host_entries(u32, struct handle_result *);
IMPORT(TYPES, "[resource-drop]directory-entry-stream") void host_drop_entries(u32);
IMPORT(TYPES, "[method]directory-entry-stream.read-directory-entry") void host_entry(u32, struct entry_result *);
IMPORT(TYPES, "filesystem-error-code") void host_error_code(u32 error, u8 answer[2]);
IMPORT(STREAMS, "[resource-drop]output-stream") void host_drop_output(u32);
IMPORT(STREAMS, "[method]output-stream.blocking-write-and-flush")
void host_write_and_flush(u32, const void *, u32, struct stream_result *);
IMPORT("wasi:io/error" V, "[resource-drop]error") void host_drop_error(u32);

/// Every preopened directory of every component, with this component's prefix removed from its own.
/// Others, whose handles were dropped, are gone from the list.
struct list own_preopens(void);

/// Drops what `own_preopens` returned.
void drop_preopens(struct list);
