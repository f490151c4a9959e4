// Addresses that the processor cannot guess: caches, and what translates addresses, decide.
#include "kernels.h"

enum { LINE = 64, LINE_WORDS = LINE / sizeof(u32), DEGREE = 8, UNSEEN = 0xFFFFFFFF };

// Both chases go through one random cycle over all cache lines. `size` is in KiB.
static u32 *next;
static u32 line_count;

static u64 prepare_cycle(u32 kibibytes) {
    line_count = kibibytes * (1024 / LINE);
    next = reserve((usize)line_count * LINE);
    u64 random = SEED;
    for (u32 i = 0; i < line_count; i++) next[(usize)i * LINE_WORDS] = i;
    // Sattolo's shuffle: the permutation is a single cycle.
    for (u32 i = line_count - 1; i > 0; i--) {
        u32 j = (u32)(next_random(&random) % i);
        u32 kept = next[(usize)i * LINE_WORDS];
        next[(usize)i * LINE_WORDS] = next[(usize)j * LINE_WORDS];
        next[(usize)j * LINE_WORDS] = kept;
    }
    return random;
}

static u64 run_index_chase(u32 steps) {
    const u32 *lines = next;
    u32 at = 0;
    for (u32 step = 0; step < steps; step++) at = lines[(usize)at * LINE_WORDS];
    return at;
}

const struct kernel index_chase = {"index chase", prepare_cycle, run_index_chase};

// Eight of them at once, of which none waits for another.
static u64 run_chains(u32 steps) {
    const u32 *lines = next;
    u32 at[8];
    for (u32 chain = 0; chain < 8; chain++) at[chain] = (u32)((u64)line_count * chain / 8);
    for (u32 step = 0; step < steps; step += 8) {
        for (u32 chain = 0; chain < 8; chain++) at[chain] = lines[(usize)at[chain] * LINE_WORDS];
    }
    u64 checksum = 0;
    for (u32 chain = 0; chain < 8; chain++) checksum = checksum * 31 + at[chain];
    return checksum;
}

const struct kernel chains = {"8 chains", prepare_cycle, run_chains};

struct node {
    struct node *next;
    u32 value;
};

static u8 *nodes;

static struct node *node(u32 index) { return (struct node *)(nodes + (usize)index * LINE); }

static u64 prepare_pointer_chase(u32 kibibytes) {
    line_count = kibibytes * (1024 / LINE);
    nodes = reserve((usize)line_count * LINE);
    u64 random = SEED;
    for (u32 i = 0; i < line_count; i++) *node(i) = (struct node){node(i), i * 2654435761u};
    for (u32 i = line_count - 1; i > 0; i--) {
        struct node *other = node((u32)(next_random(&random) % i)), *kept = node(i)->next;
        node(i)->next = other->next;
        other->next = kept;
    }
    return random;
}

static u64 run_pointer_chase(u32 steps) {
    const struct node *at = node(0);
    u64 checksum = 0;
    for (u32 step = 0; step < steps; step++) {
        checksum += at->value;
        at = at->next;
    }
    return checksum;
}

const struct kernel pointer_chase = {"pointer chase", prepare_pointer_chase, run_pointer_chase};

// The HPC Challenge's random access: updates all over a table of a power of two of words.
static u64 *table;
static usize table_mask;

static u64 prepare_gups(u32 mebibytes) {
    usize count = ((usize)mebibytes << 20) / sizeof *table;
    table = reserve(count * sizeof *table);
    table_mask = count - 1;
    for (usize i = 0; i < count; i++) table[i] = i;
    return count;
}

static u64 run_gups(u32 updates) {
    u64 random = SEED, *words = table;
    usize mask = table_mask;
    for (u32 update = 0; update < updates; update++) {
        next_random(&random);
        words[(usize)random & mask] ^= random;
    }
    return words[(usize)random & mask];
}

const struct kernel gups = {"GUPS", prepare_gups, run_gups};

// Breadth-first search over a random graph. `size` is in thousands of vertices, each with eight neighbours.
static u32 *neighbours, *distance, *queue, vertex_count;

static u64 prepare_bfs(u32 thousands) {
    vertex_count = thousands * 1000;
    neighbours = reserve((usize)vertex_count * (DEGREE + 2) * sizeof(u32));
    distance = neighbours + (usize)vertex_count * DEGREE;
    queue = distance + vertex_count;
    u64 random = SEED;
    for (usize i = 0; i < (usize)vertex_count * DEGREE; i++) neighbours[i] = (u32)(next_random(&random) % vertex_count);
    return random;
}

static u64 search(u32 from) {
    const u32 *edges = neighbours;
    u32 *far = distance, *waiting = queue, head = 0, tail = 0;
    for (u32 i = 0; i < vertex_count; i++) far[i] = UNSEEN;
    far[from] = 0;
    waiting[tail++] = from;
    u64 checksum = 0;
    while (head < tail) {
        u32 vertex = waiting[head++], beyond = far[vertex] + 1;
        checksum += beyond;
        const u32 *edge = edges + (usize)vertex * DEGREE;
        for (u32 i = 0; i < DEGREE; i++) {
            u32 to = edge[i];
            if (far[to] != UNSEEN) continue;
            far[to] = beyond;
            waiting[tail++] = to;
        }
    }
    return checksum * 31 + tail;
}

static u64 run_bfs(u32 rounds) {
    u64 checksum = 0;
    for (u32 round = 0; round < rounds; round++) checksum = checksum * 31 + search(round % vertex_count);
    return checksum;
}

const struct kernel bfs = {"BFS", prepare_bfs, run_bfs};

// An equi-join of two tables: open addressing, half full. `size` is the binary logarithm of the rows in each.
struct slot {
    u32 key, row;
};

static u32 *build_keys, *probe_keys, rows, slot_mask;
static struct slot *slots;

static u64 prepare_hash_join(u32 logarithm) {
    rows = 1u << logarithm;
    slot_mask = 2 * rows - 1;
    slots = reserve((usize)rows * (2 * sizeof(struct slot) + 2 * sizeof(u32)));
    build_keys = (u32 *)(slots + 2 * (usize)rows);
    probe_keys = build_keys + rows;
    u64 random = SEED;
    // Zero marks an empty slot. Every other row of the second table has a partner in the first.
    for (u32 i = 0; i < rows; i++) build_keys[i] = (u32)next_random(&random) | 1;
    for (u32 i = 0; i < rows; i++) {
        u32 drawn = (u32)next_random(&random);
        probe_keys[i] = i & 1 ? build_keys[drawn & (rows - 1)] : drawn | 1;
    }
    return random;
}

static inline u32 home(u32 key) { return (u32)((key * 0x9E3779B97F4A7C15ull) >> 32) & slot_mask; }

static u64 run_hash_join(u32 rounds) {
    u64 checksum = 0;
    for (u32 round = 0; round < rounds; round++) {
        for (u32 i = 0; i <= slot_mask; i++) slots[i] = (struct slot){0, 0};
        for (u32 i = 0; i < rows; i++) {
            u32 key = build_keys[i], at = home(key);
            while (slots[at].key != 0 && slots[at].key != key) at = (at + 1) & slot_mask;
            slots[at] = (struct slot){key, i};
        }
        for (u32 i = 0; i < rows; i++) {
            u32 key = probe_keys[i], at = home(key);
            while (slots[at].key != 0 && slots[at].key != key) at = (at + 1) & slot_mask;
            if (slots[at].key == key) checksum += slots[at].row ^ i;
        }
        checksum *= 31;
    }
    return checksum;
}

const struct kernel hash_join = {"hash join", prepare_hash_join, run_hash_join};
