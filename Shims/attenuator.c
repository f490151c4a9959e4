// What one participant's component sees of files: the engine's own, without times, identities or links.
//
// A guest's descriptor is a slot in this table. Streams are not wrapped: they are the engine's, so bulk data
// never passes here.
#include "host.h"

enum { slots = 1024, cursors = 64, longest_name = 255, piece = 1 << 20 };

struct slot { u32 native; u32 used; u64 hash[2]; };
static struct slot table[slots];

// MARK: Identity

// A file is known by its path in the guest: never by what the host's file system calls it.
static void hash_segment(u64 hash[2], const char *start, u32 count) {
    for (u32 i = 0; i <= count; i++) {
        u8 byte = i < count ? (u8)start[i] : '/';
        hash[0] = (hash[0] ^ byte) * 0x100000001b3ull;
        hash[1] = (hash[1] + byte + 1) * 0x9e3779b97f4a7c15ull;
        hash[1] ^= hash[1] >> 29;
    }
}

// Adds a relative path to a hash. Refuses what would leave the directory, so that a path has one spelling.
static int hash_path(u64 hash[2], const char *path, u32 count) {
    if (count && path[0] == '/') return 0;
    for (u32 start = 0; start < count;) {
        u32 end = start;
        while (end < count && path[end] != '/') end++;
        u32 length = end - start;
        if (length == 2 && path[start] == '.' && path[start + 1] == '.') return 0;
        if (length > 1 || (length == 1 && path[start] != '.')) hash_segment(hash, path + start, length);
        start = end + 1;
    }
    return 1;
}

// MARK: The table

IMPORT("[export]" TYPES, "[resource-new]descriptor") u32 new_descriptor(u32 rep);

// Takes over a native handle. Answers the guest's handle, or 0 when the table is full: handles begin at 1.
static u32 adopt(u32 native, const u64 hash[2]) {
    for (u32 i = 0; i < slots; i++) {
        if (table[i].used) continue;
        table[i] = (struct slot){native, 1, {hash[0], hash[1]}};
        return new_descriptor(i);
    }
    host_drop(native);
    return 0;
}

// The engine passes only what `adopt` gave; a rep outside would be its fault, and stops everything.
static struct slot *at(u32 rep) {
    if (rep >= slots || !table[rep].used) __builtin_trap();
    return &table[rep];
}

EXPORT(TYPES "#[dtor]descriptor") void descriptor_dropped(u32 rep) {
    host_drop(at(rep)->native);
    table[rep].used = 0;
}

// MARK: Answers

static union {
    u8 bytes[9];
    struct none_result none;
    struct handle_result handle;
    struct byte_result byte;
    struct count_result count;
    struct read_result read;
    struct stat_result stat;
    struct hash_result hash;
    struct entry_result entry;
    struct list list;
    u8 option[2];
} answer;

// A result's payload lies at its alignment, which is 1, 4 or 8.
static void *refuse(u8 error) {
    answer.bytes[0] = 1;
    answer.bytes[1] = answer.bytes[4] = answer.bytes[8] = error;
    forget();
    return &answer;
}

// Answers that hold no address leave the heap at once.
static void *settled(void) {
    forget();
    return &answer;
}

#define SELF(name, parameters) \
    EXPORT(TYPES "#[method]descriptor." name) void *parameters

// MARK: Content

SELF("read-via-stream", read_via_stream(u32 self, u64 offset)) {
    host_read_stream(at(self)->native, offset, &answer.handle);
    return settled();
}
SELF("write-via-stream", write_via_stream(u32 self, u64 offset)) {
    host_write_stream(at(self)->native, offset, &answer.handle);
    return settled();
}
SELF("append-via-stream", append_via_stream(u32 self)) {
    host_append_stream(at(self)->native, &answer.handle);
    return settled();
}
SELF("read", read(u32 self, u64 count, u64 offset)) {
    host_read(at(self)->native, count < piece ? count : piece, offset, &answer.read);
    return &answer;
}
EXPORT("cabi_post_" TYPES "#[method]descriptor.read") void read_done(void *result) { (void)result, forget(); }
SELF("write", write(u32 self, const void *start, u32 count, u64 offset)) {
    host_write(at(self)->native, start, count, offset, &answer.count);
    return settled();
}
SELF("set-size", set_size(u32 self, u64 size)) {
    host_set_size(at(self)->native, size, &answer.none);
    return settled();
}
SELF("advise", advise(u32 self, u64 offset, u64 count, u32 advice)) {
    host_advise(at(self)->native, offset, count, advice, &answer.none);
    return settled();
}
SELF("sync-data", sync_data(u32 self)) {
    host_sync_data(at(self)->native, &answer.none);
    return settled();
}
SELF("sync", sync_all(u32 self)) {
    host_sync(at(self)->native, &answer.none);
    return settled();
}
SELF("get-flags", get_flags(u32 self)) {
    host_flags(at(self)->native, &answer.byte);
    return settled();
}
SELF("get-type", get_type(u32 self)) {
    host_type(at(self)->native, &answer.byte);
    return settled();
}

