// Which of all participants' folders belong to this component.
//
// The engine has one list of folders for everyone in a store, so each name there says whose it is:
// `moments-a:/data`, `moments-a:$log`. No component's name holds a colon.
#include "attenuator.h"

// Composing overwrites all of it.
[[gnu::used]] volatile const struct settings settings = {"@@SETTINGS@@", 0, ""};

// Without an owner nothing is owned: an empty prefix would be everybody's.
static bool is_own(struct folder *folder) {
    const volatile char *prefix = settings.prefix;
    u32 count = 0;
    for (; count < sizeof settings.prefix && prefix[count]; count++)
        if (count == folder->name.count || folder->name.start[count] != prefix[count]) return false;
    if (count < 2 || prefix[count - 1] != ':') return false;
    folder->name.start += count;
    folder->name.count -= count;
    return true;
}

struct folders take_folders(void) {
    struct list all;
    native_folders(&all);
    struct folders own = {all.start, 0};
    for (u32 i = 0; i < all.count; i++) {
        struct folder folder = ((struct folder *)all.start)[i];
        if (is_own(&folder)) own.start[own.count++] = folder;
        else native_drop(folder.native);
    }
    return own;
}

void drop_folders(struct folders folders) {
    for (u32 i = 0; i < folders.count; i++) native_drop(folders.start[i].native);
}

bool begins_with(struct text text, const char *start, u32 count) {
    if (text.count < count) return false;
    for (u32 i = 0; i < count; i++)
        if (text.start[i] != start[i]) return false;
    return true;
}

bool resolve(char *path, u32 *count) {
    if (!*count) return true;  // names nothing, which is for the engine to say
    if (path[0] == '/') return false;
    u32 written = 0;
    bool is_folder = false;
    for (u32 start = 0, end; start < *count; start = end + 1) {
        for (end = start; end < *count && path[end] != '/'; end++)
            if (!path[end]) return false;
        u32 length = end - start;
        bool is_up = length == 2 && path[start] == '.' && path[start + 1] == '.';
        // Also behind a stroke at the end: `a/` is a folder or nothing.
        is_folder = is_up || !length || (length == 1 && path[start] == '.') || end + 1 == *count;
        if (is_up) {
            if (!written) return false;
            do written--;
            while (written && path[written] != '/');
        } else if (length && !(length == 1 && path[start] == '.')) {
            if (written) path[written++] = '/';
            __builtin_memmove(path + written, path + start, length);
            written += length;
        }
    }
    if (!written) path[written++] = '.';
    else if (is_folder) path[written++] = '/';
    *count = written;
    return true;
}

// MARK: Counts

// What was made and not removed since. Folders that the manifest's paths need are there before, and are not counted.
static int made[TEMPORARY + 1];

// The file systems of a sealed run hold one more, so that this is the bound in a rehearsal as well.
enum { most_temporary = 1024 };

enum place place_of(struct text folder) {
    if (folder.count == 7 && begins_with(folder, "/output", 7)) return OUTPUT;
    return folder.count == 4 && begins_with(folder, "/tmp", 4) ? TEMPORARY : MOUNT;
}

bool is_crowded(enum place place) {
    return made[place] >= (int)(place == OUTPUT ? settings.most_made : most_temporary);
}

void note_made(enum place place) { made[place]++; }
void note_removed(enum place place) { made[place]--; }

struct opened open_counted(enum place place, u32 folder, const char *path, u32 count, u32 open_flags, u32 flags) {
    struct opened opened;
    bool makes = false;
    if (open_flags & CREATE) {
        struct attributes present;
        native_attributes_at(folder, FOLLOW_NOTHING, path, count, &present);
        makes = present.failed;
        if (makes && is_crowded(place)) return (struct opened){true, {.error = INSUFFICIENT_SPACE}};
    }
    native_open(folder, FOLLOW_NOTHING, path, count, open_flags, flags, &opened);
    if (makes && !opened.failed) note_made(place);
    return opened;
}
