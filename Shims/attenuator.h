// What the parts of the attenuator know of each other.
#pragma once
#include "native.h"

/// What composing writes of this component into the shim.
struct settings {
    /// Its name and a colon: 41 bytes at most, then NUL.
    char prefix[48];
    /// How many files and folders more than the manifest's it may have in `/output` at a time.
    u32 most_made;
    /// Its arguments besides its name, at most `most_arguments`, each with a NUL behind it, then one more NUL.
    char arguments[4100];
};
enum { most_arguments = 64 };
extern volatile const struct settings settings;

/// The folders of this component, under the names that its guest knows, and of no other.
///
/// They are opened anew for each call and lie in the heap; who calls drops what it does not keep.
struct folders {
    struct folder *start;
    u32 count;
};
struct folders take_folders(void);
void drop_folders(struct folders);

/// Writes a relative path anew, in its place, without `.`, `..` and empty segments; false where it leads above its
/// start, is absolute, or holds a NUL.
///
/// There are no links, so a segment before `..` can be left out without a look at what it names. The engine confines
/// paths too. Here it also means that a file has one path, by which it can be known.
bool resolve(char *path, u32 *count);

/// Whether a text begins with `count` bytes of another.
bool begins_with(struct text, const char *start, u32 count);

/// What a folder of this component is for. In each place it may have so and so many files and folders at a time.
enum place { MOUNT, OUTPUT, TEMPORARY };
enum place place_of(struct text folder);

/// Whether it has as many as it may.
bool is_crowded(enum place);
void note_made(enum place);
void note_removed(enum place);

/// Opens what a resolved path names, and counts what that makes.
struct opened open_counted(enum place, u32 folder, const char *path, u32 count, u32 open_flags, u32 flags);

/// Takes what is in a folder, and answers the guest's directory-entry-stream over it.
struct opened open_listing(u32 native);

/// The names of what is in a folder, in the heap and in order, with a stroke behind each folder's. It keeps nothing.
///
/// `folders` are named besides, such as `/data`; `native` may be absent where these are all. Only their names are used.
struct names {
    u8 error;
    struct list names;
};
struct names list_names(struct folders folders, const u32 *native);

/// A native stream that appends to `stdout` or `stderr` in this component's log folder.
u32 open_log(const char file[6]);