// MARK: Attributes

// Type and size are the file's own; times, link counts and a directory's size are the host's affair.
static void *attenuated(void) {
    if (!answer.stat.failed) {
        answer.stat.links = 1;
        if (answer.stat.type == DIRECTORY) answer.stat.size = 0;
        for (u32 i = 0; i < 3; i++) answer.stat.times[i] = (struct moment){0};
    }
    return settled();
}
SELF("stat", stat(u32 self)) {
    host_stat(at(self)->native, &answer.stat);
    return attenuated();
}
SELF("stat-at", stat_at(u32 self, u32 flags, const char *path, u32 count)) {
    u64 hash[2] = {0, 0};
    (void)flags;
    if (!hash_path(hash, path, count)) return refuse(NOT_PERMITTED);
    host_stat_at(at(self)->native, 0, path, count, &answer.stat);
    return attenuated();
}
SELF("metadata-hash", metadata_hash(u32 self)) {
    struct slot *slot = at(self);
    answer.hash = (struct hash_result){0, {.hash = {slot->hash[0], slot->hash[1]}}};
    return settled();
}
SELF("metadata-hash-at", metadata_hash_at(u32 self, u32 flags, const char *path, u32 count)) {
    u64 hash[2] = {at(self)->hash[0], at(self)->hash[1]};
    (void)flags;
    if (!hash_path(hash, path, count)) return refuse(NOT_PERMITTED);
    host_stat_at(at(self)->native, 0, path, count, &answer.stat);
    if (answer.stat.failed) return refuse(answer.stat.error);
    answer.hash = (struct hash_result){0, {.hash = {hash[0], hash[1]}}};
    return settled();
}
EXPORT(TYPES "#[method]descriptor.is-same-object") u32 is_same_object(u32 self, u32 other) {
    struct slot *left = at(self), *right = at(other);
    return left->hash[0] == right->hash[0] && left->hash[1] == right->hash[1];
}
SELF("set-times", set_times(u32 self, u32 a, u64 b, u32 c, u32 d, u64 e, u32 f)) {
    (void)self, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
    return refuse(NOT_PERMITTED);
}
SELF("set-times-at", set_times_at(u32 self, u32 flags, const char *path, u32 count, u32 a, u64 b, u32 c, u32 d,
    u64 e, u32 f)) {
    (void)self, (void)flags, (void)path, (void)count, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
    return refuse(NOT_PERMITTED);
}

// MARK: Names

SELF("open-at", open_at(u32 self, u32 path_flags, const char *path, u32 count, u32 open_flags, u32 flags)) {
    u64 hash[2] = {at(self)->hash[0], at(self)->hash[1]};
    (void)path_flags;
    if (!hash_path(hash, path, count)) return refuse(NOT_PERMITTED);
    host_open_at(at(self)->native, 0, path, count, open_flags, flags, &answer.handle);
    if (answer.handle.failed) return settled();
    u32 handle = adopt(answer.handle.handle, hash);
    if (!handle) return refuse(INSUFFICIENT_MEMORY);
    answer.handle = (struct handle_result){0, {.handle = handle}};
    return settled();
}
SELF("create-directory-at", create_directory_at(u32 self, const char *path, u32 count)) {
    host_create_directory(at(self)->native, path, count, &answer.none);
    return settled();
}
SELF("remove-directory-at", remove_directory_at(u32 self, const char *path, u32 count)) {
    host_remove_directory(at(self)->native, path, count, &answer.none);
    return settled();
}
SELF("unlink-file-at", unlink_file_at(u32 self, const char *path, u32 count)) {
    host_unlink(at(self)->native, path, count, &answer.none);
    return settled();
}
SELF("rename-at", rename_at(u32 self, const char *from, u32 from_count, u32 other, const char *to, u32 to_count)) {
    host_rename(at(self)->native, from, from_count, at(other)->native, to, to_count, &answer.none);
    return settled();
}
SELF("link-at", link_at(u32 self, u32 flags, const char *from, u32 from_count, u32 other, const char *to,
    u32 to_count)) {
    (void)self, (void)flags, (void)from, (void)from_count, (void)other, (void)to, (void)to_count;
    return refuse(NOT_PERMITTED);
}
SELF("symlink-at", symlink_at(u32 self, const char *from, u32 from_count, const char *to, u32 to_count)) {
    (void)self, (void)from, (void)from_count, (void)to, (void)to_count;
    return refuse(NOT_PERMITTED);
}
// No link can exist, so nothing can be one.
SELF("readlink-at", readlink_at(u32 self, const char *path, u32 count)) {
    (void)self, (void)path, (void)count;
    return refuse(INVALID);
}

