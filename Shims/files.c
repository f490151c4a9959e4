// twocvm:guest/files: files and a log, for guests that have no WASI library.
#include "attenuator.h"

#define FILES "twocvm:guest/files"

static struct {
    u8 failed;
    union {
        struct bytes content;
        struct list names;
        struct text error;
    };
} answer;

// The names of wasi:filesystem/types error-code, in its order, each with a NUL behind it.
static const char error_names[] =
    "access\0would-block\0already\0bad-descriptor\0busy\0deadlock\0quota\0exist\0file-too-large\0"
    "illegal-byte-sequence\0in-progress\0interrupted\0invalid\0io\0is-directory\0loop\0too-many-links\0"
    "message-size\0name-too-long\0no-device\0no-entry\0no-lock\0insufficient-memory\0insufficient-space\0"
    "not-directory\0not-empty\0not-recoverable\0unsupported\0no-tty\0no-such-device\0overflow\0not-permitted\0"
    "pipe\0read-only\0invalid-seek\0text-file-busy\0cross-device";

static u32 length(const char *text) {
    u32 count = 0;
    while (text[count]) count++;
    return count;
}

static void *refuse(u8 error) {
    const char *name = error_names;
    while (error-- && name < error_names + sizeof error_names) name += length(name) + 1;
    if (name >= error_names + sizeof error_names) __builtin_trap();
    answer.failed = true;
    answer.error = (struct text){name, length(name)};
    return &answer;
}

static void *succeed(struct bytes content) {
    answer.failed = false;
    answer.content = content;
    return &answer;
}

// How much of a path names this folder and the stroke behind it, or 0 where the path is not below it.
static u32 depth_below(struct text folder, struct text path) {
    bool is_root = folder.count == 1 && folder.start[0] == '/';
    u32 depth = is_root ? 1 : folder.count + 1;
    if (!folder.count || folder.start[0] != '/' || path.count <= depth || path.start[depth - 1] != '/') return 0;
    return begins_with(path, folder.start, depth - 1) ? depth : 0;
}

static struct opened open_file(char *path, u32 path_count, u32 open_flags, u32 flags) {
    struct folders own = take_folders();
    struct opened opened = {true, {.error = NO_ENTRY}};
    u32 best = 0, depth = 0;
    for (u32 i = 0; i < own.count; i++) {
        u32 found = depth_below(own.start[i].name, (struct text){path, path_count});
        if (found > depth) best = i, depth = found;
    }
    char *rest = path + depth;
    u32 count = path_count - depth;
    if (depth && !resolve(rest, &count)) opened.error = NOT_PERMITTED;
    else if (depth) {
        struct folder folder = own.start[best];
        opened = open_counted(place_of(folder.name), folder.native, rest, count, open_flags, flags);
    }
    drop_folders(own);
    return opened;
}

enum { piece = 65536 };

static struct done failure(u8 error) { return (struct done){true, error}; }

// At most `most` bytes from `offset` on, which may lie beyond the end.
static struct done read_range(u32 file, u64 offset, u64 most, struct bytes *content) {
    struct attributes attributes;
    native_attributes(file, &attributes);
    if (attributes.failed) return failure(attributes.error);
    if (attributes.type == DIRECTORY) return failure(IS_DIRECTORY);
    u64 size = offset < attributes.size ? attributes.size - offset : 0;
    if (size > most) size = most;
    // Before the first byte: at the memory's cap this is an error, where the engine's allocation would trap.
    if (!heap_has_room(size)) return failure(INSUFFICIENT_MEMORY);
    *content = (struct bytes){heap_end(), 0};
    while (content->count < size) {
        u64 rest = size - content->count;
        struct content read;
        native_read(file, rest < piece ? rest : piece, offset + content->count, &read);
        if (read.failed) return failure(read.error);
        if (!read.count) break;
        // Bytes need no alignment, so each piece starts where the one before ended.
        if (read.start != content->start + content->count) __builtin_trap();
        content->count += read.count;
    }
    return (struct done){};
}

static void *read_file(char *path, u32 path_count, u64 offset, u64 most) {
    struct opened file = open_file(path, path_count, 0, READ);
    if (file.failed) return refuse(file.error);
    struct bytes content = {};
    struct done read = read_range(file.index, offset, most, &content);
    native_drop(file.index);
    return read.failed ? refuse(read.error) : succeed(content);
}

