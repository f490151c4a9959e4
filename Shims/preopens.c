#include "host.h"

// The composer overwrites this with "<component>:". No component's name is a prefix of another's with the colon.
__attribute__((used)) static volatile char prefix[48] = "@@PREFIX@@";

static int remove_prefix(struct string *name) {
    u32 count = 0;
    for (; prefix[count]; count++)
        if (count >= name->count || name->start[count] != prefix[count]) return 0;
    name->start += count, name->count -= count;
    return 1;
}

struct list own_preopens(void) {
    struct list all;
    host_preopens(&all);
    struct preopen *entries = all.start;
    u32 kept = 0;
    for (u32 i = 0; i < all.count; i++)
        if (remove_prefix(&entries[i].name)) entries[kept++] = entries[i];
        else host_drop(entries[i].handle);
    all.count = kept;
    return all;
}

void drop_preopens(struct list own) {
    struct preopen *entries = own.start;
    for (u32 i = 0; i < own.count; i++) host_drop(entries[i].handle);
}
