// What is around a guest besides files: no environment, no arguments, no way to end the run, and a log.
#include "attenuator.h"

// An empty list and an absent string are both zeros.
static const u32 empty[3];
EXPORT(WASI("cli/environment") "#get-environment") const void *get_environment(void) { return empty; }
EXPORT(WASI("cli/environment") "#get-arguments") const void *get_arguments(void) { return empty; }
EXPORT(WASI("cli/environment") "#initial-cwd") const void *initial_cwd(void) { return empty; }

// The engine's own exit ends everyone's run, and with status 0 it could be taken for success.
EXPORT(WASI("cli/exit") "#exit") void exit_with(u32) { __builtin_trap(); }
EXPORT(WASI("cli/exit") "#exit-with-code") void exit_with_code(u32) { __builtin_trap(); }

u32 open_log(const char file[6]) {
    struct folders own = take_folders();
    struct opened opened = {true, {}}, stream = {true, {}};
    for (u32 i = 0; i < own.count; i++) {
        struct text name = own.start[i].name;
        if (name.count != 4 || !begins_with(name, "$log", 4)) continue;
        native_open(own.start[i].native, FOLLOW_NOTHING, file, 6, CREATE, WRITE, &opened);
        break;
    }
    drop_folders(own);
    // Every component has a log folder. Without it the job is not the one that was composed for.
    if (opened.failed) __builtin_trap();
    native_append_stream(opened.index, &stream);
    native_drop(opened.index);
    if (stream.failed) __builtin_trap();
    return stream.index;
}

EXPORT(WASI("cli/stdout") "#get-stdout") u32 get_stdout(void) {
    u32 stream = open_log("stdout");
    heap_clear();
    return stream;
}

EXPORT(WASI("cli/stderr") "#get-stderr") u32 get_stderr(void) {
    u32 stream = open_log("stderr");
    heap_clear();
    return stream;
}