EXPORT(FILES "#read") void *read_whole(char *path, u32 path_count) { return read_file(path, path_count, 0, (u64)-1); }
AFTER(FILES "#read") void after_read_whole(void *) { heap_clear(); }

// As much as every shim's memory has room for, however small its component's files are to be.
enum { most_part = 1 << 20 };

EXPORT(FILES "#read-part") void *read_part(char *path, u32 path_count, u64 offset, u32 count) {
    return read_file(path, path_count, offset, count < most_part ? count : most_part);
}
AFTER(FILES "#read-part") void after_read_part(void *) { heap_clear(); }

// The folder that a path names, or is below, and how much of the path names it and the stroke behind it.
static u32 folder_of(struct folders own, struct text path, u32 *depth) {
    u32 best = own.count;
    for (u32 i = 0; i < own.count; i++) {
        struct text name = own.start[i].name;
        u32 found = depth_below(name, path), bare = path.count;
        if (bare > 2 && path.start[bare - 1] == '/') bare--;
        bool is_it = bare && bare == name.count && name.start[0] == '/' && begins_with(path, name.start, bare);
        if (is_it) found = path.count;
        if (found > *depth) best = i, *depth = found;
    }
    return best;
}

EXPORT(FILES "#list") void *list_folder(char *path, u32 path_count) {
    struct folders own = take_folders();
    u32 depth = 0, best = folder_of(own, (struct text){path, path_count}, &depth);
    bool is_root = path_count == 1 && path[0] == '/';
    char *rest = path + depth, itself[] = ".";
    u32 count = path_count - depth;
    if (!count) rest = itself, count = 1;  // a folder of the manifest's, with a stroke behind it or without
    struct opened folder = {true, {.error = NO_ENTRY}};
    if (best < own.count && !resolve(rest, &count)) folder.error = NOT_PERMITTED;
    else if (best < own.count)
        native_open(own.start[best].native, FOLLOW_NOTHING, rest, count, FOLDER_ALONE, READ, &folder);
    drop_folders(own);
    // Where nothing is mounted in `/` itself, it has the other folders all the same.
    if (folder.failed && !(is_root && best == own.count)) return refuse(folder.error);
    struct names names = list_names(is_root ? own : (struct folders){}, folder.failed ? nullptr : &folder.index);
    if (!folder.failed) native_drop(folder.index);
    if (names.error) return refuse(names.error);
    answer.failed = false;
    answer.names = names.names;
    return &answer;
}
AFTER(FILES "#list") void after_list_names(void *) { heap_clear(); }

static struct done write_whole(u32 file, struct bytes content) {
    for (u32 done = 0; done < content.count;) {
        u32 rest = content.count - done;
        struct count written;
        native_write(file, content.start + done, rest < piece ? rest : piece, done, &written);
        if (written.failed) return failure(written.error);
        if (!written.value || written.value > rest) return failure(IO);
        done += (u32)written.value;
    }
    return (struct done){};
}

EXPORT(FILES "#write") void *write_file(char *path, u32 path_count, const u8 *content, u32 count) {
    struct opened file = open_file(path, path_count, CREATE | TRUNCATE, WRITE);
    if (file.failed) return refuse(file.error);
    struct done written = write_whole(file.index, (struct bytes){content, count});
    native_drop(file.index);
    return written.failed ? refuse(written.error) : succeed((struct bytes){});
}
AFTER(FILES "#write") void after_write_whole(void *) { heap_clear(); }

enum { most_flushed = 4096 };  // as much as the engine's function takes at once

static bool flush(u32 stream, const char *start, u32 count) {
    struct streamed written;
    native_write_and_flush(stream, start, count, &written);
    if (written.failed && !written.closed) native_drop_error(written.error);
    return !written.failed;
}

// Opened once and never dropped. When it fails, as at the log's bound, what follows is lost, like beyond the bound.
EXPORT(FILES "#log") void log_line(const char *message, u32 count) {
    static struct {
        bool open;
        u32 stream;
    } log;
    if (!log.open) log.stream = open_log("stderr"), log.open = true;
    bool written = true;
    for (u32 done = 0; done < count && written; done += most_flushed)
        written = flush(log.stream, message + done, count - done < most_flushed ? count - done : most_flushed);
    if (written) flush(log.stream, "\n", 1);
    heap_clear();
}
