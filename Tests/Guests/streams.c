// expect: ok
//
// Streams are the engine's own, in both directions, and their errors find their codes through the shim.
#include "guest.h"

IMPORT(TYPES, "filesystem-error-code") void code_of(u32 error, u8 code[2]);

static u8 written[3 << 20];

static u32 write_all(u32 stream) {
    for (u32 done = 0; done < sizeof written;) {
        struct stream_room room;
        stream_room(stream, &room);
        REQUIRE(!room.failed);
        struct streamed answer;
        u32 rest = sizeof written - done, count = room.count < rest ? (u32)room.count : rest;
        if (count) stream_write(stream, written + done, count, &answer);
        else stream_flush(stream, &answer);
        REQUIRE(!answer.failed);
        done += count;
    }
    struct streamed answer;
    stream_flush(stream, &answer);
    REQUIRE(!answer.failed);
    return 0;
}

RUN {
    for (u32 i = 0; i < sizeof written; i++) written[i] = (u8)(i * 2654435761u >> 24);
    u32 output = folder_named(TEXT("/output"));
    struct opened file = open_path(output, TEXT("mine"), CREATE, READ | WRITE), stream;
    REQUIRE(!file.failed);
    native_write_stream(file.index, 0, &stream);
    REQUIRE(!stream.failed && !write_all(stream.index));
    stream_drop_output(stream.index);

    // The file is closed before its stream is read: a stream holds the file itself.
    native_read_stream(file.index, 1, &stream);
    native_drop(file.index);
    REQUIRE(!stream.failed);
    u32 read = 1;
    for (;;) {
        struct stream_content answer;
        stream_read(stream.index, 1 << 20, &answer);
        if (answer.failed) {
            REQUIRE(answer.closed);
            break;
        }
        for (u32 i = 0; i < answer.content.count; i++) REQUIRE(answer.content.start[i] == written[read + i]);
        read += answer.content.count;
        heap_clear();
    }
    REQUIRE(read == sizeof written);
    stream_drop_input(stream.index);

    file = open_path(output, TEXT("mine"), 0, WRITE);
    REQUIRE(!file.failed);
    native_append_stream(file.index, &stream);
    struct streamed appended;
    native_write_and_flush(stream.index, TEXT("end"), &appended);
    REQUIRE(!appended.failed);
    struct attributes attributes;
    native_attributes(file.index, &attributes);
    REQUIRE(!attributes.failed && attributes.size == sizeof written + 3);

    // It was opened for writing alone, which its stream finds out.
    native_read_stream(file.index, 0, &stream);
    REQUIRE(!stream.failed);
    struct stream_content refused;
    stream_read(stream.index, 1, &refused);
    REQUIRE(refused.failed && !refused.closed);
    u8 code[2];
    code_of(refused.error, code);
    REQUIRE(code[0] && code[1] == 3);
    native_drop_error(refused.error);
    return 0;
}
