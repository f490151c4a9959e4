// A guest that calls the attenuator as the input says, over an engine whose host does as the input says.
#include <string.h>

#include "engine.h"

enum { most_path = 2100, most_calls = 400 };

#define TEXT char *, u32
bool is_same_object(u32, u32);
const void *get_environment(void);
const void *initial_cwd(void);
const struct list *get_arguments(void);
const struct folders *get_directories(void);
void *read_via_stream(u32, u64), *write_via_stream(u32, u64), *append_via_stream(u32), *set_size(u32, u64);
void *read_content(u32, u64, u64), *write_content(u32, const void *, u32, u64);
void *sync_all(u32), *sync_data(u32), *advise(u32, u64, u64, u32), *get_flags(u32), *get_type(u32), *stat(u32);
void *stat_at(u32, u32, TEXT), *metadata_hash(u32), *metadata_hash_at(u32, u32, TEXT);
void *set_times(u32, u32, u64, u32, u32, u64, u32), *set_times_at(u32, u32, TEXT, u32, u64, u32, u32, u64, u32);
void *open_at(u32, u32, TEXT, u32, u32), *create_directory_at(u32, TEXT), *remove_directory_at(u32, TEXT);
void *unlink_file_at(u32, TEXT), *rename_at(u32, TEXT, u32, TEXT), *readlink_at(u32, TEXT);
void *link_at(u32, u32, TEXT, u32, TEXT), *symlink_at(u32, TEXT, TEXT);
void *read_directory(u32), *read_directory_entry(u32), *filesystem_error_code(u32);
void descriptor_dropped(u32), listing_dropped(u32), exit_with(u32), exit_with_code(u32);
u32 get_stdout(void), get_stderr(void);
void *read_whole(TEXT), *read_part(TEXT, u64, u32), *list_folder(TEXT), *write_file(TEXT, const u8 *, u32);
void log_line(const char *, u32);

// What the answers of twocvm:guest/files are.
struct given {
    u8 failed;
    union {
        struct bytes content;
        struct list names;
        struct text error;
    };
};

static u32 any_held(const struct held *held) {
    if (!held->count) trapped();  // the engine's: there is no such handle
    return held->numbers[any_below(held->count)];
}

static u32 self(void) { return any_held(&descriptors); }

static void let_go(struct held *held, void (*dropped)(u32)) {
    if (!held->count) return;
    u32 place = any_below(held->count), number = held->numbers[place];
    held->numbers[place] = held->numbers[--held->count];
    dropped(number);
}

// A path or another text, in the shim's memory.
static char *any_argument(u32 *count) {
    char text[most_path];
    *count = any_text(text, sizeof text);
    char *argument = lower(text, *count, 1);
    // A guest whose strings are not UTF-8.
    return any_byte() == 255 ? reallocate(argument, *count, 1, *count) : argument;
}

// MARK: Claims on answers

// Without the stroke behind a folder's.
static u32 bare(struct text name) {
    return name.count && name.start[name.count - 1] == '/' ? name.count - 1 : name.count;
}

static void claim_names(const struct given *given) {
    if (given->failed) return read_all(given->error.start, given->error.count);
    const struct text *names = given->names.start;
    for (u32 i = 0; i < given->names.count; i++) {
        read_all(names[i].start, names[i].count);
        if (!i) continue;
        u32 one = bare(names[i - 1]), two = bare(names[i]), shorter = one < two ? one : two;
        int order = memcmp(names[i - 1].start, names[i].start, shorter);
        CLAIM(order < 0 || (!order && one <= two), "names come in their order");
    }
}

static void claim_content(const struct given *given) {
    if (given->failed) read_all(given->error.start, given->error.count);
    else read_all(given->content.start, given->content.count);
}

static void claim_attributes(const struct attributes *found) {
    if (found->failed) return;
    CLAIM(found->links == 1, "nobody sees how many links there are");
    CLAIM(found->type != DIRECTORY || !found->size, "nobody sees how large a folder is");
    for (u32 i = 0; i < 3; i++) CLAIM(!found->times[i].present, "nobody sees a time");
}

static void claim_folders(const struct folders *folders) {
    for (u32 i = 0; i < folders->count; i++) {
        struct text name = folders->start[i].name;
        read_all(name.start, name.count);
        CLAIM(name.count && name.start[0] == '/', "a guest sees its own folders, by their own names");
    }
}

static void claim_entry(const struct entry *entry) {
    CLAIM(!entry->failed, "a listing that was opened does not fail");
    if (entry->present) read_all(entry->name.start, entry->name.count);
}

static void claim_arguments(const struct list *arguments) {
    const struct text *texts = arguments->start;
    CLAIM(arguments->count && texts[0].count == 1 && texts[0].start[0] == 'a', "the first argument is the name");
    for (u32 i = 0; i < arguments->count; i++) read_all(texts[i].start, texts[i].count);
}

// MARK: Calls

