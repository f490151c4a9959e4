// expect: ok
//
// Counts, offsets and sizes at the ends of their ranges give errors, or what there is.
#include "guest.h"

RUN {
    u32 data = folder_named(TEXT("/data")), output = folder_named(TEXT("/output"));
    struct opened file = open_path(data, TEXT("patients.csv"), 0, READ);
    REQUIRE(!file.failed);
    struct content content;
    native_read(file.index, ~0ull, 0, &content);
    REQUIRE(!content.failed && content.count == 5);
    native_read(file.index, ~0ull, ~0ull, &content);
    REQUIRE(content.failed || !content.count);
    native_read(file.index, 1, 1ull << 63, &content);
    REQUIRE(content.failed || !content.count);
    native_read(file.index, 0, 0, &content);
    REQUIRE(!content.failed && !content.count);
    struct opened stream;
    native_read_stream(file.index, ~0ull, &stream);
    if (!stream.failed) {
        struct stream_content read;
        stream_read(stream.index, 1 << 20, &read);
        REQUIRE(read.failed || !read.content.count);
    }
    struct opened mine = open_path(output, TEXT("mine"), CREATE, READ | WRITE);
    REQUIRE(!mine.failed);
    struct done done;
    native_set_size(mine.index, ~0ull, &done);
    REQUIRE(done.failed);
    struct count count;
    native_write(mine.index, TEXT("x"), ~0ull, &count);
    REQUIRE(count.failed);
    native_advise(mine.index, ~0ull, ~0ull, 3, &done);
    native_read(mine.index, 1, 0, &content);
    REQUIRE(!content.failed && !content.count);
    return 0;
}
