// A handle stands for something of the host's. The engine would end a component that uses one it does not have; here
// the program ends, so that each handle that a shim drops twice, keeps, or takes for another's is seen.
#include "engine.h"

#include <string.h>

enum kind { NOTHING, FILE_OR_FOLDER, ENTRIES, STREAM, ERROR };
enum { most_handles = 8192, most_errors = 37, most_name = 300 };

static struct handle {
    enum kind kind;
    int is_own;       // below a folder of this component
    int is_told, is_writable;  // whether the shim was told if it is writable, and what
    uint32_t left, name_bytes;    // entries, and how long their names are; 0 for as the input says
} handles[most_handles];
static uint32_t used;

struct held descriptors, listings;
int engine_guards;

void begin_engine(void) { used = descriptors.count = listings.count = 0; }

// MARK: Handles

static uint32_t give(enum kind kind, const struct handle *from) {
    if (used == most_handles) trapped();  // the engine's own bound
    handles[used] = from ? *from : (struct handle){};
    handles[used].kind = kind;
    return ++used;
}

static struct handle *handle_of(uint32_t number, enum kind kind) {
    CLAIM(number && number <= used, "a handle is one that the engine gave");
    struct handle *handle = &handles[number - 1];
    CLAIM(handle->kind == kind, "a handle is used as what it is, and not after it was dropped");
    return handle;
}

static struct handle *own(uint32_t number) {
    struct handle *handle = handle_of(number, FILE_OR_FOLDER);
    CLAIM(handle->is_own, "what is another component's is dropped and nothing else");
    return handle;
}

static struct handle *changed(uint32_t number) {
    struct handle *handle = own(number);
    CLAIM(engine_guards || handle->is_writable, "nothing changes below a folder that may not be written");
    return handle;
}

static void drop(uint32_t number, enum kind kind) { handle_of(number, kind)->kind = NOTHING; }

void native_drop(u32 number) { drop(number, FILE_OR_FOLDER); }
void native_drop_entries(u32 number) { drop(number, ENTRIES); }
void native_drop_error(u32 number) { drop(number, ERROR); }

uint32_t lend_error(void) { return give(ERROR, NULL); }

void claim_nothing_kept(void) {
    for (uint32_t i = 0; i < used; i++)
        CLAIM(handles[i].kind == NOTHING || handles[i].kind == STREAM, "what was opened for a call is dropped");
}

static uint32_t hold(struct held *held, uint32_t number) {
    for (uint32_t i = 0; i < held->count; i++) CLAIM(held->numbers[i] != number, "one number stands for one thing");
    if (held->count == most_held) trapped();
    held->numbers[held->count++] = number;
    return number;
}

u32 new_descriptor(u32 slot) { return hold(&descriptors, slot); }
u32 new_listing(u32 place) { return hold(&listings, place); }

// MARK: Paths

static void claim_resolved(const char *path, uint32_t count) {
    read_all(path, count);
    CLAIM(!count || path[0] != '/', "no path is absolute");
    for (uint32_t start = 0, end; start < count; start = end + 1) {
        for (end = start; end < count && path[end] != '/'; end++) CLAIM(path[end], "no path holds a NUL");
        int is_dot = end - start == 1 && path[start] == '.';
        CLAIM(end > start && (!is_dot || (!start && end == count)), "a path has no segments that name nothing");
        CLAIM(end - start != 2 || path[start] != '.' || path[start + 1] != '.', "no path leads upwards");
    }
}

static struct handle *at(uint32_t folder, uint32_t path_flags, const char *path, uint32_t count) {
    CLAIM(path_flags == FOLLOW_NOTHING, "no link is followed");
    claim_resolved(path, count);
    return own(folder);
}

// MARK: Answers

static int fails(void) { return any_byte() >= 208; }
static uint8_t any_error(void) { return (uint8_t)any_below(most_errors); }

static void answer_done(struct done *done) {
    done->failed = fails();
    if (done->failed) done->error = any_error();
}

static void answer_opened(struct opened *opened, enum kind kind, const struct handle *from) {
    opened->failed = fails();
    if (opened->failed) opened->error = any_error();
    else opened->index = give(kind, from);
}

// A name of a folder: this component's, another's, or anything.
static uint32_t any_folder_name(char *name) {
    static const char *const names[] = {"a:/output", "a:/data", "a:/tmp", "a:$log", "b:/data", "a:/",    "a:",
                                        "a:/a",      "a:/a/b",  "ab:/x",  "a",      "",        "b:$log", ":/x"};
    uint32_t kind = any_below(24);
    if (kind < sizeof names / sizeof *names) {
        memcpy(name, names[kind], strlen(names[kind]));
        return (uint32_t)strlen(names[kind]);
    }
    memcpy(name, "a:/", 3);
    uint32_t skipped = kind % 2 ? 3 : 0;
    return skipped + any_text(name + skipped, most_name);
}

void native_folders(struct list *all) {
    uint32_t count = any_below(8);
    struct folder *folders = reallocate(NULL, 0, alignof(struct folder), count * sizeof *folders);
    for (uint32_t i = 0; i < count; i++) {
        char name[most_name + 3];
        uint32_t length = any_folder_name(name);
        struct handle handle = {.is_own = length >= 2 && !memcmp(name, "a:", 2)};
        folders[i] = (struct folder){give(FILE_OR_FOLDER, &handle), {lower(name, length, 1), length}};
    }
    *all = (struct list){folders, count};
}

void native_flags(u32 number, struct byte *flags) {
    struct handle *handle = own(number);
    *flags = (struct byte){fails(), {any_byte() & 31}};
    if (flags->failed) flags->error %= most_errors;
    else if (handle->is_told ? handle->is_writable : any_byte() < 128) flags->value |= MUTATE_DIRECTORY;
    if (!handle->is_told) handle->is_writable = !flags->failed && flags->value & MUTATE_DIRECTORY;
    handle->is_told = 1;
}