// Fills the table, to see its end.
static void open_many(void) {
    u32 folder = self();
    for (u32 count = 0; count < 1100 && descriptors.count < most_held; count++) {
        const struct opened *opened = open_at(folder, 0, lower("a", 1, 1), 1, 0, READ);
        if (opened->failed) return;
    }
}

static void call_with_path(u32 call) {
    u32 count, other, flags = any_byte();
    u32 folder = self();
    char *path = any_argument(&count);
    switch (call) {
    case 0: claim_attributes(stat_at(folder, flags & 1, path, count)); break;
    case 1: metadata_hash_at(folder, flags & 1, path, count); break;
    case 2: set_times_at(folder, flags & 1, path, count, flags % 3, 1, 2, flags % 3, 3, 4); break;
    case 3: create_directory_at(folder, path, count); break;
    case 4: remove_directory_at(folder, path, count); break;
    case 5: unlink_file_at(folder, path, count); break;
    case 6: readlink_at(folder, path, count); break;
    case 7: {
        char *to = any_argument(&other);
        rename_at(folder, path, count, self(), to, other);
        break;
    }
    case 8: {
        char *to = any_argument(&other);
        if (flags & 1) link_at(folder, 0, path, count, self(), to, other);
        else symlink_at(folder, path, count, to, other);
        break;
    }
    default: open_at(folder, flags & 1, path, count, flags & 15, any_byte() & 63);
    }
}

static void call_with_descriptor(u32 call) {
    u32 file = self(), count;
    switch (call) {
    case 0: read_via_stream(file, any_number()); break;
    case 1: write_via_stream(file, any_number()); break;
    case 2: append_via_stream(file); break;
    case 3: set_size(file, any_number()); break;
    case 4: {
        const struct content *content = read_content(file, any_number(), any_number());
        if (!content->failed) read_all(content->start, content->count);
        heap_clear();
        break;
    }
    case 5: {
        const void *content = any_argument(&count);
        write_content(file, content, count, any_number());
        break;
    }
    case 6: any_byte() & 1 ? sync_all(file) : sync_data(file); break;
    case 7: advise(file, 0, any_number(), any_below(6)); break;
    case 8: any_byte() & 1 ? get_flags(file) : get_type(file); break;
    case 9: claim_attributes(stat(file)); break;
    case 10: metadata_hash(file); break;
    case 11: is_same_object(file, self()); break;
    case 12: set_times(file, 1, 2, 3, 1, 4, 5); break;
    default: read_directory(file);
    }
}

static void call_files(u32 call) {
    u32 count, other;
    engine_guards = 1;
    char *text = any_argument(&count);
    switch (call) {
    case 0: claim_content(read_whole(text, count)); break;
    case 1: claim_content(read_part(text, count, any_number(), (u32)any_number())); break;
    case 2: claim_names(list_folder(text, count)); break;
    case 3: {
        u8 *content = (u8 *)any_argument(&other);
        claim_content(write_file(text, count, content, other));
        break;
    }
    default: log_line(text, count); return;
    }
    heap_clear();
}

static void call_surroundings(u32 call) {
    engine_guards = 1;
    switch (call) {
    case 0: read_all(get_environment(), 8); break;
    case 1: read_all(initial_cwd(), 12); break;
    case 2: claim_arguments(get_arguments()); break;
    case 3: any_byte() & 1 ? get_stdout() : get_stderr(); break;
    case 4: filesystem_error_code(lend_error()); break;
    default: any_byte() & 1 ? exit_with(0) : exit_with_code(any_byte());
    }
}

static void call(void) {
    u32 kind = any_byte();
    engine_guards = 0;
    if (kind < 32) {
        claim_folders(get_directories());
        heap_clear();
    } else if (kind < 112) call_with_path(kind % 14);
    else if (kind < 176) call_with_descriptor(kind % 16);
    else if (kind < 208) call_files(kind % 5);
    else if (kind < 216) call_surroundings(kind % 6);
    else if (kind < 240 && listings.count) claim_entry(read_directory_entry(any_held(&listings)));
    else if (kind < 248) let_go(&descriptors, descriptor_dropped);
    else if (kind < 254) let_go(&listings, listing_dropped);
    else if (descriptors.count) open_many();
    claim_empty_heap();
}

// MARK: An instance

// As composing writes them. They are constants of the shim's, which the compiler must not know here.
static void write_settings(void) {
    uintptr_t place = (uintptr_t)&settings;
    __asm__ volatile("" : "+r"(place));
    struct settings *written = (struct settings *)place;
    memset(written, 0, sizeof *written);
    memcpy(written->prefix, "a:", 2);
    written->most_made = any_below(6);
    for (u32 i = any_below(most_arguments + 1); i; i--) written->arguments[2 * i - 2] = 'x';
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    begin_instance(bytes, count);
    begin_engine();
    write_settings();
    if (setjmp(ended)) return 0;
    for (int calls = 0; calls < most_calls && !is_over(); calls++) call();
    while (descriptors.count) let_go(&descriptors, descriptor_dropped);
    while (listings.count) let_go(&listings, listing_dropped);
    claim_nothing_kept();
    return 0;
}
