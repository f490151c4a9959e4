// The rest of a component's surroundings: no environment, no arguments, no exit, and its own log.
#include "host.h"

static const u32 nothing[3];
EXPORT("wasi:cli/environment" V "#get-environment") const void *get_environment(void) { return nothing; }
EXPORT("wasi:cli/environment" V "#get-arguments") const void *get_arguments(void) { return nothing; }
EXPORT("wasi:cli/environment" V "#initial-cwd") const void *initial_cwd(void) { return nothing; }

// The engine's own `exit` would end every component's run, and could look like a clean end.
EXPORT("wasi:cli/exit" V "#exit") void exit_(u32 status) { (void)status, __builtin_trap(); }
EXPORT("wasi:cli/exit" V "#exit-with-code") void exit_with_code(u32 status) { (void)status, __builtin_trap(); }

// A stream that appends to a file of the log folder. Without that folder the composition is broken.
static u32 log_stream(const char *file) {
    struct list own = own_preopens();
    struct preopen *entries = own.start;
    struct handle_result opened = {1, {0}}, stream;
    for (u32 i = 0; i < own.count; i++)
        if (entries[i].name.count == 4 && !__builtin_memcmp(entries[i].name.start, "$log", 4))
            host_open_at(entries[i].handle, 0, file, 6, OPEN_CREATE, FLAG_WRITE, &opened);
    drop_preopens(own);
    if (opened.failed) __builtin_trap();
    host_append_stream(opened.handle, &stream);
    host_drop(opened.handle);
    if (stream.failed) __builtin_trap();
    return stream.handle;
}
EXPORT("wasi:cli/stdout" V "#get-stdout") u32 get_stdout(void) {
    u32 stream = log_stream("stdout");
    forget();
    return stream;
}
EXPORT("wasi:cli/stderr" V "#get-stderr") u32 get_stderr(void) {
    u32 stream = log_stream("stderr");
    forget();
    return stream;
}

// MARK: twocvm:guest/files

#define FILES "twocvm:guest/files"

static struct { u8 failed; union { struct list value; struct string error; }; } result;

static const char *const reasons[] = {
    "access", "would-block", "already", "bad-descriptor", "busy", "deadlock", "quota", "exist", "file-too-large",
    "illegal-byte-sequence", "in-progress", "interrupted", "invalid", "io", "is-directory", "loop",
    "too-many-links", "message-size", "name-too-long", "no-device", "no-entry", "no-lock", "insufficient-memory",
    "insufficient-space", "not-directory", "not-empty", "not-recoverable", "unsupported", "no-tty",
    "no-such-device", "overflow", "not-permitted", "pipe", "read-only", "invalid-seek", "text-file-busy",
    "cross-device"};

static void *fail(u8 code) {
    const char *reason = code < sizeof reasons / sizeof *reasons ? reasons[code] : "unknown";
    u32 count = 0;
    while (reason[count]) count++;
    result.failed = 1;
    result.error = (struct string){reason, count};
    return &result;
}

// Opens `path` below the granted directory whose name is its longest prefix. The engine keeps it inside.
static struct handle_result open_path(struct string path, u32 open_flags, u32 flags) {
    struct list own = own_preopens();
    struct preopen *entries = own.start;
    struct handle_result opened = {1, {.error = NO_ENTRY}};
    u32 best = 0, depth = 0;
    for (u32 i = 0; i < own.count; i++) {
        struct string name = entries[i].name;
        if (!name.count || name.start[0] != '/') continue;
        if (name.count == 1) name.count = 0;
        if (path.count <= name.count + 1 || path.start[name.count] != '/' || name.count + 1 <= depth) continue;
        if (__builtin_memcmp(path.start, name.start, name.count)) continue;
        best = i, depth = name.count + 1;
    }
    if (depth)
        host_open_at(entries[best].handle, 0, path.start + depth, path.count - depth, open_flags, flags, &opened);
    drop_preopens(own);
    return opened;
}

enum { piece = 1 << 20 };

EXPORT(FILES "#read") void *files_read(const char *path, u32 count) {
    struct handle_result file = open_path((struct string){path, count}, 0, FLAG_READ);
    if (file.failed) return fail(file.error);
    // The size first: a memory at its cap gives an error here, where growing would trap.
    struct stat_result status;
    host_stat(file.handle, &status);
    if (status.failed || status.size >> 32 || !grow_to(heap_top() + status.size + 65536)) {
        host_drop(file.handle);
        return fail(status.failed ? status.error : INSUFFICIENT_MEMORY);
    }
    // Bytes are lowered without alignment, so the pieces lie end to end.
    u8 *start = cabi_realloc(0, 0, 1, 0);
    u32 length = 0;
    struct read_result chunk;
    do {
        host_read(file.handle, piece, length, &chunk);
        if (chunk.failed) break;
        if (chunk.count && chunk.start != start + length) __builtin_trap();
        length += chunk.count;
    } while (!chunk.end && chunk.count && length < status.size);
    host_drop(file.handle);
    if (chunk.failed) return fail(chunk.error);
    result.failed = 0;
    result.value = (struct list){start, length};
    return &result;
}
EXPORT("cabi_post_" FILES "#read") void files_read_done(void *answer) { (void)answer, forget(); }

EXPORT(FILES "#write") void *files_write(const char *path, u32 path_count, const u8 *content, u32 count) {
    struct handle_result file =
        open_path((struct string){path, path_count}, OPEN_CREATE | OPEN_TRUNCATE, FLAG_WRITE);
    if (file.failed) return fail(file.error);
    struct count_result written = {0};
    for (u32 done = 0; done < count && !written.failed; done += (u32)written.count) {
        host_write(file.handle, content + done, count - done < piece ? count - done : piece, done, &written);
        if (!written.failed && !written.count) written = (struct count_result){1, {.error = IO}};
    }
    host_drop(file.handle);
    if (written.failed) return fail(written.error);
    result.failed = 0;
    return &result;
}
EXPORT("cabi_post_" FILES "#write") void files_write_done(void *answer) { (void)answer, forget(); }

EXPORT(FILES "#log") void files_log(const char *message, u32 count) {
    enum { most = 4096 };  // what blocking-write-and-flush takes at once
    struct stream_result written = {0};
    u32 stream = log_stream("stderr");
    for (u32 done = 0; done < count && !written.failed; done += most)
        host_write_and_flush(stream, message + done, count - done < most ? count - done : most, &written);
    if (!written.failed) host_write_and_flush(stream, "\n", 1, &written);
    if (written.failed && !written.kind) host_drop_error(written.error);
    host_drop_output(stream);
    forget();
}
