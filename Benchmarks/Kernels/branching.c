// Decisions, small allocations, calls through pointers, text.
#include "kernels.h"

// Quicksort of random words, from a copy each time. `size` is in thousands of words.
static u32 *unsorted, *sorted, length;

static u64 prepare_quicksort(u32 thousands) {
    length = thousands * 1000;
    unsorted = reserve((usize)length * 2 * sizeof(u32));
    sorted = unsorted + length;
    u64 random = SEED;
    for (u32 i = 0; i < length; i++) unsorted[i] = (u32)next_random(&random);
    return random;
}

static void insertion_sort(u32 *low, u32 *high) {
    for (u32 *next = low + 1; next < high; next++) {
        u32 value = *next, *place = next;
        for (; place > low && place[-1] > value; place--) *place = place[-1];
        *place = value;
    }
}

static u32 median(u32 a, u32 b, u32 c) {
    u32 low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

// Sorts [low, high): Hoare's partition, the shorter part by recursion.
static void quick_sort(u32 *low, u32 *high) {
    while (high - low > 24) {
        u32 pivot = median(low[0], low[(high - low) / 2], high[-1]);
        u32 *left = low - 1, *right = high;
        for (;;) {
            do left++;
            while (*left < pivot);
            do right--;
            while (*right > pivot);
            if (left >= right) break;
            u32 kept = *left;
            *left = *right;
            *right = kept;
        }
        u32 *middle = right + 1;
        if (middle - low < high - middle) {
            quick_sort(low, middle);
            low = middle;
        } else {
            quick_sort(middle, high);
            high = middle;
        }
    }
    insertion_sort(low, high);
}

static u64 run_quicksort(u32 rounds) {
    u64 checksum = 0;
    for (u32 round = 0; round < rounds; round++) {
        for (u32 i = 0; i < length; i++) sorted[i] = unsorted[i];
        quick_sort(sorted, sorted + length);
        for (u32 i = 0; i < length; i += length / 7) checksum = checksum * 31 + sorted[i];
    }
    return checksum;
}

const struct kernel quicksort = {"quicksort", prepare_quicksort, run_quicksort};

// Binary trees that are made, counted and freed, node by node. `size` is their depth.
struct tree_node {
    struct tree_node *left, *right;
};

static struct tree_node *pool, *pool_end, *unused, *free_nodes;
static u32 depth;

static u64 prepare_tree(u32 levels) {
    usize count = (usize)2 << levels;
    depth = levels;
    pool = unused = reserve(count * sizeof *pool);
    pool_end = pool + count;
    free_nodes = 0;
    return levels;
}

static struct tree_node *allocate(void) {
    struct tree_node *node = free_nodes;
    if (node) {
        free_nodes = node->left;
        return node;
    }
    if (unused == pool_end) __builtin_trap();
    return unused++;
}

static struct tree_node *grow(u32 levels) {
    struct tree_node *node = allocate();
    node->left = levels ? grow(levels - 1) : 0;
    node->right = levels ? grow(levels - 1) : 0;
    return node;
}

static u32 count_nodes(const struct tree_node *node) {
    return node ? 1 + count_nodes(node->left) + count_nodes(node->right) : 0;
}

static void fell(struct tree_node *node) {
    if (!node) return;
    fell(node->left);
    fell(node->right);
    node->left = free_nodes;
    free_nodes = node;
}

static u64 run_tree(u32 rounds) {
    u64 checksum = 0;
    for (u32 round = 0; round < rounds; round++) {
        struct tree_node *root = grow(depth);
        checksum = checksum * 31 + count_nodes(root);
        fell(root);
    }
    return checksum;
}

const struct kernel tree = {"tree allocation", prepare_tree, run_tree};

// A small interpreter: a program of random operations, each a call through a table. `size` is in thousands of them.
struct machine {
    u32 a, b;
};
typedef void operation(struct machine *);

static void add(struct machine *m) { m->a += m->b; }
static void mix(struct machine *m) { m->b ^= m->a << 7 | m->a >> 25; }
static void scale(struct machine *m) { m->a = m->a * 2654435761u + 1; }
static void swap(struct machine *m) {
    u32 kept = m->a;
    m->a = m->b;
    m->b = kept;
}
static void fold(struct machine *m) { m->b = (m->b ^ m->b >> 15) + m->a; }
static void skip(struct machine *m) { m->b--; }
static void shift(struct machine *m) { m->a = m->a >> 3 | m->b << 29; }
static void even(struct machine *m) { m->a += m->b & 1 ? 3 : 5; }

// Volatile, so that no compiler turns the table into a decision of its own.
static operation *volatile const operations[8] = {add, mix, scale, swap, fold, skip, shift, even};
static u8 *program;
static u32 program_length;

static u64 prepare_calls(u32 thousands) {
    program_length = thousands * 1000;
    program = reserve(program_length);
    u64 random = SEED;
    for (u32 i = 0; i < program_length; i++) program[i] = next_random(&random) >> 32 & 7;
    return random;
}

static u64 run_calls(u32 rounds) {
    struct machine machine = {1, 2};
    for (u32 round = 0; round < rounds; round++) {
        for (u32 i = 0; i < program_length; i++) operations[program[i]](&machine);
    }
    return (u64)machine.a << 32 | machine.b;
}

const struct kernel calls = {"indirect calls", prepare_calls, run_calls};

// A table as text: a number, an age, a decimal with two digits, one of four groups. `size` is in MiB.
static u8 *text;
static usize text_length;

static u8 *put_number(u8 *at, u32 number) {
    u8 digits[10];
    u32 count = 0;
    do digits[count++] = (u8)('0' + number % 10);
    while (number /= 10);
    while (count) *at++ = digits[--count];
    return at;
}

static u64 prepare_csv(u32 mebibytes) {
    usize room = (usize)mebibytes << 20;
    text = reserve(room);
    u8 *at = text;
    u64 random = SEED;
    for (u32 line = 0; (usize)(at - text) + 40 < room; line++) {
        u32 drawn = (u32)(next_random(&random) >> 16);
        at = put_number(at, line);
        *at++ = ',';
        at = put_number(at, 18 + drawn % 80);
        *at++ = ',';
        at = put_number(at, drawn >> 8 & 0xFFF);
        *at++ = '.';
        *at++ = (u8)('0' + (drawn >> 20) % 10);
        *at++ = (u8)('0' + (drawn >> 24) % 10);
        *at++ = ',';
        *at++ = (u8)('a' + (drawn >> 30));
        *at++ = '\n';
    }
    text_length = (usize)(at - text);
    return text_length;
}

// Reads digits, and a point among them that it counts as none: 12.34 is 1234.
static const u8 *read_number(const u8 *at, u32 *number) {
    u32 value = 0;
    for (;; at++) {
        if (*at == '.') continue;
        u32 digit = (u32)*at - '0';
        if (digit > 9) break;
        value = value * 10 + digit;
    }
    *number = value;
    return at;
}

static u64 run_csv(u32 rounds) {
    u64 checksum = 0;
    for (u32 round = 0; round < rounds; round++) {
        u64 sums[4] = {0}, counts[4] = {0};
        const u8 *at = text, *end = text + text_length;
        while (at < end) {
            u32 line, age, score;
            at = read_number(at, &line);
            at = read_number(at + 1, &age);
            at = read_number(at + 1, &score);
            u32 group = (u32)(at[1] - 'a') & 3;
            at += 3;
            sums[group] += (u64)score * (age > 65 ? 2 : 1) + line;
            counts[group]++;
        }
        for (u32 group = 0; group < 4; group++) checksum = checksum * 31 + sums[group] + counts[group];
    }
    return checksum;
}

const struct kernel csv = {"CSV parse", prepare_csv, run_csv};
