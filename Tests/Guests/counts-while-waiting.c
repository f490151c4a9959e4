// expect: ok
//
// The engine reads and writes files on threads of its own. Looking until one is done must take the same looks in
// each run, or the count would be a clock: here it is always one, and a poll finds every stream ready.
#include "guest.h"

#define POLL WASI("io/poll")
IMPORT(STREAMS, "[method]input-stream.subscribe") u32 subscribe_input(u32);
IMPORT(STREAMS, "[method]input-stream.read") void stream_read_ready(u32, u64, struct stream_content *);
IMPORT(STREAMS, "[method]output-stream.subscribe") u32 subscribe_output(u32);
IMPORT(POLL, "[method]pollable.ready") bool is_ready(u32);
IMPORT(POLL, "[resource-drop]pollable") void drop_pollable(u32);
IMPORT(POLL, "poll") void poll(const u32 *, u32, struct list *);
IMPORT(WASI("clocks/monotonic-clock"), "subscribe-duration") u32 after_duration(u64);

static const u8 content[65536];  // as much as a stream takes at once

RUN {
    struct opened large = open_path(folder_named(TEXT("/data")), TEXT("large.bin"), 0, READ), stream;
    REQUIRE(!large.failed);
    native_read_stream(large.index, 0, &stream);
    for (u32 i = 0; i < 100; i++) {
        struct stream_content read;
        stream_read_ready(stream.index, 65536, &read);
        REQUIRE(!read.failed && !read.content.count);
        u32 pollable = subscribe_input(stream.index);
        REQUIRE(is_ready(pollable));
        drop_pollable(pollable);
        stream_read_ready(stream.index, 65536, &read);
        REQUIRE(!read.failed && read.content.count == 65536);
        heap_clear();
    }

    struct opened mine = open_path(folder_named(TEXT("/output")), TEXT("mine"), CREATE, WRITE), output;
    REQUIRE(!mine.failed);
    native_write_stream(mine.index, 0, &output);
    for (u32 i = 0; i < 100; i++) {
        struct stream_room room;
        stream_room(output.index, &room);
        REQUIRE(!room.failed && room.count == sizeof content);
        struct streamed written;
        stream_write(output.index, content, sizeof content, &written);
        REQUIRE(!written.failed);
        u32 all[] = {after_duration(1000000000), subscribe_output(output.index), subscribe_input(stream.index)};
        struct list ready;
        poll(all, 3, &ready);
        // The timer is not due, and nobody waited for it.
        REQUIRE(ready.count == 2 && ((u32 *)ready.start)[0] == 1 && ((u32 *)ready.start)[1] == 2);
        for (u32 j = 0; j < 3; j++) drop_pollable(all[j]);
        heap_clear();
    }
    return 0;
}