// MARK: Directories

// Entries come in the order of their names, the only one that does not depend on the host. A cursor holds the
// last name and looks for the next one: slow in large directories, and bounded in memory whatever they hold.
struct cursor { u32 native, used, started, count; char last[longest_name]; };
static struct cursor open_cursors[cursors];

IMPORT("[export]" TYPES, "[resource-new]directory-entry-stream") u32 new_cursor(u32 rep);

static struct cursor *cursor_at(u32 rep) {
    if (rep >= cursors || !open_cursors[rep].used) __builtin_trap();
    return &open_cursors[rep];
}

EXPORT(TYPES "#[dtor]directory-entry-stream") void cursor_dropped(u32 rep) {
    host_drop(cursor_at(rep)->native);
    open_cursors[rep].used = 0;
}

SELF("read-directory", read_directory(u32 self)) {
    u32 rep = 0;
    while (rep < cursors && open_cursors[rep].used) rep++;
    if (rep == cursors) return refuse(INSUFFICIENT_MEMORY);
    host_open_at(at(self)->native, 0, ".", 1, OPEN_DIRECTORY, FLAG_READ, &answer.handle);
    if (answer.handle.failed) return settled();
    open_cursors[rep].native = answer.handle.handle;
    open_cursors[rep].used = 1, open_cursors[rep].started = 0, open_cursors[rep].count = 0;
    answer.handle = (struct handle_result){0, {.handle = new_cursor(rep)}};
    return settled();
}

static int precedes(const char *left, u32 left_count, const char *right, u32 right_count) {
    u32 common = left_count < right_count ? left_count : right_count;
    int order = __builtin_memcmp(left, right, common);
    return order ? order < 0 : left_count < right_count;
}

EXPORT(TYPES "#[method]directory-entry-stream.read-directory-entry") void *read_directory_entry(u32 self) {
    static char next[longest_name];
    struct cursor *cursor = cursor_at(self);
    struct entry_result entry;
    u32 next_count = 0, found = 0;
    u8 type = 0;
    host_entries(cursor->native, &answer.handle);
    if (answer.handle.failed) return refuse(answer.handle.error);
    u32 stream = answer.handle.handle;
    for (;; forget()) {
        host_entry(stream, &entry);
        if (entry.failed || !entry.present) break;
        struct string name = entry.name;
        if (name.count > longest_name) continue;
        if (cursor->started && !precedes(cursor->last, cursor->count, name.start, name.count)) continue;
        if (found && !precedes(name.start, name.count, next, next_count)) continue;
        __builtin_memcpy(next, name.start, name.count);
        next_count = name.count, type = entry.type, found = 1;
    }
    host_drop_entries(stream);
    forget();
    if (entry.failed) return refuse(entry.error);
    answer.entry = (struct entry_result){0};
    if (!found) return &answer;
    __builtin_memcpy(cursor->last, next, next_count);
    cursor->count = next_count, cursor->started = 1;
    answer.entry.present = 1, answer.entry.type = type;
    answer.entry.name = (struct string){cursor->last, next_count};
    return &answer;
}

// MARK: Preopens, and the error of a stream

EXPORT(PREOPENS "#get-directories") void *get_directories(void) {
    struct list own = own_preopens();
    struct preopen *entries = own.start;
    u32 kept = 0;
    for (u32 i = 0; i < own.count; i++) {
        struct string name = entries[i].name;
        u64 hash[2] = {0, 0};
        if (!name.count || name.start[0] != '/') { host_drop(entries[i].handle); continue; }
        hash_path(hash, name.start + 1, name.count - 1);
        u32 handle = adopt(entries[i].handle, hash);
        if (handle) entries[kept++] = (struct preopen){handle, name};
    }
    answer.list = (struct list){entries, kept};
    return &answer;
}
EXPORT("cabi_post_" PREOPENS "#get-directories") void get_directories_done(void *result) { (void)result, forget(); }

EXPORT(TYPES "#filesystem-error-code") void *filesystem_error_code(u32 error) {
    host_error_code(error, answer.option);
    host_drop_error(error);
    return settled();
}
