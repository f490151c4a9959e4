// Files and folders as a guest sees them: the engine's own, without times, host identity or links.
//
// A guest's descriptor is a slot of this table over a native one. Streams are not wrapped: a guest gets the
// engine's, so bulk data never passes here.
#include "attenuator.h"

struct slot {
    u32 native;
    u32 next;         // in the chain of free slots, counted from one
    u64 identity[2];  // of the path, see `descend`
    bool in_use, writable;
    enum place place;
};
enum { slot_count = 1024 };
static struct slot slots[slot_count];
static u32 first_free, untouched;  // the chain's head, counted from one; the first slot that never was in use

IMPORT("[export]" TYPES, "[resource-new]descriptor") u32 new_descriptor(u32 slot);

static bool is_full(void) { return !first_free && untouched == slot_count; }

// Takes over a native descriptor and answers the guest's. The table must not be full.
static u32 adopt(u32 native, const u64 identity[2], enum place place, bool writable) {
    u32 index = first_free ? first_free - 1 : untouched++;
    if (index >= slot_count) __builtin_trap();
    if (first_free) first_free = slots[index].next;
    slots[index] = (struct slot){native, 0, {identity[0], identity[1]}, true, writable, place};
    return new_descriptor(index);
}

// The engine passes on only what `new_descriptor` got. If it ever did otherwise, nothing goes on.
static struct slot *slot_of(u32 index) {
    if (index >= slot_count || !slots[index].in_use) __builtin_trap();
    return &slots[index];
}

EXPORT(TYPES "#[dtor]descriptor") void descriptor_dropped(u32 self) {
    struct slot *slot = slot_of(self);
    native_drop(slot->native);
    slot->in_use = false;
    slot->next = first_free;
    first_free = self + 1;
}

// MARK: Identity

// A file is known by its path below the guest's root and by nothing of the host's: no inode, no device.
// This is FNV-1a twice, from different starts. A guest that finds a collision confuses itself alone.
static const u64 root_identity[2] = {0xcbf29ce484222325, 0x9ae16a3b2f90404f};

static void add(u64 identity[2], char byte) {
    for (u32 lane = 0; lane < 2; lane++) identity[lane] = (identity[lane] ^ (u8)byte) * 0x100000001b3;
}

// Goes from a folder's identity to that of a path below it, which is resolved.
static void descend(u64 identity[2], const char *path, u32 count) {
    for (u32 start = 0, end; start < count; start = end + 1) {
        for (end = start; end < count && path[end] != '/'; end++) continue;
        if (end == start || (end - start == 1 && path[start] == '.')) continue;  // `.` alone, or a stroke at the end
        add(identity, '/');
        for (u32 i = start; i < end; i++) add(identity, path[i]);
    }
}

// MARK: Answers

// One call is answered before the next begins.
static union {
    struct done done;
    struct opened opened;
    struct byte byte;
    struct count count;
    struct content content;
    struct attributes attributes;
    struct hash hash;
    struct folders folders;
    u8 code[2];
} answer;

static void *answered(void) {
    heap_clear();
    return &answer;
}

// An error lies where the alignment of the result's other case puts it: at byte 1, 4 or 8.
static void *refuse(u8 error) {
    answer.done = (struct done){true, error};
    answer.opened.error = error;
    answer.count.error = error;
    return answered();
}

static void *succeed(void) {
    answer.done = (struct done){};
    return answered();
}

#define METHOD(name) EXPORT(TYPES "#[method]descriptor." name) void *

// MARK: Content

METHOD("read-via-stream") read_via_stream(u32 self, u64 offset) {
    native_read_stream(slot_of(self)->native, offset, &answer.opened);
    return answered();
}

METHOD("write-via-stream") write_via_stream(u32 self, u64 offset) {
    if (!slot_of(self)->writable) return refuse(NOT_PERMITTED);
    native_write_stream(slot_of(self)->native, offset, &answer.opened);
    return answered();
}

METHOD("append-via-stream") append_via_stream(u32 self) {
    if (!slot_of(self)->writable) return refuse(NOT_PERMITTED);
    native_append_stream(slot_of(self)->native, &answer.opened);
    return answered();
}

// As much at a time as the engine reads at most; more would have to fit in this memory.
enum { most_read = 65536 };

