// The engine as the attenuator sees it, over a host that answers as the input says.
#pragma once
// Its answers have the shims' own layout.
#include "../../Shims/attenuator.h"
#include "world.h"

/// What the guest holds: descriptors and listings that the shim made for it, by the shim's number for them.
enum { most_held = 2048 };
struct held {
    uint32_t numbers[most_held];
    uint32_t count;
};
extern struct held descriptors, listings;

/// Whether it is the engine that keeps folders from being written during this call, and not the shim.
extern int engine_guards;

/// A new host: no handle, and nothing held.
void begin_engine(void);

/// An error of a stream's, which the guest lends.
uint32_t lend_error(void);

/// Claims that no handle of the engine's is left but streams.
void claim_nothing_kept(void);
