// A query, from its text to the file that holds its result.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

// MARK: Places

// Fails with a place in the query, which is counted in lines and in characters of the line.
static bool fail_at(const char *file, struct text query, size_t offset, const char *words) {
    int line = 1, column = 1;
    for (size_t i = 0; i < offset && i < query.count; i++) {
        if (query.start[i] == '\n') line++, column = 1;
        else if ((query.start[i] & 0xc0) != 0x80) column++;
    }
    return fail("%s: line %d, column %d: %s", file, line, column, words);
}

// MARK: What a query may hold

// The characters that show themselves, as Sources/Primitives/ShownCharacters.swift has them, in order.
static const uint32_t shown[][2] = {
    {0x20, 0x7e},       {0xa1, 0xac},       {0xae, 0x34e},      {0x350, 0x61b},     {0x61d, 0x115e},
    {0x1161, 0x167f},   {0x1681, 0x17b3},   {0x17b6, 0x180a},   {0x1810, 0x1fff},   {0x2010, 0x2027},
    {0x2030, 0x205e},   {0x2070, 0x27ff},   {0x2801, 0x2fff},   {0x3001, 0x3163},   {0x3165, 0xd7ff},
    {0xf900, 0xfdcf},   {0xfdf0, 0xfdff},   {0xfe10, 0xfefe},   {0xff00, 0xff9f},   {0xffa1, 0xffef},
    {0xfffd, 0xfffd},   {0x10000, 0x1342f}, {0x13443, 0x16fe3}, {0x16fe5, 0x1bc9f}, {0x1bca4, 0x1d158},
    {0x1d15a, 0x1d172}, {0x1d17b, 0x1fffd}, {0x20000, 0x2fffd}, {0x30000, 0x3fffd}};

// Whether who reads the query sees the character: it shows itself, or parts words and lines.
static bool is_visible(uint32_t code) {
    if (code == '\t' || code == '\n' || code == '\r') return true;
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (code <= shown[i][1]) return code >= shown[i][0];
    return false;
}

static bool is_readable(const char *file, struct text query) {
    const char *next = query.start, *end = query.start + query.count;
    while (next < end) {
        uint32_t code;
        size_t count = character(next, end, &code), offset = (size_t)(next - query.start);
        if (!count) return fail_at(file, query, offset, "this is not UTF-8");
        if (!is_visible(code)) return fail_at(file, query, offset, "a character stands here that nobody can see");
        next += count;
    }
    return true;
}

// MARK: Failures

static bool begins(const char *words, const char *with) { return !strncmp(words, with, strlen(with)); }

// Where the name that stands behind the last colon of SQLite's message is in the query, or else the whole offset.
static size_t place_of_name(struct text query, const char *words, size_t otherwise) {
    const char *colon = strrchr(words, ':'), *point = strrchr(words, '.');
    const char *name = colon ? (point > colon ? point + 1 : colon + 2) : NULL;
    size_t count = name ? strlen(name) : 0;
    for (size_t i = 0; count && i + count <= query.count; i++)
        if (!sqlite3_strnicmp(query.start + i, name, (int)count)) return i;
    return otherwise;
}

// SQLite's own words may hold anything, so these stand for them.
static bool fail_to_prepare(sqlite3 *database, const char *file, struct text query, size_t start) {
    static const struct {
        const char *theirs, *ours;
    } sentences[] = {
        {"no such column", "there is no such column"},
        {"no such table", "there is no such table"},
        {"no such function", "there is no such function"},
        {"ambiguous column name", "two tables have a column of this name: write table.column"},
        {"wrong number of arguments", "this function takes another number of arguments"},
        {"misuse of aggregate", "an aggregate cannot stand here"},
        {"misuse of window function", "a window function cannot stand here"},
        {"not authorized", "a query reads tables, and this is something else"},
        {"access to", "a query reads tables, and this is something else"},
        {"incomplete input", "the query ends too early"},
        {"unrecognized token", "this is no word of SQL"},
        {"SELECTs to the left and right", "both sides have to have as many columns"},
        {"sub-select returns", "this subquery has more than one column"},
    };
    const char *theirs = sqlite3_errmsg(database), *words = "this is not SQL that SQLite knows";
    if (sqlite3_errcode(database) == SQLITE_NOMEM) return fail_of_memory();
    int offset = sqlite3_error_offset(database);
    if (strstr(theirs, "may not be used as a window function")) words = "this function does not work over a window";
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (begins(theirs, sentences[i].theirs)) words = sentences[i].ours;
    if (begins(theirs, "incomplete input")) offset = (int)(query.count - start);
    struct text rest = {query.start + start, query.count - start};
    size_t place = offset >= 0 ? (size_t)offset : place_of_name(rest, theirs, 0);
    return fail_at(file, query, start + place, words);
}

static bool fail_to_step(sqlite3 *database, const char *file) {
    switch (sqlite3_errcode(database)) {
    case SQLITE_NOMEM: return fail_of_memory();
    case SQLITE_TOOBIG: return fail("%s: a text or blob is longer than 16 MiB", file);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return fail("%s: a database that it reads is damaged, or is none of SQLite 3", file);
    case SQLITE_AUTH: return fail("%s: a view of a database that it reads does what a query may not", file);
    case SQLITE_IOERR: break;
    case SQLITE_ERROR:
        if (function_failure) return fail("%s: %s", file, function_failure);
        if (!strcmp(sqlite3_errmsg(database), "integer overflow"))
            return fail("%s: a whole number is larger than 64 bits hold", file);
        break;
    }
    if (sqlite3_extended_errcode(database) == SQLITE_IOERR_NOMEM) return fail_of_memory();
    return fail("%s: it failed while it ran", file);
}

