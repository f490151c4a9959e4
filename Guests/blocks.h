// How guests' memory is cut into blocks: what their allocators share. What happens at the memory's bound is their own.
//
// A block is a header of 16 bytes and a payload aligned to 16. Capacities grow in eight steps for each doubling, so that a
// payload is at most an eighth larger than was asked for. A freed block waits in the list of its capacity.
#pragma once

enum { unit = 16, page = 65536, kinds = 224 };

struct block {
    struct block *next;
    unsigned kind;
    unsigned unused[2];
};
_Static_assert(sizeof(struct block) == unit, "payloads stay aligned");

extern unsigned char __heap_base;
static unsigned top;
static struct block *freed[kinds];

// Kinds 1 to 15 hold that many units. Above, the last three bits say 8 to 15, the others the shift.
static unsigned kind_of(unsigned units) {
    if (units < 16) return units;
    unsigned shift = 28 - (unsigned)__builtin_clz(units);
    return shift * 8 + ((units + (1u << shift) - 1) >> shift);
}

static unsigned units_of(unsigned kind) { return kind < 16 ? kind : (8 + kind % 8) << (kind / 8 - 1); }
