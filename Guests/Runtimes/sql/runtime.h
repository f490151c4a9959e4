// The runtime `sql`: what its parts know of each other. docs/LANGUAGES.md says what it does.
//
// Everything that is mounted is hostile. What a function says when it fails reaches others, so no message holds a value
// of any data or a word of any query: names of files and columns that the manifest has, places, and fixed words.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sqlite3.h"

struct text {
    const char *start;
    size_t count;
};

// MARK: Failures

/// Notes why the run fails, in sqlite3_snprintf's form, unless something has failed already. Always false.
bool fail(const char *form, ...);
/// What was noted.
struct text failure(void);
/// Notes that memory ran out.
bool fail_of_memory(void);

// MARK: Files

/// As much as one call reads: the bound of `read-part`.
enum { part_bytes = 1 << 20 };
/// So much of the memory before a part is for the row that the last one cut in two.
enum { row_bytes = 1 << 20 };

/// Where each part begins. `row_bytes` before it are the caller's.
char *file_space(void);
/// Reads a part of a file. Valid until the next call.
bool file_part(const char *path, uint64_t offset, struct text *part);
/// Reads a part of a file to where there is room for `part_bytes`.
bool file_part_into(const char *path, uint64_t offset, char *place, size_t *count);
/// How many bytes a file has.
bool file_size(const char *path, uint64_t *size);

/// The names in a folder in the order of their bytes, copied; none where there is no such folder.
struct names {
    char **start;
    size_t count;
};
bool file_names(const char *folder, struct names *names);

bool file_write(const char *path, struct text content);
void file_log(struct text line);

// MARK: Storage

/// Registers what SQLite has instead of a file system: temporary files in memory, and the databases below /data.
int storage_start(void);

// MARK: Tables

/// Reads `/data/NAME.csv` into a table. `format` is the text of its format, or empty.
bool table_load(sqlite3 *database, const char *file, struct text format);
/// The table's name for a file's: what stands before the last point, with `_` for every `-` and other point.
bool table_name(const char *file, char name[static 128]);

// MARK: Numbers

enum { most_digits = 18 };
bool number_integer(struct text text, int64_t *value);
bool number_real(struct text text, double *value);
/// Whether a number is written as numbers are where nobody said what they are: without leading zeros, and an exponent
/// with its sign.
bool number_is_plain(struct text text, bool *has_fraction);
bool is_date(struct text text);

// MARK: Text

/// The length of the character that begins here, or 0 where none of UTF-8 does.
size_t character(const char *start, const char *end, uint32_t *code);
/// Whether text is UTF-8 without NUL.
bool is_clean(struct text text);

// MARK: Queries

/// Adds the functions that SQLite does not have.
int statistics_register(sqlite3 *database);
int regexp_register(sqlite3 *database);
/// What one of them last failed with, or NULL: fixed words.
extern const char *function_failure;

/// Runs the query of `/code/NAME.sql` and writes `/output/NAME.csv`.
bool query_run(sqlite3 *database, const char *file, struct text query);
