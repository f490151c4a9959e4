// What a hostile worker would try. For tests only.
#pragma once

// Tries what `name` says, relative to the current folder. 0 when it succeeded, an errno when it was refused,
// -1 for an unknown name.
int probe_attempt(const char *name);
