// What SQLite has instead of a file system. Temporary files lie in memory, in blocks, so that one that grows is never
// copied. A database below /data is read in blocks as it is used, and cannot be changed. There is no other file, no
// clock and no randomness: each run of the same queries over the same data is the same.
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

// A mounted file's block is one part of it.
enum { block_bytes = part_bytes, most_blocks = 4096 };

struct stored {
    sqlite3_file base;
    char **blocks;
    size_t block_count;
    uint64_t size;
    char path[128];  // empty for a temporary file
};

static struct stored *stored(sqlite3_file *file) { return (struct stored *)file; }

static int close_file(sqlite3_file *file) {
    struct stored *self = stored(file);
    for (size_t i = 0; i < self->block_count; i++) free(self->blocks[i]);
    free(self->blocks);
    self->blocks = NULL;
    self->block_count = 0;
    return SQLITE_OK;
}

// Room for the pointers to so many blocks.
static bool reserve(struct stored *self, uint64_t count) {
    if (count <= self->block_count) return true;
    if (count > most_blocks) return false;
    char **blocks = realloc(self->blocks, count * sizeof *blocks);
    if (!blocks) return false;
    memset(blocks + self->block_count, 0, (count - self->block_count) * sizeof *blocks);
    self->blocks = blocks;
    self->block_count = count;
    return true;
}

static char *block(struct stored *self, uint64_t index) {
    if (!self->blocks[index]) self->blocks[index] = calloc(1, block_bytes);
    return self->blocks[index];
}

// Takes one block of a mounted file, unless it is here already.
static int take(struct stored *self, uint64_t index) {
    if (self->blocks[index]) return SQLITE_OK;
    char *to = malloc(block_bytes);
    if (!to) return SQLITE_IOERR_NOMEM;
    size_t count;
    if (!file_part_into(self->path, index * block_bytes, to, &count)) return free(to), SQLITE_IOERR_READ;
    memset(to + count, 0, block_bytes - count);
    self->blocks[index] = to;
    return SQLITE_OK;
}