METHOD("read") read_content(u32 self, u64 count, u64 offset) {
    native_read(slot_of(self)->native, count < most_read ? count : most_read, offset, &answer.content);
    return &answer;
}
AFTER(TYPES "#[method]descriptor.read") void after_read(void *) { heap_clear(); }

METHOD("write") write_content(u32 self, const void *content, u32 count, u64 offset) {
    if (!slot_of(self)->writable) return refuse(NOT_PERMITTED);
    native_write(slot_of(self)->native, content, count, offset, &answer.count);
    return answered();
}

METHOD("set-size") set_size(u32 self, u64 size) {
    if (!slot_of(self)->writable) return refuse(NOT_PERMITTED);
    native_set_size(slot_of(self)->native, size, &answer.done);
    return answered();
}

// Nothing here outlives the run, and all of it is in memory.
METHOD("sync") sync_all(u32) { return succeed(); }
METHOD("sync-data") sync_data(u32) { return succeed(); }
METHOD("advise") advise(u32, u64, u64, u32) { return succeed(); }

// MARK: Attributes

METHOD("get-flags") get_flags(u32 self) {
    native_flags(slot_of(self)->native, &answer.byte);
    return answered();
}

METHOD("get-type") get_type(u32 self) {
    native_type(slot_of(self)->native, &answer.byte);
    return answered();
}

// What remains of attributes is the type, and a file's size. A folder's size depends on the host's file system.
static void *answered_without_host(void) {
    if (!answer.attributes.failed) {
        if (answer.attributes.type == DIRECTORY) answer.attributes.size = 0;
        answer.attributes.links = 1;
        for (u32 i = 0; i < 3; i++) answer.attributes.times[i] = (struct time){};
    }
    return answered();
}

METHOD("stat") stat(u32 self) {
    native_attributes(slot_of(self)->native, &answer.attributes);
    return answered_without_host();
}

METHOD("stat-at") stat_at(u32 self, u32, char *path, u32 count) {
    if (!resolve(path, &count)) return refuse(NOT_PERMITTED);
    native_attributes_at(slot_of(self)->native, FOLLOW_NOTHING, path, count, &answer.attributes);
    return answered_without_host();
}

METHOD("metadata-hash") metadata_hash(u32 self) {
    struct slot *slot = slot_of(self);
    answer.hash = (struct hash){false, {.value = {slot->identity[0], slot->identity[1]}}};
    return answered();
}

METHOD("metadata-hash-at") metadata_hash_at(u32 self, u32, char *path, u32 count) {
    struct slot below = *slot_of(self);
    if (!resolve(path, &count)) return refuse(NOT_PERMITTED);
    native_attributes_at(below.native, FOLLOW_NOTHING, path, count, &answer.attributes);
    if (answer.attributes.failed) return refuse(answer.attributes.error);
    descend(below.identity, path, count);
    answer.hash = (struct hash){false, {.value = {below.identity[0], below.identity[1]}}};
    return answered();
}

EXPORT(TYPES "#[method]descriptor.is-same-object") bool is_same_object(u32 self, u32 other) {
    struct slot *one = slot_of(self), *two = slot_of(other);
    return one->identity[0] == two->identity[0] && one->identity[1] == two->identity[1];
}

static bool may_change(u32 self, char *path, u32 *count) { return slot_of(self)->writable && resolve(path, count); }

// Nobody sees a time, so setting one changes nothing. Programs that copy files do it, and fail where it fails.
METHOD("set-times") set_times(u32 self, u32, u64, u32, u32, u64, u32) {
    return slot_of(self)->writable ? succeed() : refuse(NOT_PERMITTED);
}
METHOD("set-times-at")
set_times_at(u32 self, u32, char *path, u32 count, u32, u64, u32, u32, u64, u32) {
    if (!may_change(self, path, &count)) return refuse(NOT_PERMITTED);
    native_attributes_at(slot_of(self)->native, FOLLOW_NOTHING, path, count, &answer.attributes);
    return answer.attributes.failed ? refuse(answer.attributes.error) : succeed();
}

// MARK: Paths

METHOD("open-at") open_at(u32 self, u32, char *path, u32 count, u32 open_flags, u32 flags) {
    struct slot below = *slot_of(self);
    bool changes = open_flags & (CREATE | TRUNCATE) || flags & WRITE;
    if (!resolve(path, &count) || (changes && !below.writable)) return refuse(NOT_PERMITTED);
    // First, so that what is refused has created nothing.
    if (is_full()) return refuse(INSUFFICIENT_MEMORY);
    answer.opened = open_counted(below.place, below.native, path, count, open_flags, flags);
    if (answer.opened.failed) return answered();
    descend(below.identity, path, count);
    answer.opened.index = adopt(answer.opened.index, below.identity, below.place, below.writable);
    return answered();
}

