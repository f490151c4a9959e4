// expect: ok
//
// Names come in one order, whatever the order of making. A folder of too many bytes of names
// gives an error and not a part; so does a ninth listing at once. There cannot be too many names in one.
#include "guest.h"

static u32 make(u32 folder, u32 number, u32 count) {
    static char name[250];
    for (u32 i = 0; i < sizeof name; i++) name[i] = 'x';
    for (u32 i = 0, rest = number; i < 4; i++, rest /= 10) name[3 - i] = (char)('0' + rest % 10);
    struct opened file = open_path(folder, name, count, CREATE, WRITE);
    REQUIRE(!file.failed);
    native_drop(file.index);
    return 0;
}

static u32 make_folder(u32 output, const char *name, u32 count) {
    struct done done;
    native_create_directory(output, name, count, &done);
    struct opened folder = open_path(output, name, count, 0, READ);
    if (done.failed || folder.failed) __builtin_trap();
    return folder.index;
}

static u32 is_sorted(u32 listing, u32 count) {
    char last[4] = {};
    for (u32 i = 0; i < count; i++) {
        struct entry entry;
        native_entry(listing, &entry);
        REQUIRE(!entry.failed && entry.present && entry.name.count == 4 && entry.type == 6);
        REQUIRE(i == 0 || !is_equal(last, 4, entry.name.start, 4));
        for (u32 j = 0; j < 4 && i > 0 && last[j] >= entry.name.start[j]; j++) REQUIRE(last[j] == entry.name.start[j]);
        for (u32 j = 0; j < 4; j++) last[j] = entry.name.start[j];
        heap_clear();
    }
    struct entry end;
    for (u32 i = 0; i < 2; i++) {
        native_entry(listing, &end);
        REQUIRE(!end.failed && !end.present);
    }
    return 0;
}

RUN {
    u32 output = folder_named(TEXT("/tmp")), many = make_folder(output, TEXT("many"));
    for (u32 i = 0; i < 700; i++)
        if (make(many, i * 389 % 700, 4)) return 1;
    struct opened listing;
    native_entries(many, &listing);
    REQUIRE(!listing.failed && !is_sorted(listing.index, 700));
    native_drop_entries(listing.index);

    u32 wide = make_folder(output, TEXT("wide"));
    for (u32 i = 0; i < 263; i++)
        if (make(wide, i, 250)) return 1;
    native_entries(wide, &listing);
    REQUIRE(listing.failed && listing.error == INSUFFICIENT_MEMORY);

    struct opened listings[9];
    for (u32 i = 0; i < 9; i++) native_entries(output, &listings[i]);
    REQUIRE(!listings[7].failed && listings[8].failed && listings[8].error == INSUFFICIENT_MEMORY);
    native_drop_entries(listings[3].index);
    native_entries(output, &listings[3]);
    REQUIRE(!listings[3].failed);
    struct entry entry;
    native_entry(listings[3].index, &entry);
    REQUIRE(entry.present && entry.type == DIRECTORY && is_equal(entry.name.start, entry.name.count, TEXT("many")));

    struct opened file = open_path(many, TEXT("0007"), 0, READ);
    REQUIRE(!file.failed);
    native_entries(file.index, &listing);
    REQUIRE(listing.failed);
    return 0;
}
