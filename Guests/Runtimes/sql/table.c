// Comma-separated values become a table: RFC 4180 in UTF-8, lines that end with LF or CRLF, and nothing else.
//
// The types are the format's. Where there is none, the whole file is read once before to see what they are: INTEGER
// where each cell is empty or a plain whole number, else REAL where each is empty or a plain number, else TEXT.
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

enum { most_columns = 2000 };

enum type { NOTHING, INTEGER, REAL, TEXT, DATE, BOOLEAN };

struct column {
    const char *name;  // where the format has it, so that an error may say it
    enum type type;
    bool may_be_empty;
};

struct cell {
    const char *start;
    size_t count;
    bool is_quoted, is_escaped;
};

struct reader {
    const char *path;
    uint64_t offset;        // of what comes next of the file
    const char *next, *end;  // what has come of it
    bool is_last;
    uint64_t row;  // counted from 1 behind the header, which is 0
    size_t count;
    struct cell cells[most_columns];
};

struct table {
    const char *file;
    size_t count;
    struct column columns[most_columns];
};

static struct reader reader;
static struct table table;

static bool fail_in_row(const char *words) {
    if (!reader.row) return fail("%s: header: %s", table.file, words);
    return fail("%s: row %llu: %s", table.file, reader.row, words);
}

static bool fail_in_cell(size_t index, const char *words) {
    const char *name = table.columns[index].name;
    if (name) return fail("%s: row %llu, column %s: %s", table.file, reader.row, name, words);
    return fail("%s: row %llu, column %d: %s", table.file, reader.row, (int)index + 1, words);
}

// MARK: Rows

// Takes the next part of the file behind what is left of the last.
static bool refill(void) {
    size_t left = (size_t)(reader.end - reader.next);
    if (left > row_bytes) return fail_in_row("it is longer than 1 MiB, or a quote in it is never closed");
    char *start = file_space() - left;
    if (left) memmove(start, reader.next, left);
    struct text part;
    if (!file_part(reader.path, reader.offset, &part)) return false;
    reader.offset += part.count;
    reader.is_last = !part.count;
    reader.next = start;
    reader.end = part.start + part.count;
    return true;
}

static bool start_reading(const char *path) {
    reader.path = path;
    reader.offset = reader.row = reader.count = 0;
    reader.next = reader.end = NULL;
    if (!refill()) return false;
    if (reader.end - reader.next >= 3 && !memcmp(reader.next, "\xef\xbb\xbf", 3))
        return fail("%s: a byte order mark stands at its start: save it as UTF-8 without one", table.file);
    return true;
}

enum found { FAILED, ROW, PART, END };

// A quoted cell, from behind its quote to behind its last: NULL where it does not end in what has come.
static const char *skip_quoted(const char *next, bool *is_escaped) {
    for (; next < reader.end; next++) {
        if (*next != '"') continue;
        if (next + 1 < reader.end && next[1] == '"') *is_escaped = true, next++;
        else if (next + 1 < reader.end || reader.is_last) return next + 1;
        else return NULL;
    }
    return NULL;
}

static const bool ends_cell[256] = {[','] = true, ['\n'] = true, ['\r'] = true, ['"'] = true};

// Finds the cells of one row in what has come. Changes nothing unless the row is there as a whole.
static enum found find_cells(void) {
    const char *next = reader.next, *end = reader.end;
    if (next == end) return reader.is_last ? END : PART;
    for (reader.count = 0;; next++) {
        if (reader.count == most_columns) return fail_in_row("it has more than 2000 columns"), FAILED;
        struct cell cell = {next, 0, false, false};
        if (next < end && *next == '"') {
            cell.is_quoted = true;
            next = skip_quoted(next + 1, &cell.is_escaped);
            if (!next && reader.is_last) return fail_in_row("a quote is never closed"), FAILED;
            if (!next) return PART;
            cell.start++;
            cell.count = (size_t)(next - cell.start) - 1;
        } else {
            while (next < end && !ends_cell[(uint8_t)*next]) next++;
            cell.count = (size_t)(next - cell.start);
        }
        reader.cells[reader.count++] = cell;
        if (next == end && !reader.is_last) return PART;
        if (next == end || *next == '\n') break;
        if (*next == ',') continue;
        if (*next == '\r') {
            if (next + 1 == end && !reader.is_last) return PART;
            if (next + 1 < end && next[1] == '\n') {
                next++;
                break;
            }
            return fail_in_row("a line ends with CR alone"), FAILED;
        }
        if (cell.is_quoted) return fail_in_row("something stands behind a closing quote"), FAILED;
        return fail_in_row("a quote stands inside a cell that does not begin with one"), FAILED;
    }
    struct text row = {reader.next, (size_t)(next - reader.next)};
    if (!is_clean(row)) return fail_in_row("it holds a NUL, or is not UTF-8"), FAILED;
    reader.next = next < end ? next + 1 : end;
    return ROW;
}

