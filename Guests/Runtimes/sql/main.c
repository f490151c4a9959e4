// Reads every table of /data, then runs every query of /code: `/code/NAME.sql` gives `/output/NAME.csv`.
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

static const char format_ending[] = ".format.json";

static bool ends(const char *name, const char *with) {
    size_t count = strlen(name), length = strlen(with);
    return count > length && !strcmp(name + count - length, with);
}

static bool holds(struct names names, const char *name) {
    for (size_t i = 0; i < names.count; i++)
        if (!strcmp(names.start[i], name)) return true;
    return false;
}

// The content of a small file, copied.
static bool read_small(const char *folder, const char *file, struct text *content) {
    char path[160];
    struct text part, more;
    sqlite3_snprintf(sizeof path, path, "%s/%s", folder, file);
    if (!file_part(path, 0, &part)) return false;
    char *copy = malloc(part.count + 1);
    if (!copy) return fail_of_memory();
    memcpy(copy, part.start, part.count);
    copy[part.count] = 0;
    *content = (struct text){copy, part.count};
    return file_part(path, part.count, &more) && (!more.count || fail("%s: it is larger than 1 MiB", file));
}

// MARK: Data

// A database of SQLite's, which cannot be changed: its tables are `NAME.table`, or `table` where no other has the name.
static bool attach(sqlite3 *database, const char *file) {
    char name[128], path[160], *text;
    if (!table_name(file, name)) return false;
    sqlite3_snprintf(sizeof path, path, "/data/%s", file);
    text = sqlite3_mprintf("attach %Q as \"%w\"", path, name);
    if (!text) return fail_of_memory();
    int status = sqlite3_exec(database, text, NULL, NULL, NULL);
    sqlite3_free(text);
    // Only now is it read: whether it is a database is seen here.
    text = status ? NULL : sqlite3_mprintf("select count(*) from \"%w\".sqlite_schema", name);
    if (text) status = sqlite3_exec(database, text, NULL, NULL, NULL);
    sqlite3_free(text);
    if (status == SQLITE_NOMEM || sqlite3_extended_errcode(database) == SQLITE_IOERR_NOMEM) return fail_of_memory();
    return !status || fail("%s: it is damaged, is no database of SQLite 3, or another file has its name", file);
}

static bool load(sqlite3 *database, struct names names, const char *file) {
    if (ends(file, ".csv")) {
        char format_file[160];
        struct text format = {};
        sqlite3_snprintf(sizeof format_file, format_file, "%s%s", file, format_ending);
        bool is_loaded = (!holds(names, format_file) || read_small("/data", format_file, &format))
            && table_load(database, file, format);
        free((char *)format.start);
        return is_loaded;
    }
    if (ends(file, ".db")) return attach(database, file);
    if (ends(file, format_ending)) return true;
    return fail("/data/%s is neither NAME.csv nor NAME.db", file);
}

// MARK: What a query may do

// It reads, and calls functions that do nothing else.
static int judge(void *, int action, const char *, const char *second, const char *, const char *) {
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_FUNCTION: return second && !sqlite3_stricmp(second, "load_extension") ? SQLITE_DENY : SQLITE_OK;
    default: return SQLITE_DENY;
    }
}

static bool open_database(sqlite3 **database) {
    if (storage_start() || sqlite3_open_v2(":memory:", database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL))
        return fail_of_memory();
    sqlite3_db_config(*database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(*database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_limit(*database, SQLITE_LIMIT_LENGTH, 16 << 20);
    sqlite3_limit(*database, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
    // The first two: what is loaded stays as it is, and a database of others is looked at more closely.
    static const char settings[] = "pragma journal_mode = off; pragma cell_size_check = on; pragma temp_store = file;";
    if (sqlite3_exec(*database, settings, NULL, NULL, NULL)) return fail_of_memory();
    return !statistics_register(*database) && !regexp_register(*database) ? true : fail_of_memory();
}

static bool run_all(void) {
    sqlite3 *database;
    struct names data, code;
    if (!file_names("/data", &data) || !file_names("/code", &code) || !open_database(&database)) return false;
    bool has_query = false;
    for (size_t i = 0; i < code.count; i++) {
        if (!ends(code.start[i], ".sql")) return fail("/code/%s is not NAME.sql", code.start[i]);
        has_query = true;
    }
    if (!has_query) return fail("there is no query: mount one at /code/NAME.sql, which gives /output/NAME.csv");
    for (size_t i = 0; i < data.count; i++)
        if (!load(database, data, data.start[i])) return false;
    if (sqlite3_set_authorizer(database, judge, NULL)) return fail_of_memory();
    for (size_t i = 0; i < code.count; i++) {
        struct text query;
        if (!read_small("/code", code.start[i], &query) || !query_run(database, code.start[i], query)) return false;
        free((char *)query.start);
    }
    return true;
}

// Everything ends with the run, so that nothing is given back at its end.
__attribute__((export_name("wasi:cli/run@0.2.12#run"))) int run(void) {
    if (run_all()) return 0;
    file_log(failure());
    return 1;
}
