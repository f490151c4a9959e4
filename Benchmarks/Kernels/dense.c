// Much arithmetic for each byte. All numbers are small integers, so that every sum is exact: a build that fuses
// multiplication and addition must come to the same checksum as one that does not.
#include "kernels.h"

enum { TILE = 4, COLUMNS = 8 };

// Matrices of `size` rows and columns, of which a multiple of four is taken.
static double *product, *first, *second, *panel;
static usize dimension;

static u64 prepare_matmul(u32 size) {
    dimension = size / TILE * TILE;
    usize cells = dimension * dimension;
    product = reserve((3 * cells + TILE * dimension) * sizeof(double));
    first = product + cells;
    second = first + cells;
    panel = second + cells;
    u64 random = SEED;
    for (usize i = 0; i < cells; i++) {
        product[i] = 0;
        first[i] = (double)(next_random(&random) % 100);
        second[i] = (double)(next_random(&random) % 100);
    }
    return random;
}

// Four rows by four columns of the product: a sum of products of a row with the panel.
static inline void multiply_tile(usize row, usize column) {
    usize n = dimension;
    const double *restrict a = first + row * n;
    const double *restrict b = panel;
    double sums[TILE][TILE] = {{0}};
    for (usize k = 0; k < n; k++) {
        for (usize r = 0; r < TILE; r++) {
            double factor = a[r * n + k];
            for (usize c = 0; c < TILE; c++) sums[r][c] += factor * b[k * TILE + c];
        }
    }
    for (usize r = 0; r < TILE; r++) {
        for (usize c = 0; c < TILE; c++) product[(row + r) * n + column + c] = sums[r][c];
    }
}

static u64 run_matmul(u32 rounds) {
    usize n = dimension;
    u64 checksum = 0;
    for (u32 round = 0; round < rounds; round++) {
        for (usize column = 0; column < n; column += TILE) {
            // Four columns of the second matrix, row after row, as the tiles read them.
            for (usize k = 0; k < n; k++) {
                for (usize c = 0; c < TILE; c++) panel[k * TILE + c] = second[k * n + column + c];
            }
            for (usize row = 0; row < n; row += TILE) multiply_tile(row, column);
        }
        checksum = checksum * 31 + (u64)product[(round * 977) % (n * n)];
        BARRIER();
    }
    return checksum;
}

const struct kernel matmul = {"matmul", prepare_matmul, run_matmul};

// What a regression needs of a table: sums and cross products of eight columns, without a matrix in between.
static double *table;
static usize row_count;

static u64 prepare_moments(u32 mebibytes) {
    row_count = ((usize)mebibytes << 20) / (COLUMNS * sizeof(double));
    table = reserve(row_count * COLUMNS * sizeof(double));
    u64 random = SEED;
    for (usize i = 0; i < row_count * COLUMNS; i++) table[i] = (double)(next_random(&random) % 200);
    return random;
}

static u64 run_moments(u32 rounds) {
    u64 checksum = 0;
    for (u32 round = 0; round < rounds; round++) {
        double sums[COLUMNS] = {0}, products[COLUMNS][COLUMNS] = {{0}};
        const double *row = table;
        for (usize i = 0; i < row_count; i++, row += COLUMNS) {
            for (usize a = 0; a < COLUMNS; a++) {
                sums[a] += row[a];
                for (usize b = 0; b < COLUMNS; b++) products[a][b] += row[a] * row[b];
            }
        }
        for (usize a = 0; a < COLUMNS; a++) {
            checksum = checksum * 31 + (u64)sums[a];
            for (usize b = a; b < COLUMNS; b++) checksum = checksum * 31 + (u64)products[a][b];
        }
        BARRIER();
    }
    return checksum;
}

const struct kernel moments = {"moments", prepare_moments, run_moments};

// SHA-256 (FIPS 180-4) of a message of whole blocks, without its padding.
static const u32 constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static u32 *message;
static usize block_count;

static u64 prepare_sha256(u32 mebibytes) {
    block_count = ((usize)mebibytes << 20) / 64;
    message = reserve(block_count * 64);
    u64 random = SEED;
    for (usize i = 0; i < block_count * 16; i++) message[i] = (u32)next_random(&random);
    return random;
}

static inline u32 rotate(u32 word, u32 count) { return word >> count | word << (32 - count); }

static void compress(u32 state[8], const u32 *block) {
    u32 schedule[64];
    for (u32 t = 0; t < 16; t++) schedule[t] = __builtin_bswap32(block[t]);
    for (u32 t = 16; t < 64; t++) {
        u32 x = schedule[t - 15], y = schedule[t - 2];
        schedule[t] = schedule[t - 16] + schedule[t - 7] + (rotate(x, 7) ^ rotate(x, 18) ^ x >> 3)
            + (rotate(y, 17) ^ rotate(y, 19) ^ y >> 10);
    }
    u32 a = state[0], b = state[1], c = state[2], d = state[3];
    u32 e = state[4], f = state[5], g = state[6], h = state[7];
    for (u32 t = 0; t < 64; t++) {
        u32 one = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (g ^ (e & (f ^ g))) + constants[t] + schedule[t];
        u32 two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) | (c & (a | b)));
        h = g, g = f, f = e, e = d + one;
        d = c, c = b, b = a, a = one + two;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

static u64 run_sha256(u32 rounds) {
    u32 state[8] = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    };
    for (u32 round = 0; round < rounds; round++) {
        for (usize i = 0; i < block_count; i++) compress(state, message + 16 * i);
    }
    return (u64)state[0] << 32 | state[7];
}

const struct kernel sha256 = {"sha256", prepare_sha256, run_sha256};
