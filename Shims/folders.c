// Which of all participants' folders belong to this component.
//
// The engine has one list of folders for everyone in a store, so each name there says whose it is:
// `moments-a:/data`, `moments-a:$log`. No component's name holds a colon.
#include "attenuator.h"

// Composing overwrites this with a component's name and a colon: 41 bytes at most, then NUL.
[[gnu::used]] static volatile const char prefix[48] = "@@PREFIX@@";

// Without an owner nothing is owned: an empty prefix would be everybody's.
static bool is_own(struct folder *folder) {
    u32 count = 0;
    for (; count < sizeof prefix && prefix[count]; count++)
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

bool goes_down(const char *path, u32 count) {
    if (count && path[0] == '/') return false;
    for (u32 start = 0, end; start < count; start = end + 1) {
        for (end = start; end < count && path[end] != '/'; end++)
            if (!path[end]) return false;
        if (end - start == 2 && path[start] == '.' && path[start + 1] == '.') return false;
    }
    return true;
}
