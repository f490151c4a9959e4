// What the parts of the determinist know of each other.
#pragma once
#include "canonical.h"

/// The virtual time: nanoseconds since the run began.
extern u64 now;

/// Moves it on, and answers it. At its end it stands still.
u64 pass(u64 duration);

/// By how much a look moves it.
enum { step = 1000 };
