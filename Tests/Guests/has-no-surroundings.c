// expect: ok
//
// No variable, argument, folder or terminal, and an input that has ended. The fixture's process has all of them.
#include "guest.h"

IMPORT(WASI("cli/environment"), "get-environment") void get_environment(struct list *);
IMPORT(WASI("cli/environment"), "get-arguments") void get_arguments(struct list *);
struct optional_text { u8 present; struct text text; };
IMPORT(WASI("cli/environment"), "initial-cwd") void initial_folder(struct optional_text *);
IMPORT(WASI("cli/stdin"), "get-stdin") u32 get_stdin(void);
IMPORT(WASI("cli/terminal-stdin"), "get-terminal-stdin") void terminal_in(struct opened *);
IMPORT(WASI("cli/terminal-stdout"), "get-terminal-stdout") void terminal_out(struct opened *);
IMPORT(WASI("cli/terminal-stderr"), "get-terminal-stderr") void terminal_error(struct opened *);

RUN {
    struct list list;
    get_environment(&list);
    REQUIRE(list.count == 0);
    get_arguments(&list);
    REQUIRE(list.count == 0);
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