// MARK: The result

struct output {
    char *start;
    size_t count, room;
};

static bool put(struct output *output, const char *start, size_t count) {
    if (count > output->room - output->count) {
        size_t room = output->room * 2 > output->count + count ? output->room * 2 : output->count + count + 4096;
        char *larger = room > INT32_MAX ? NULL : realloc(output->start, room);
        if (!larger) return fail_of_memory();
        output->start = larger;
        output->room = room;
    }
    memcpy(output->start + output->count, start, count);
    output->count += count;
    return true;
}

// A cell, in quotes where it holds what would end it; the empty text too, so that it is no NULL.
static bool put_text(struct output *output, struct text text) {
    bool is_plain = text.count > 0;
    for (size_t i = 0; i < text.count && is_plain; i++) is_plain = !memchr(",\"\r\n", text.start[i], 4);
    if (is_plain) return put(output, text.start, text.count);
    bool is_put = put(output, "\"", 1);
    for (size_t i = 0; i < text.count && is_put; i++)
        is_put = put(output, text.start + i, 1) && (text.start[i] != '"' || put(output, "\"", 1));
    return is_put && put(output, "\"", 1);
}

// The shortest text of 15 or 17 digits that is the same number again.
static bool put_real(struct output *output, double value) {
    char digits[40];
    sqlite3_snprintf(sizeof digits, digits, "%!.15g", value);
    if (strtod(digits, NULL) != value) sqlite3_snprintf(sizeof digits, digits, "%!.17g", value);
    return put(output, digits, strlen(digits));
}

static bool put_cell(struct output *output, const char *file, sqlite3_stmt *statement, int index) {
    char digits[24];
    struct text text;
    switch (sqlite3_column_type(statement, index)) {
    case SQLITE_NULL: return true;
    case SQLITE_INTEGER:
        sqlite3_snprintf(sizeof digits, digits, "%lld", sqlite3_column_int64(statement, index));
        return put(output, digits, strlen(digits));
    case SQLITE_FLOAT:
        if (!isfinite(sqlite3_column_double(statement, index)))
            return fail("%s: column %d of the result holds a number that is infinite", file, index + 1);
        return put_real(output, sqlite3_column_double(statement, index));
    case SQLITE_TEXT:
        text.start = (const char *)sqlite3_column_text(statement, index);
        if (!text.start) return fail_of_memory();
        text.count = (size_t)sqlite3_column_bytes(statement, index);
        if (!is_clean(text))
            return fail("%s: column %d of the result holds a text that is not UTF-8, or has a NUL", file, index + 1);
        return put_text(output, text);
    default: return fail("%s: column %d of the result holds a blob: give hex() of it", file, index + 1);
    }
}

static bool put_rows(struct output *output, sqlite3 *database, const char *file, sqlite3_stmt *statement) {
    int columns = sqlite3_column_count(statement), state;
    for (int i = 0; i < columns; i++) {
        const char *name = sqlite3_column_name(statement, i);
        if (!name) return fail_of_memory();
        struct text text = {name, strlen(name)};
        if (!is_clean(text)) return fail("%s: the name of column %d is not UTF-8", file, i + 1);
        if ((i && !put(output, ",", 1)) || !put_text(output, text)) return false;
    }
    if (!put(output, "\n", 1)) return false;
    while ((state = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < columns; i++)
            if ((i && !put(output, ",", 1)) || !put_cell(output, file, statement, i)) return false;
        if (!put(output, "\n", 1)) return false;
    }
    return state == SQLITE_DONE || fail_to_step(database, file);
}

// MARK: The query

// The one statement of the query, where it is one that reads.
static bool prepare(sqlite3 *database, const char *file, struct text query, sqlite3_stmt **statement) {
    const char *rest = query.start, *end = query.start + query.count;
    sqlite3_stmt *more = NULL;
    while (!*statement && rest < end) {
        const char *start = rest;
        if (sqlite3_prepare_v2(database, start, (int)(end - start), statement, &rest))
            return fail_to_prepare(database, file, query, (size_t)(start - query.start));
    }
    if (!*statement) return fail("%s: it holds no statement", file);
    while (rest < end) {
        const char *start = rest;
        bool is_more = sqlite3_prepare_v2(database, start, (int)(end - start), &more, &rest) || more;
        sqlite3_finalize(more);
        while (start < end && strchr(" \t\r\n;", *start)) start++;
        if (is_more) return fail_at(file, query, (size_t)(start - query.start), "a second statement begins");
    }
    if (!sqlite3_column_count(*statement) || !sqlite3_stmt_readonly(*statement))
        return fail_at(file, query, 0, "a query reads tables, and this is something else");
    return true;
}

bool query_run(sqlite3 *database, const char *file, struct text query) {
    if (!is_readable(file, query)) return false;
    sqlite3_stmt *statement = NULL;
    struct output output = {};
    char path[160];
    sqlite3_snprintf(sizeof path, path, "/output/%.*s.csv", (int)strlen(file) - 4, file);
    function_failure = NULL;
    bool is_done = prepare(database, file, query, &statement) && put_rows(&output, database, file, statement)
        && file_write(path, (struct text){output.start, output.count});
    sqlite3_finalize(statement);
    free(output.start);
    return is_done;
}
