#include "../shared/Report.h"

#define TYPES "wasi:filesystem/types@0.2.12"
#define STREAMS "wasi:io/streams@0.2.12"

// clang-format off
struct directory { u32 handle; struct list name; };
struct handle_result { u8 failed; union { u32 handle; u8 error; }; };
struct stream_result { u8 failed; union { struct list bytes; struct { u8 error; u32 handle; }; }; };
// clang-format on

IMPORT("wasi:filesystem/preopens@0.2.12", "get-directories") void get_directories(struct list *);
IMPORT(TYPES, "[method]descriptor.open-at")
void open_at(u32 self, u32 path_flags, const char *path, u32 count, u32 open_flags, u32 flags, struct handle_result *);
IMPORT(TYPES, "[method]descriptor.read-via-stream") void read_via_stream(u32 self, u64 offset, struct handle_result *);
IMPORT(TYPES, "[resource-drop]descriptor") void drop_descriptor(u32);
IMPORT(STREAMS, "[method]input-stream.blocking-read") void blocking_read(u32 self, u64 count, struct stream_result *);
IMPORT(STREAMS, "[resource-drop]input-stream") void drop_stream(u32);

enum { chunk = 1 << 20, repeats = 4 };

// Reads the file once through a stream; returns its bytes, or 0 after an error.
static u64 read_stream(u32 directory) {
    static const char name[] = "large.bin";
    struct handle_result file, stream;
    open_at(directory, 0, name, sizeof name - 1, 0, 1, &file);
    if (file.failed) return 0;
    read_via_stream(file.handle, 0, &stream);
    if (stream.failed) return 0;
    u64 total = 0;
    for (struct stream_result piece;;) {
        blocking_read(stream.handle, chunk, &piece);
        if (piece.failed) break;
        total += piece.bytes.count;
        free(piece.bytes.start);
    }
    drop_stream(stream.handle);
    drop_descriptor(file.handle);
    return total;
}

static u64 read_file(void) {
    static const char path[] = "/data/large.bin";
    struct files_result result;
    files_read(path, sizeof path - 1, &result);
    if (result.failed) return 0;
    free(result.value.start);
    return result.value.count;
}

EXPORT("wasi:cli/run@0.2.12#run") u32 run(void) {
    struct list directories;
    get_directories(&directories);
    struct directory *all = directories.start;
    u32 data = 0;
    for (u32 i = 0; i < directories.count; i++)
        if (all[i].name.count == 5 && !__builtin_memcmp(all[i].name.start, "/data", 5)) data = all[i].handle;

    u64 bytes = 0, start = clock_now();
    for (u32 i = 0; i < repeats; i++) bytes += read_stream(data);
    if (!bytes) return 1;
    report("streamBytes", bytes);
    report("streamNanoseconds", clock_now() - start);

    bytes = 0, start = clock_now();
    for (u32 i = 0; i < repeats; i++) bytes += read_file();
    if (!bytes) return 1;
    report("fileBytes", bytes);
    report("fileNanoseconds", clock_now() - start);
    return write_report();
}
