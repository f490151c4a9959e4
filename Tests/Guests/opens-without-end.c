// expect: ok
//
// 1,024 descriptors are the most. One more is an error that leaves no trace, and each that is dropped is free
// again. Two are open from the start.
#include "guest.h"

static u32 opened[1024];

RUN {
    u32 data = folder_named(TEXT("/data")), output = folder_named(TEXT("/output"));
    native_drop(data);
    data = folder_named(TEXT("/data"));
    u32 count = 0;
    for (;; count++) {
        struct opened file = open_path(data, TEXT("patients.csv"), 0, READ);
        if (file.failed) {
            REQUIRE(file.error == INSUFFICIENT_MEMORY);
            break;
        }
        REQUIRE(count < 1024);
        opened[count] = file.index;
    }
    REQUIRE(count == 1024 - 2);
    struct opened created = open_path(output, TEXT("trace"), CREATE, WRITE);
    REQUIRE(created.failed && created.error == INSUFFICIENT_MEMORY);
    struct attributes attributes;
    native_attributes_at(output, 0, TEXT("trace"), &attributes);
    REQUIRE(attributes.failed && attributes.error == NO_ENTRY);

    // Whole files do not need a place of the table.
    struct file_answer answer;
    files_read(TEXT("/data/patients.csv"), &answer);
    REQUIRE(!answer.failed);

    for (u32 i = 0; i < count; i += 3) native_drop(opened[i]);
    for (u32 i = 0; i < count; i += 3) {
        struct opened file = open_path(data, TEXT("patients.csv"), 0, READ);
        REQUIRE(!file.failed);
        opened[i] = file.index;
    }
    REQUIRE(open_path(data, TEXT("patients.csv"), 0, READ).failed);
    for (u32 i = 0; i < count; i++) {
        native_attributes(opened[i], &attributes);
        REQUIRE(!attributes.failed && attributes.size == 5);
        native_drop(opened[i]);
    }
    for (u32 i = 0; i < 20000; i++) {
        struct opened file = open_path(data, TEXT("patients.csv"), 0, READ);
        REQUIRE(!file.failed);
        native_drop(file.index);
    }
    return 0;
}