void native_type(u32 number, struct byte *type) {
    (void)own(number);
    *type = (struct byte){fails(), {any_byte() % 8}};
}

static void answer_attributes(struct attributes *attributes) {
    *attributes = (struct attributes){.failed = fails()};
    if (attributes->failed) {
        attributes->error = any_error();
        return;
    }
    attributes->type = (uint8_t)any_below(8);
    attributes->links = any_byte();
    attributes->size = any_number();
    for (int i = 0; i < 3; i++) attributes->times[i] = (struct time){1, 1 + any_byte(), any_byte()};
}

void native_attributes(u32 number, struct attributes *attributes) {
    (void)own(number);
    answer_attributes(attributes);
}

void native_attributes_at(u32 folder, u32 flags, const char *path, u32 count, struct attributes *attributes) {
    (void)at(folder, flags, path, count);
    answer_attributes(attributes);
}

// MARK: Files

void native_open(
    u32 folder, u32 flags, const char *path, u32 count, u32 open_flags, u32 descriptor_flags, struct opened *opened) {
    struct handle *parent = at(folder, flags, path, count);
    if (open_flags & (CREATE | TRUNCATE) || descriptor_flags & WRITE) (void)changed(folder);
    answer_opened(opened, FILE_OR_FOLDER, parent);
}

void native_read(u32 number, u64 count, u64 offset, struct content *content) {
    static const uint8_t zeros[65536];
    (void)own(number), (void)offset;
    CLAIM(count <= sizeof zeros, "no more is read at a time than the engine reads");
    *content = (struct content){.failed = fails()};
    if (content->failed) {
        content->error = any_error();
        return;
    }
    uint32_t read = any_byte() < 192 ? (uint32_t)count : any_below((uint32_t)count + 1);
    if (is_over()) read = 0;
    content->start = lower(zeros, read, 1);
    content->count = read;
    content->ended = !read;
}

// It takes all, a part, nothing, or says that it took more.
void native_write(u32 number, const void *content, u32 count, u64 offset, struct count *written) {
    (void)changed(number), (void)offset;
    read_all(content, count);
    *written = (struct count){.failed = fails()};
    if (written->failed) written->error = any_error();
    else written->value = any_byte() < 192 ? count : any_number();
}

void native_read_stream(u32 number, u64, struct opened *opened) { answer_opened(opened, STREAM, own(number)); }
void native_write_stream(u32 number, u64, struct opened *opened) { answer_opened(opened, STREAM, changed(number)); }

void native_append_stream(u32 number, struct opened *opened) { answer_opened(opened, STREAM, changed(number)); }

void native_set_size(u32 number, u64, struct done *done) { (void)changed(number), answer_done(done); }

// MARK: Folders

static void change_at(uint32_t folder, const char *path, uint32_t count, struct done *done) {
    (void)at(folder, FOLLOW_NOTHING, path, count), (void)changed(folder);
    answer_done(done);
}

void native_create_directory(u32 folder, const char *path, u32 count, struct done *done) {
    change_at(folder, path, count, done);
}
void native_remove_directory(u32 folder, const char *path, u32 count, struct done *done) {
    change_at(folder, path, count, done);
}
void native_unlink(u32 folder, const char *path, u32 count, struct done *done) { change_at(folder, path, count, done); }

void native_rename(
    u32 from, const char *path, u32 count, u32 to, const char *other, u32 other_count, struct done *done) {
    (void)at(to, FOLLOW_NOTHING, other, other_count), (void)changed(to);
    change_at(from, path, count, done);
}

void native_entries(u32 number, struct opened *opened) {
    answer_opened(opened, ENTRIES, own(number));
    if (opened->failed) return;
    // A few entries, more than a listing takes, or more bytes of names than it takes.
    uint32_t kind = any_byte();
    struct handle *entries = &handles[opened->index - 1];
    entries->left = kind < 248 ? kind % 12 : kind % 2 ? 1100 : 400;
    entries->name_bytes = kind < 248 ? 0 : kind % 2 ? 1 : 255;
}

void native_entry(u32 number, struct entry *entry) {
    struct handle *entries = handle_of(number, ENTRIES);
    *entry = (struct entry){.failed = !entries->name_bytes && fails()};
    if (entry->failed) {
        entry->error = any_error();
        return;
    }
    if (!entries->left) return;
    char name[most_name];
    uint32_t count = entries->name_bytes ? entries->name_bytes : any_text(name, most_name);
    if (entries->name_bytes) memset(name, 'a' + (int)(entries->left % 26), count);
    // No file system has a stroke in a name.
    for (uint32_t i = 0; i < count; i++) name[i] = name[i] == '/' ? '-' : name[i];
    entry->present = 1;
    entry->type = (uint8_t)any_below(8);
    entry->name = (struct text){lower(name, count, 1), count};
    entries->left--;
}

// MARK: Surroundings

void native_error_code(u32 error, u8 code[2]) {
    (void)handle_of(error, ERROR);
    code[0] = !fails();
    code[1] = any_error();
}

void native_write_and_flush(u32 stream, const void *bytes, u32 count, struct streamed *streamed) {
    (void)handle_of(stream, STREAM);
    CLAIM(count <= 4096, "no more is flushed at a time than the engine takes");
    read_all(bytes, count);
    *streamed = (struct streamed){.failed = fails()};
    if (!streamed->failed) return;
    streamed->closed = any_byte() % 2;
    if (!streamed->closed) streamed->error = give(ERROR, NULL);
}

void native_exit(u32) { trapped(); }
