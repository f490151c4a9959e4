// What the parts of the attenuator know of each other.
#pragma once
#include "native.h"

/// The folders of this component, under the names that its guest knows, and of no other.
///
/// They are opened anew for each call and lie in the heap; who calls drops what it does not keep.
struct folders { struct folder *start; u32 count; };
struct folders take_folders(void);
void drop_folders(struct folders);

/// Whether a path goes down only: it is relative, and no segment of it is `..`.
///
/// The engine confines paths too. Here it also means that a file has one path, by which it can be known.
bool goes_down(const char *path, u32 count);

/// Whether a text begins with `count` bytes of another.
bool begins_with(struct text, const char *start, u32 count);

/// Takes what is in a folder, and answers the guest's directory-entry-stream over it.
struct opened open_listing(u32 native);

/// A native stream that appends to `stdout` or `stderr` in this component's log folder.
u32 open_log(const char file[6]);
