// What is in a folder, in the order of names: the host's order would tell the host's history.
//
// A listing is taken whole when it is opened. Both its sizes are far above what a manifest can place in one
// folder; a guest that makes more files than that gets an error, not a part.
#include "attenuator.h"

enum { listing_count = 8, most_entries = 1024, most_name_bytes = 65536 };

struct name {
    u32 start;
    u8 count, type;
};  // names are 255 bytes at most
static struct listing {
    bool in_use;
    u32 count, next, name_bytes;
    struct name names[most_entries];
    char bytes[most_name_bytes];
} listings[listing_count];

IMPORT("[export]" TYPES, "[resource-new]directory-entry-stream") u32 new_listing(u32 place);

static bool precedes(const char *one, u32 one_count, const char *two, u32 two_count) {
    for (u32 i = 0; i < one_count && i < two_count; i++)
        if (one[i] != two[i]) return (u8)one[i] < (u8)two[i];
    return one_count < two_count;
}

static bool insert(struct listing *listing, struct text name, u8 type) {
    u32 room = most_name_bytes - listing->name_bytes, place = listing->count;
    if (place == most_entries || name.count > 255 || name.count > room) return false;
    for (; place; place--) {
        struct name before = listing->names[place - 1];
        if (!precedes(name.start, name.count, listing->bytes + before.start, before.count)) break;
        listing->names[place] = before;
    }
    listing->names[place] = (struct name){listing->name_bytes, (u8)name.count, type};
    __builtin_memcpy(listing->bytes + listing->name_bytes, name.start, name.count);
    listing->name_bytes += name.count;
    listing->count++;
    return true;
}

// An unused listing, emptied, or `listing_count`.
static u32 unused_listing(void) {
    u32 place = 0;
    while (place < listing_count && listings[place].in_use) place++;
    if (place < listing_count) listings[place].count = listings[place].next = listings[place].name_bytes = 0;
    return place;
}

// Adds what is in a folder. The heap is cleared.
static struct done take_entries(struct listing *listing, u32 native) {
    struct opened entries;
    native_entries(native, &entries);
    if (entries.failed) return (struct done){true, entries.error};
    struct entry entry;
    bool fits = true;
    do {
        native_entry(entries.index, &entry);
        if (!entry.failed && entry.present) fits = insert(listing, entry.name, entry.type);
        heap_clear();
    } while (fits && !entry.failed && entry.present);
    native_drop_entries(entries.index);
    if (entry.failed) return (struct done){true, entry.error};
    return fits ? (struct done){} : (struct done){true, INSUFFICIENT_MEMORY};
}

struct opened open_listing(u32 native) {
    u32 place = unused_listing();
    if (place == listing_count) return (struct opened){true, {.error = INSUFFICIENT_MEMORY}};
    struct done taken = take_entries(&listings[place], native);
    if (taken.failed) return (struct opened){true, {.error = taken.error}};
    listings[place].in_use = true;
    return (struct opened){false, {.index = new_listing(place)}};
}

struct names list_names(struct folders folders, const u32 *native) {
    u32 place = unused_listing();
    if (place == listing_count) return (struct names){INSUFFICIENT_MEMORY, {}};
    struct listing *listing = &listings[place];
    for (u32 i = 0; i < folders.count; i++) {
        struct text name = folders.start[i].name;
        if (name.count < 2 || name.start[0] != '/') continue;  // the log's, and `/` itself
        if (!insert(listing, (struct text){name.start + 1, name.count - 1}, DIRECTORY))
            return (struct names){INSUFFICIENT_MEMORY, {}};
    }
    if (native) {
        struct done taken = take_entries(listing, *native);
        if (taken.failed) return (struct names){taken.error, {}};
    }
    u64 needed = listing->count * (sizeof(struct text) + 1) + listing->name_bytes;
    if (!heap_has_room(needed + alignof(struct text))) return (struct names){INSUFFICIENT_MEMORY, {}};
    struct text *answer = heap_take(listing->count * sizeof(struct text), alignof(struct text));
    u32 count = 0;
    for (u32 i = 0; i < listing->count; i++) {
        struct name name = listing->names[i];
        const char *start = listing->bytes + name.start;
        // `/` has a mount's folder twice: as one of its own, and in the folder around it.
        struct text before = count ? answer[count - 1] : (struct text){};
        if (before.count == name.count + 1u && begins_with(before, start, name.count)) continue;
        char *copy = heap_take(name.count + 1u, 1);
        __builtin_memcpy(copy, start, name.count);
        copy[name.count] = '/';
        answer[count++] = (struct text){copy, name.count + (name.type == DIRECTORY)};
    }
    return (struct names){0, {answer, count}};
}

static struct listing *listing_of(u32 place) {
    if (place >= listing_count || !listings[place].in_use) __builtin_trap();
    return &listings[place];
}

EXPORT(TYPES "#[dtor]directory-entry-stream") void listing_dropped(u32 self) { listing_of(self)->in_use = false; }

EXPORT(TYPES "#[method]directory-entry-stream.read-directory-entry") void *read_directory_entry(u32 self) {
    static struct entry answer;
    struct listing *listing = listing_of(self);
    answer = (struct entry){};
    if (listing->next == listing->count) return &answer;
    struct name name = listing->names[listing->next++];
    answer.present = true;
    answer.type = name.type;
    answer.name = (struct text){listing->bytes + name.start, name.count};
    return &answer;
}