METHOD("create-directory-at") create_directory_at(u32 self, char *path, u32 count) {
    if (!may_change(self, path, &count)) return refuse(NOT_PERMITTED);
    struct slot *slot = slot_of(self);
    if (is_crowded(slot->place)) return refuse(INSUFFICIENT_SPACE);
    native_create_directory(slot->native, path, count, &answer.done);
    if (!answer.done.failed) note_made(slot->place);
    return answered();
}

METHOD("remove-directory-at") remove_directory_at(u32 self, char *path, u32 count) {
    if (!may_change(self, path, &count)) return refuse(NOT_PERMITTED);
    native_remove_directory(slot_of(self)->native, path, count, &answer.done);
    if (!answer.done.failed) note_removed(slot_of(self)->place);
    return answered();
}

METHOD("unlink-file-at") unlink_file_at(u32 self, char *path, u32 count) {
    if (!may_change(self, path, &count)) return refuse(NOT_PERMITTED);
    native_unlink(slot_of(self)->native, path, count, &answer.done);
    if (!answer.done.failed) note_removed(slot_of(self)->place);
    return answered();
}

// What is open keeps the identity of the path that it was opened by.
METHOD("rename-at") rename_at(u32 self, char *from, u32 from_count, u32 other, char *to, u32 to_count) {
    if (!may_change(self, from, &from_count) || !may_change(other, to, &to_count)) return refuse(NOT_PERMITTED);
    struct slot source = *slot_of(self), target = *slot_of(other);
    descend(source.identity, from, from_count);
    descend(target.identity, to, to_count);
    bool moves = source.identity[0] != target.identity[0] || source.identity[1] != target.identity[1];
    native_attributes_at(target.native, FOLLOW_NOTHING, to, to_count, &answer.attributes);
    bool replaces = moves && !answer.attributes.failed;
    native_rename(source.native, from, from_count, target.native, to, to_count, &answer.done);
    if (!answer.done.failed && replaces) note_removed(target.place);
    return answered();
}

// No link is ever made, so what a path names is a file or a folder, and has no other path.
METHOD("link-at") link_at(u32, u32, const char *, u32, u32, const char *, u32) { return refuse(NOT_PERMITTED); }
METHOD("symlink-at") symlink_at(u32, const char *, u32, const char *, u32) { return refuse(NOT_PERMITTED); }
METHOD("readlink-at") readlink_at(u32 self, char *path, u32 count) {
    if (!resolve(path, &count)) return refuse(NOT_PERMITTED);
    native_attributes_at(slot_of(self)->native, FOLLOW_NOTHING, path, count, &answer.attributes);
    return refuse(answer.attributes.failed ? answer.attributes.error : INVALID);
}

// MARK: Folders

METHOD("read-directory") read_directory(u32 self) {
    answer.opened = open_listing(slot_of(self)->native);
    return answered();
}

EXPORT(PREOPENS "#get-directories") void *get_directories(void) {
    struct folders own = take_folders();
    u32 kept = 0;
    for (u32 i = 0; i < own.count; i++) {
        struct folder folder = own.start[i];
        if (!folder.name.count || folder.name.start[0] != '/') {  // the log's
            native_drop(folder.native);
            continue;
        }
        // Without a place for it the guest would see a part and take it for all.
        if (is_full()) __builtin_trap();
        native_flags(folder.native, &answer.byte);
        bool writable = !answer.byte.failed && answer.byte.value & MUTATE_DIRECTORY;
        u64 identity[2] = {root_identity[0], root_identity[1]};
        descend(identity, folder.name.start, folder.name.count);
        own.start[kept++] =
            (struct folder){adopt(folder.native, identity, place_of(folder.name), writable), folder.name};
    }
    answer.folders = (struct folders){own.start, kept};
    return &answer;
}
AFTER(PREOPENS "#get-directories") void after_get_directories(void *) { heap_clear(); }

EXPORT(TYPES "#filesystem-error-code") void *filesystem_error_code(u32 error) {
    native_error_code(error, answer.code);
    native_drop_error(error);  // a borrowed one: the guest keeps its own
    return answered();
}
