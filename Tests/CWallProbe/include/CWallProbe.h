// What a hostile worker would try. For tests only.
#pragma once

// Tries what `name` says, relative to the current folder. 0 when it succeeded, an errno when it was refused,
// -1 for an unknown name.
int probe_attempt(const char *name);

// Runs `arguments` to its end, and prints what processes called `program` ask of the kernel once their filter stands: a
// line for each call and what of its arguments decides, with a count. A negated errno where it may not be followed.
int probe_trace(const char *program, char *const arguments[]);