// Takes one of each two quotes away, in place.
static void unescape(struct cell *cell) {
    char *to = (char *)cell->start;
    for (size_t from = 0; from < cell->count; from++) {
        if (cell->start[from] == '"') from++;
        *to++ = cell->start[from];
    }
    cell->count = (size_t)(to - cell->start);
}

static enum found next_row(void) {
    enum found found;
    while ((found = find_cells()) == PART)
        if (!refill()) return FAILED;
    for (size_t i = 0; found == ROW && i < reader.count; i++)
        if (reader.cells[i].is_escaped) unescape(&reader.cells[i]);
    return found;
}

// One more row that has as many cells as the header.
static enum found next_data_row(void) {
    reader.row++;
    enum found found = next_row();
    if (found != ROW || reader.count == table.count) return found;
    bool is_blank = reader.count == 1 && !reader.cells[0].count && !reader.cells[0].is_quoted;
    return fail_in_row(is_blank ? "it is empty" : "it has another number of cells than the header"), FAILED;
}

// MARK: Columns

static enum type type_named(const char *name) {
    static const struct {
        const char *name;
        enum type type;
    } types[] = {{"integer", INTEGER}, {"decimal", REAL}, {"text", TEXT}, {"date", DATE}, {"boolean", BOOLEAN}};
    for (size_t i = 0; name && i < sizeof types / sizeof *types; i++)
        if (!strcmp(types[i].name, name)) return types[i].type;
    return NOTHING;
}

// Types and names from the format, each column of the header being one of it.
static bool take_format(sqlite3 *database, struct text format) {
    static const char query[] =
        "select json_extract(value, '$.name'), json_extract(value, '$.type'),"
        " json_extract(value, '$.optional') from json_each(?1, '$.columns')"
        " where json_extract(?1, '$.kind') = 'csv'";
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database, query, -1, &statement, NULL)) return fail_of_memory();
    sqlite3_bind_text(statement, 1, format.start, (int)format.count, SQLITE_STATIC);
    size_t found = 0;
    int state;
    while ((state = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(statement, 0);
        size_t length = (size_t)sqlite3_column_bytes(statement, 0);
        enum type type = type_named((const char *)sqlite3_column_text(statement, 1));
        size_t i = 0;
        while (i < table.count && (reader.cells[i].count != length || memcmp(reader.cells[i].start, name, length))) i++;
        if (!name || type == NOTHING || i == table.count || table.columns[i].type != NOTHING) break;
        char *copy = strdup(name);
        if (!copy) break;
        table.columns[i] = (struct column){copy, type, sqlite3_column_int(statement, 2) != 0};
        found++;
    }
    sqlite3_finalize(statement);
    if (state != SQLITE_DONE || found != table.count)
        return fail("%s: its header and its format have other columns, or the format is not one of CSV", table.file);
    return true;
}

// Types from the cells, of the whole file.
static bool take_types(void) {
    for (size_t i = 0; i < table.count; i++) table.columns[i].may_be_empty = true;
    enum found found;
    while ((found = next_data_row()) == ROW) {
        for (size_t i = 0; i < table.count; i++) {
            struct column *column = &table.columns[i];
            struct text cell = {reader.cells[i].start, reader.cells[i].count};
            bool has_fraction;
            if (!cell.count || column->type == TEXT) continue;
            if (!number_is_plain(cell, &has_fraction)) column->type = TEXT;
            else if (has_fraction || column->type == NOTHING) column->type = has_fraction ? REAL : INTEGER;
        }
    }
    for (size_t i = 0; i < table.count; i++)
        if (table.columns[i].type == NOTHING) table.columns[i].type = TEXT;
    return found == END;
}

// Writes a name as SQL has names. False where there is no room.
static void append_name(sqlite3_str *to, struct text name) {
    sqlite3_str_appendchar(to, 1, '"');
    for (size_t i = 0; i < name.count; i++) sqlite3_str_appendchar(to, name.start[i] == '"' ? 2 : 1, name.start[i]);
    sqlite3_str_appendchar(to, 1, '"');
}

static bool are_names_sound(void) {
    for (size_t i = 0; i < table.count; i++) {
        struct cell one = reader.cells[i];
        if (!one.count || one.count > 256)
            return fail("%s: column %d has no name, or a long one", table.file, (int)i + 1);
        for (size_t j = 0; j < i; j++) {
            struct cell other = reader.cells[j];
            if (one.count == other.count && !sqlite3_strnicmp(one.start, other.start, (int)one.count))
                return fail("%s: columns %d and %d have one name", table.file, (int)j + 1, (int)i + 1);
        }
    }
    return true;
}

// MARK: Loading

