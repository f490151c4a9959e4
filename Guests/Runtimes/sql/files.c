// twocvm:guest/files, which is all that this component imports.
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

#define FILES(name) __attribute__((import_module("twocvm:guest/files"), import_name(name)))

struct name {
    char *start;
    size_t count;
};
struct part_answer {
    uint8_t failed;
    char *start;
    size_t count;
};
struct list_answer {
    uint8_t failed;
    struct name *start;
    size_t count;
};
FILES("read-part")
void files_read_part(const char *path, size_t count, uint64_t offset, uint32_t most, struct part_answer *);
FILES("list") void files_list(const char *path, size_t count, struct list_answer *);
FILES("write")
void files_write(const char *path, size_t path_count, const char *start, size_t count, struct part_answer *);
FILES("log") void files_log(const char *start, size_t count);

// Answers lie here and nowhere else, so that at the memory's bound no call needs more. One answer at a time.
static struct {
    char row[row_bytes];
    char answer[part_bytes + (128 << 10)];
} space;
static size_t taken;
// Where the next answer is wanted instead: part_bytes of somebody's own.
static char *wanted;

__attribute__((export_name("cabi_realloc"))) void *reallocate(void *, size_t, size_t alignment, size_t count) {
    if (wanted && count <= part_bytes) return wanted;
    size_t start = (taken + alignment - 1) & -alignment;
    if (count > sizeof space.answer - start) __builtin_trap();
    taken = start + count;
    return space.answer + start;
}

static char message[512];

bool fail(const char *form, ...) {
    if (message[0]) return false;
    va_list arguments;
    va_start(arguments, form);
    sqlite3_vsnprintf(sizeof message, message, form, arguments);
    va_end(arguments);
    return false;
}

struct text failure(void) { return (struct text){message, strlen(message)}; }

bool fail_of_memory(void) { return fail("the memory is too small: the manifest's memoryMiB bounds it"); }

char *file_space(void) { return space.answer; }

bool file_part(const char *path, uint64_t offset, struct text *part) {
    struct part_answer answer;
    taken = 0;
    files_read_part(path, strlen(path), offset, part_bytes, &answer);
    if (answer.failed) return fail("%s cannot be read", path);
    *part = (struct text){answer.start, answer.count};
    return true;
}

bool file_part_into(const char *path, uint64_t offset, char *place, size_t *count) {
    struct text part;
    wanted = place;
    bool is_read = file_part(path, offset, &part);
    wanted = NULL;
    *count = is_read ? part.count : 0;
    return is_read;
}

static bool has_byte(const char *path, uint64_t offset, bool *has) {
    struct part_answer answer;
    taken = 0;
    files_read_part(path, strlen(path), offset, 1, &answer);
    if (answer.failed) return fail("%s cannot be read", path);
    *has = answer.count > 0;
    return true;
}

bool file_size(const char *path, uint64_t *size) {
    bool has;
    // The size is the least offset without a byte.
    uint64_t least = 0, most = (uint64_t)1 << 40;
    while (least < most) {
        uint64_t middle = least + (most - least) / 2;
        if (!has_byte(path, middle, &has)) return false;
        if (has) least = middle + 1;
        else most = middle;
    }
    *size = least;
    return true;
}

bool file_names(const char *folder, struct names *names) {
    struct list_answer answer;
    taken = 0;
    *names = (struct names){};
    files_list(folder, strlen(folder), &answer);
    if (answer.failed) {
        struct name error = *(struct name *)&answer.start;
        bool is_absent = error.count == 8 && !memcmp(error.start, "no-entry", 8);
        return is_absent || fail("%s cannot be listed", folder);
    }
    if (!answer.count) return true;
    names->start = calloc(answer.count, sizeof *names->start);
    if (!names->start) return fail_of_memory();
    for (; names->count < answer.count; names->count++) {
        struct name name = answer.start[names->count];
        char *copy = malloc(name.count + 1);
        if (!copy) return fail_of_memory();
        memcpy(copy, name.start, name.count);
        copy[name.count] = 0;
        names->start[names->count] = copy;
    }
    return true;
}

bool file_write(const char *path, struct text content) {
    struct part_answer answer;
    taken = 0;
    files_write(path, strlen(path), content.start, content.count, &answer);
    return !answer.failed || fail("%s cannot be written", path);
}

void file_log(struct text line) { files_log(line.start, line.count); }
