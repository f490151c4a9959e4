// expect: ok
//
// No variable, folder or terminal, and an input that has ended. The fixture's process has all of them. The arguments
// are its name and the manifest's.
#include "guest.h"

IMPORT(WASI("cli/environment"), "get-environment") void get_environment(struct list *);
IMPORT(WASI("cli/environment"), "get-arguments") void get_arguments(struct list *);
struct optional_text {
    u8 present;
    struct text text;
};
IMPORT(WASI("cli/environment"), "initial-cwd") void initial_folder(struct optional_text *);
IMPORT(WASI("cli/stdin"), "get-stdin") u32 get_stdin(void);
IMPORT(WASI("cli/terminal-stdin"), "get-terminal-stdin") void terminal_in(struct opened *);
IMPORT(WASI("cli/terminal-stdout"), "get-terminal-stdout") void terminal_out(struct opened *);
IMPORT(WASI("cli/terminal-stderr"), "get-terminal-stderr") void terminal_error(struct opened *);

RUN {
    struct list list;
    get_environment(&list);
    REQUIRE(list.count == 0);
    static const struct text expected[] = {{TEXT("a")}, {TEXT("--site")}, {TEXT("two words")}, {TEXT("\xC3\xBC")}};
    for (u32 twice = 0; twice < 2; twice++) {
        get_arguments(&list);
        REQUIRE(list.count == 4);
        for (u32 i = 0; i < 4; i++) {
            struct text found = ((struct text *)list.start)[i];
            REQUIRE(is_equal(found.start, found.count, expected[i].start, expected[i].count));
        }
    }
    struct optional_text folder;
    initial_folder(&folder);
    REQUIRE(!folder.present);
    struct stream_content read;
    stream_read(get_stdin(), 100, &read);
    REQUIRE(read.failed && read.closed);
    struct opened terminal;  // option<terminal>: its first byte says whether there is one
    terminal_in(&terminal);
    REQUIRE(!terminal.failed);
    terminal_out(&terminal);
    REQUIRE(!terminal.failed);
    terminal_error(&terminal);
    REQUIRE(!terminal.failed);
    return 0;
}
