// expect: ok
//
// Writes down everything that it can see, for the test to compare between two runs: nothing of the host's time,
// disks or order of things may differ.
#include "guest.h"

IMPORT(WASI("clocks/monotonic-clock"), "now") u64 now(void);
struct date {
    u64 seconds;
    u32 nanoseconds;
};
IMPORT(WASI("clocks/wall-clock"), "now") void today(struct date *);
IMPORT(WASI("random/random"), "get-random-u64") u64 draw(void);

static u8 seen[65536];
static u32 count;

static void note(const void *start, u32 more) {
    if (more > sizeof seen - count) __builtin_trap();
    __builtin_memcpy(seen + count, start, more);
    count += more;
}

static void note_word(u64 word) { note(&word, sizeof word); }

static void note_attributes(struct attributes a) {
    if (a.failed) {
        note_word(a.error);
        return;
    }
    note_word(a.type), note_word(a.links), note_word(a.size);
    for (u32 i = 0; i < 3; i++) note_word(a.times[i].present);
}

static void note_path(u32 folder, const char *name, u32 name_count) {
    struct attributes attributes;
    struct hash hash;
    native_attributes_at(folder, 1, name, name_count, &attributes);
    note_attributes(attributes);
    native_hash_at(folder, 0, name, name_count, &hash);
    note_word(hash.failed ? hash.error : hash.value[0]);
    note_word(hash.failed ? hash.error : hash.value[1]);
    struct opened file = open_path(folder, name, name_count, 0, READ);
    if (file.failed) return;
    native_attributes(file.index, &attributes);
    note_attributes(attributes);
    struct byte flags, type;
    native_flags(file.index, &flags);
    native_type(file.index, &type);
    note_word(flags.failed ? flags.error : flags.value);
    note_word(type.failed ? type.error : type.value);
    native_drop(file.index);
}

static void note_folder(u32 folder) {
    struct opened listing;
    native_entries(folder, &listing);
    if (listing.failed) __builtin_trap();
    for (;;) {
        struct entry entry;
        native_entry(listing.index, &entry);
        if (entry.failed || !entry.present) break;
        note(entry.name.start, entry.name.count);
        note_word(entry.type);
        note_path(folder, entry.name.start, entry.name.count);
        note_word(now());
    }
    note_path(folder, TEXT("."));
}

RUN {
    u32 output = folder_named(TEXT("/output"));
    struct file_answer answer;
    files_write(TEXT("/output/second"), TEXT("2"), &answer);
    files_write(TEXT("/output/first"), TEXT("1"), &answer);
    note_folder(folder_named(TEXT("/data")));
    note_folder(output);
    struct date date;
    today(&date);
    note_word(date.seconds), note_word(date.nanoseconds);
    for (u32 i = 0; i < 8; i++) note_word(draw());
    files_write(TEXT("/output/mine"), seen, count, &answer);
    REQUIRE(!answer.failed);
    return 0;
}
