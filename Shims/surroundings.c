// What is around a guest besides files: arguments, no environment, an exit, and a log.
#include "attenuator.h"

// An empty list and an absent string are both zeros.
static const u32 empty[3];
EXPORT(WASI("cli/environment") "#get-environment") const void *get_environment(void) { return empty; }
EXPORT(WASI("cli/environment") "#initial-cwd") const void *initial_cwd(void) { return empty; }

// The component's name, and what the manifest says.
EXPORT(WASI("cli/environment") "#get-arguments") const void *get_arguments(void) {
    static struct text texts[1 + most_arguments];
    static struct list answer;
    u32 name = 0;
    while (settings.prefix[name] != ':') name++;
    texts[0] = (struct text){(const char *)settings.prefix, name};
    answer = (struct list){texts, 1};
    for (u32 start = 0, end; settings.arguments[start]; start = end + 1) {
        for (end = start; settings.arguments[end];) end++;
        if (answer.count > most_arguments) __builtin_trap();
        texts[answer.count++] = (struct text){(const char *)settings.arguments + start, end - start};
    }
    return &answer;
}

// Of the component that runs this is the engine's, which ends everything, in its name. All others are composed with one
// that traps: with status 0 they could else end another's run as if it had succeeded.
EXPORT(WASI("cli/exit") "#exit") void exit_with(u32 failed) {
    native_exit(failed);
    __builtin_trap();
}
EXPORT(WASI("cli/exit") "#exit-with-code") void exit_with_code(u32 code) { exit_with(code != 0); }

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
