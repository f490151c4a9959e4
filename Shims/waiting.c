// Waiting that is always over.
//
// The engine reads and writes files on threads of its own. Who could look again and again whether it is done yet
// would count its time, so here to look is to wait. What a component can wait for is a file or its own virtual
// clock, and neither lasts.
#include "canonical.h"

#define POLL WASI("io/poll")

IMPORT(POLL, "[method]pollable.block") void native_block(u32 pollable);
IMPORT(POLL, "[resource-drop]pollable") void native_drop(u32 pollable);

static void finish(u32 pollable) {
    native_block(pollable);
    native_drop(pollable);  // a borrowed one: the guest keeps its own
}

EXPORT(POLL "#[method]pollable.block") void block(u32 pollable) { finish(pollable); }

EXPORT(POLL "#[method]pollable.ready") bool is_ready(u32 pollable) {
    finish(pollable);
    return true;
}

// Answers with all their places, in the block that the list came in.
EXPORT(POLL "#poll") void *poll(u32 *pollables, u32 count) {
    static struct list answer;
    if (!count) __builtin_trap();  // as the engine does
    for (u32 i = 0; i < count; i++) {
        finish(pollables[i]);
        pollables[i] = i;
    }
    answer = (struct list){pollables, count};
    return &answer;
}
AFTER(POLL "#poll") void after_poll(void *) { heap_clear(); }