static int read_file(sqlite3_file *file, void *to, int count, sqlite3_int64 offset) {
    struct stored *self = stored(file);
    uint64_t start = (uint64_t)offset, left = start < self->size ? self->size - start : 0;
    bool is_short = left < (uint64_t)count;
    if (is_short) memset((char *)to + left, 0, (size_t)count - left);
    size_t rest = is_short ? left : (size_t)count;
    for (char *next = to; rest;) {
        uint64_t index = start / block_bytes;
        size_t place = start % block_bytes, piece = block_bytes - place < rest ? block_bytes - place : rest;
        if (self->path[0]) {
            int taken = take(self, index);
            if (taken) return taken;
        }
        if (self->blocks[index]) memcpy(next, self->blocks[index] + place, piece);
        else memset(next, 0, piece);
        next += piece, start += piece, rest -= piece;
    }
    return is_short ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int write_file(sqlite3_file *file, const void *from, int count, sqlite3_int64 offset) {
    struct stored *self = stored(file);
    if (self->path[0]) return SQLITE_READONLY;
    uint64_t start = (uint64_t)offset, end = start + (uint64_t)count;
    uint64_t needed = (end + block_bytes - 1) / block_bytes;
    // By an eighth more than is needed, so that the pointers are seldom moved.
    if (needed > self->block_count && !reserve(self, needed + needed / 8) && !reserve(self, needed))
        return SQLITE_IOERR_NOMEM;
    size_t rest = (size_t)count;
    for (const char *next = from; rest;) {
        size_t place = start % block_bytes, piece = block_bytes - place < rest ? block_bytes - place : rest;
        char *to = block(self, start / block_bytes);
        if (!to) return SQLITE_IOERR_NOMEM;
        memcpy(to + place, next, piece);
        next += piece, start += piece, rest -= piece;
    }
    if (end > self->size) self->size = end;
    return SQLITE_OK;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
    struct stored *self = stored(file);
    if (self->path[0]) return SQLITE_READONLY;
    if ((uint64_t)size < self->size) self->size = (uint64_t)size;
    return SQLITE_OK;
}

static int size_of_file(sqlite3_file *file, sqlite3_int64 *size) {
    *size = (sqlite3_int64)stored(file)->size;
    return SQLITE_OK;
}

static int sync_file(sqlite3_file *, int) { return SQLITE_OK; }
static int lock_file(sqlite3_file *, int) { return SQLITE_OK; }
static int is_reserved(sqlite3_file *, int *reserved) {
    *reserved = 0;
    return SQLITE_OK;
}
static int control_file(sqlite3_file *, int, void *) { return SQLITE_NOTFOUND; }
static int sector_size(sqlite3_file *) { return 4096; }
static int traits(sqlite3_file *file) {
    int all = SQLITE_IOCAP_ATOMIC | SQLITE_IOCAP_SAFE_APPEND | SQLITE_IOCAP_SEQUENTIAL;
    return stored(file)->path[0] ? all | SQLITE_IOCAP_IMMUTABLE : all;
}

// A mounted database's pages are used where they lie: a page is in one block, and nobody changes it.
static int fetch(sqlite3_file *file, sqlite3_int64 offset, int count, void **place) {
    struct stored *self = stored(file);
    uint64_t start = (uint64_t)offset, end = start + (uint64_t)count;
    *place = NULL;
    if (!self->path[0] || end > self->size || start / block_bytes != (end - 1) / block_bytes) return SQLITE_OK;
    int taken = take(self, start / block_bytes);
    if (!taken) *place = self->blocks[start / block_bytes] + start % block_bytes;
    return taken;
}
static int unfetch(sqlite3_file *, sqlite3_int64, void *) { return SQLITE_OK; }

static const sqlite3_io_methods methods = {
    .iVersion = 3,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = size_of_file,
    .xLock = lock_file,
    .xUnlock = lock_file,
    .xCheckReservedLock = is_reserved,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = traits,
    .xFetch = fetch,
    .xUnfetch = unfetch,
};

static int open_file(sqlite3_vfs *, const char *name, sqlite3_file *file, int flags, int *given) {
    struct stored *self = stored(file);
    *self = (struct stored){};
    if (name) {
        // Only what main.c attaches: a journal of it would have another kind, and there is none.
        size_t count = strlen(name);
        if (!(flags & SQLITE_OPEN_MAIN_DB) || strncmp(name, "/data/", 6) || count >= sizeof self->path)
            return SQLITE_CANTOPEN;
        memcpy(self->path, name, count + 1);
        if (!file_size(self->path, &self->size)) return SQLITE_CANTOPEN;
        if (!reserve(self, (self->size + block_bytes - 1) / block_bytes)) return SQLITE_NOMEM;
        flags = (flags & ~SQLITE_OPEN_READWRITE) | SQLITE_OPEN_READONLY;
    }
    self->base.pMethods = &methods;
    if (given) *given = flags;
    return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *, const char *, int) { return SQLITE_OK; }
static int access_file(sqlite3_vfs *, const char *, int, int *is) {
    *is = 0;
    return SQLITE_OK;
}
static int full_path(sqlite3_vfs *, const char *name, int count, char *path) {
    if (strlen(name) >= (size_t)count) return SQLITE_CANTOPEN;
    strcpy(path, name);
    return SQLITE_OK;
}
static int randomness(sqlite3_vfs *, int count, char *bytes) {
    memset(bytes, 0, (size_t)count);
    return count;
}
static int sleep_not(sqlite3_vfs *, int microseconds) { return microseconds; }
// 2000-01-01, as the virtual clock begins.
static int now(sqlite3_vfs *, double *days) {
    *days = 2451544.5;
    return SQLITE_OK;
}
static int last_error(sqlite3_vfs *, int, char *) { return 0; }

static sqlite3_vfs storage = {
    .iVersion = 1,
    .szOsFile = sizeof(struct stored),
    .mxPathname = sizeof((struct stored *)0)->path,
    .zName = "storage",
    .xOpen = open_file,
    .xDelete = delete_file,
    .xAccess = access_file,
    .xFullPathname = full_path,
    .xRandomness = randomness,
    .xSleep = sleep_not,
    .xCurrentTime = now,
    .xGetLastError = last_error,
};

int sqlite3_os_init(void) { return sqlite3_vfs_register(&storage, 1); }
int sqlite3_os_end(void) { return SQLITE_OK; }

int storage_start(void) { return sqlite3_initialize(); }