static bool make_table(sqlite3 *database, const char *name, sqlite3_str *columns, sqlite3_stmt **insertion) {
    static const char *const types[] = {"TEXT", "INTEGER", "REAL", "TEXT", "TEXT", "INTEGER"};
    sqlite3_str *insert = sqlite3_str_new(database);
    sqlite3_str_appendf(insert, "insert into \"%w\" values (?", name);
    sqlite3_str *create = sqlite3_str_new(database);
    sqlite3_str_appendf(create, "create table \"%w\" (", name);
    const char *next = sqlite3_str_value(columns);
    for (size_t i = 0; next && i < table.count; i++) {
        size_t count = strlen(next);
        sqlite3_str_appendf(create, "%s%s %s", i ? ", " : "", next, types[table.columns[i].type]);
        if (i) sqlite3_str_appendall(insert, ", ?");
        next += count + 1;
    }
    sqlite3_str_appendall(create, ")");
    sqlite3_str_appendall(insert, ")");
    char *create_text = sqlite3_str_finish(create), *insert_text = sqlite3_str_finish(insert);
    bool is_made = create_text && insert_text && !sqlite3_exec(database, create_text, NULL, NULL, NULL)
        && !sqlite3_prepare_v2(database, insert_text, -1, insertion, NULL);
    sqlite3_free(create_text);
    sqlite3_free(insert_text);
    if (is_made) return true;
    if (sqlite3_errcode(database) == SQLITE_NOMEM) return fail_of_memory();
    return fail("%s: there cannot be a table %s: another file gives it, or the name is SQLite's own", table.file, name);
}

static bool bind(sqlite3_stmt *insertion, size_t i) {
    struct text cell = {reader.cells[i].start, reader.cells[i].count};
    struct column column = table.columns[i];
    int place = (int)i + 1;
    int64_t whole;
    double real;
    if (!cell.count) {
        if (!column.may_be_empty) return fail_in_cell(i, "it is empty");
        return !sqlite3_bind_null(insertion, place);
    }
    switch (column.type) {
    case INTEGER:
        if (!number_integer(cell, &whole)) return fail_in_cell(i, "it is not a whole number");
        return !sqlite3_bind_int64(insertion, place, whole);
    case REAL:
        if (!number_real(cell, &real)) return fail_in_cell(i, "it is not a number");
        return !sqlite3_bind_double(insertion, place, real);
    case BOOLEAN:
        if (cell.count == 4 && !sqlite3_strnicmp(cell.start, "true", 4)) return !sqlite3_bind_int(insertion, place, 1);
        if (cell.count == 5 && !sqlite3_strnicmp(cell.start, "false", 5)) return !sqlite3_bind_int(insertion, place, 0);
        return fail_in_cell(i, "it is neither true nor false");
    case DATE:
        if (!is_date(cell)) return fail_in_cell(i, "it is not a date such as 2026-01-31");
        break;
    default: break;
    }
    return !sqlite3_bind_text(insertion, place, cell.start, (int)cell.count, SQLITE_STATIC);
}

static bool insert_rows(sqlite3 *database, sqlite3_stmt *insertion) {
    enum found found;
    while ((found = next_data_row()) == ROW) {
        for (size_t i = 0; i < table.count; i++)
            if (!bind(insertion, i)) return fail_of_memory();
        if (sqlite3_step(insertion) != SQLITE_DONE || sqlite3_reset(insertion)) return fail_of_memory();
    }
    return found == END && (!sqlite3_exec(database, "commit", NULL, NULL, NULL) || fail_of_memory());
}

static bool load(sqlite3 *database, const char *name, sqlite3_str *columns) {
    sqlite3_stmt *insertion = NULL;
    if (sqlite3_exec(database, "begin", NULL, NULL, NULL)) return fail_of_memory();
    bool is_loaded = make_table(database, name, columns, &insertion) && insert_rows(database, insertion);
    sqlite3_finalize(insertion);
    return is_loaded;
}

bool table_load(sqlite3 *database, const char *file, struct text format) {
    char path[160], name[128];
    memset(&table, 0, sizeof table);
    table.file = file;
    sqlite3_snprintf(sizeof path, path, "/data/%s", file);
    if (!table_name(file, name) || !start_reading(path)) return false;
    enum found found = next_row();
    if (found == END) return fail("%s: it is empty, where a header should be", file);
    if (found != ROW) return false;
    table.count = reader.count;
    if (!are_names_sound()) return false;
    sqlite3_str *columns = sqlite3_str_new(database);
    for (size_t i = 0; i < table.count; i++) {
        append_name(columns, (struct text){reader.cells[i].start, reader.cells[i].count});
        sqlite3_str_appendchar(columns, 1, 0);
    }
    bool is_typed = format.count ? take_format(database, format) : take_types();
    // Types that were seen are those of all rows, which are read from the start again.
    if (is_typed && !format.count) is_typed = start_reading(path) && next_row() == ROW;
    bool is_loaded = is_typed && load(database, name, columns);
    sqlite3_free(sqlite3_str_finish(columns));
    for (size_t i = 0; i < table.count; i++) free((char *)table.columns[i].name);
    return is_loaded;
}

bool table_name(const char *file, char name[static 128]) {
    const char *point = strrchr(file, '.');
    size_t count = point ? (size_t)(point - file) : strlen(file);
    if (!count || count >= 128) return fail("%s: such a name gives no table", file);
    for (size_t i = 0; i < count; i++) name[i] = file[i] == '-' || file[i] == '.' ? '_' : file[i];
    name[count] = 0;
    return true;
}
