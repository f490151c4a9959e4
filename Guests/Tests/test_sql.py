"""The runtime `sql`: what it computes, and that nothing that is mounted does more than that."""

import json
import pathlib
import random
import re
import sqlite3
import tempfile
import unittest

from sql_engine import PYTHON, ROOT, Runtime, build

RUNTIME = None


def setUpModule():
    global RUNTIME
    if not PYTHON.is_dir():
        raise unittest.SkipTest("scripts/setup --tests was not run")
    RUNTIME = Runtime(build())


class Queries(unittest.TestCase):
    """Success, and refusals whose whole text is known."""

    def rows(self, sql, **tables):
        ended = RUNTIME.query(sql, **tables)
        self.assertEqual((ended.ending, ended.log), ("ok", []), sql)
        return ended.rows()

    def refused(self, words, sql, **tables):
        ended = RUNTIME.query(sql, **tables)
        self.assertEqual((ended.ending, ended.outputs, ended.log), ("error", {}, [words]))


class Tables(Queries):
    PEOPLE = "id,region,x\n1,north,1.5\n2,south,\n3,north,2\n4,,-0.25\n"

    def test_types_are_seen_from_all_rows(self):
        text = "a,b,c,d,e,f,g\n1,1,007,x,,1e-05,2026-01-31\n-2,2.5,1,2,,3,12E4\n"
        rows = self.rows("select typeof(a),typeof(b),typeof(c),typeof(d),typeof(e),typeof(f),typeof(g) from t", t=text)
        self.assertEqual(rows[1], ["integer", "real", "text", "text", "null", "real", "text"])

    def test_groups_joins_windows_and_recursion_give_what_sqlite_gives(self):
        regions = "name,head\nnorth,ada\nsouth,bob\n"
        queries = [
            "select region, count(*) n, sum(x) s, avg(x) m from t group by region having n > 0 order by region",
            "select t.id, r.head from t left join r on r.name = t.region order by t.id",
            "select id, rank() over (partition by region order by x), lag(x) over (order by id) from t order by 1",
            "with recursive c(n) as (select 1 union all select n + 1 from c where n < 5) select sum(n) from c",
            "select json_group_array(id), round(sqrt(16)), upper(region), printf('%05d', id) from t",
        ]
        native = sqlite3.connect(":memory:")
        native.executescript(
            "create table t(id integer, region text, x real); create table r(name text, head text);"
            "insert into t values (1,'north',1.5),(2,'south',null),(3,'north',2),(4,null,-0.25);"
            "insert into r values ('north','ada'),('south','bob')"
        )
        for query in queries:
            expected = [["" if v is None else str(v) for v in row] for row in native.execute(query)]
            self.assertEqual(self.rows(query, t=self.PEOPLE, r=regions)[1:], expected, query)

    def test_a_format_names_the_types_and_the_columns_in_errors(self):
        columns = [
            {"name": "x", "type": "decimal", "fractionDigits": 1, "optional": True},
            {"name": "day", "type": "date"},
            {"name": "id", "type": "integer"},
            {"name": "is-in", "type": "boolean"},
            {"name": "code", "type": "text", "maximumCharacters": 9, "characters": "ascii"},
        ]
        format = json.dumps({"kind": "csv", "maximumRows": 9, "columns": columns}).encode()
        sql = b'select typeof(id), id, x, day, "is-in", code, typeof(x) from t'

        def run(row):
            files = {"/data/t.csv": b"id,x,day,is-in,code\n" + row, "/data/t.csv.format.json": format}
            return RUNTIME.run(files | {"/code/q.sql": sql})

        ended = run(b"1.2e1,,2024-02-29,True,007\n")
        self.assertEqual(ended.rows()[1], ["integer", "12", "", "2024-02-29", "1", "007", "null"])
        faults = {
            b"1,2,2024-02-30,true,a\n": "t.csv: row 1, column day: it is not a date such as 2026-01-31",
            b"1.5,2,2024-02-29,true,a\n": "t.csv: row 1, column id: it is not a whole number",
            b"1,SECRET,2024-02-29,true,a\n": "t.csv: row 1, column x: it is not a number",
            b"1,2,2024-02-29,1,a\n": "t.csv: row 1, column is-in: it is neither true nor false",
            b"1,2,2024-02-29,true,\n": "t.csv: row 1, column code: it is empty",
        }
        for row, words in faults.items():
            self.assertEqual((run(row).ending, run(row).log), ("error", [words]))

    def test_a_format_of_other_columns_is_refused(self):
        words = ["t.csv: its header and its format have other columns, or the format is not one of CSV"]
        column = '{"name": "%s", "type": "integer"}'
        formats = [
            '"any"',
            "{}",
            "[",
            '{"kind": "text"}',
            '{"kind": "csv", "columns": []}',
            '{"kind": "csv", "columns": 7}',
            '{"kind": "csv", "columns": [%s]}' % (column % "a"),
            '{"kind": "csv", "columns": [%s, %s]}' % (column % "a", column % "a"),
            '{"kind": "csv", "columns": [%s, %s, %s]}' % (column % "a", column % "b", column % "c"),
            '{"kind": "csv", "columns": [%s, {"name": "b", "type": "blob"}]}' % (column % "a"),
            '{"kind": "csv", "columns": [%s, {"type": "integer"}]}' % (column % "a"),
        ]
        for format in formats:
            files = {
                "/data/t.csv": b"a,b\n1,2\n",
                "/data/t.csv.format.json": format.encode(),
                "/code/q.sql": b"select 1",
            }
            ended = RUNTIME.run(files)
            self.assertEqual((ended.ending, ended.log), ("error", words), format)

    def test_numbers_are_those_that_python_reads(self):
        random.seed(11)
        numbers = [
            f"{random.choice(['', '-'])}{random.randint(0, 10 ** random.randint(0, 9))}"
            f".{random.randint(0, 10 ** random.randint(1, 8))}{random.choice(['', 'e-7', 'e+12', 'e-300', 'e+290'])}"
            for _ in range(4000)
        ] + ["0.1", "-0.0", "9007199254740993.0", "123456789012345678.0", "0.000000000000000000000001", "1.0e+22"]
        rows = self.rows("select x from t", t="x\n" + "\n".join(numbers) + "\n")
        self.assertEqual([float(row[0]) for row in rows[1:]], [float(number) for number in numbers])

    def test_several_queries_each_give_an_output(self):
        files = {
            "/data/t.csv": b"x\n1\n2\n",
            "/code/one.sql": b"select sum(x) s from t",
            "/code/two.sql": b"select 7 n",
        }
        outputs = RUNTIME.run(files).outputs
        self.assertEqual(outputs, {"/output/one.csv": b"s\n3\n", "/output/two.csv": b"n\n7\n"})

    def test_texts_are_quoted_and_null_is_not_the_empty_text(self):
        text = 'a\n"x,""y"""\n"two\nlines"\nplain\n'
        rows = RUNTIME.query("select a, '' e, null n from t", t=text).outputs["/output/q.csv"]
        self.assertEqual(rows, b'a,e,n\n"x,""y""","",\n"two\nlines","",\nplain,"",\n')

    def test_a_row_across_parts_of_the_file_is_one_row(self):
        long = "é" * 200_000
        text = "a,b\n" + "".join(f'{i},"{long}""{i}"\r\n' for i in range(9))
        rows = self.rows("select a, length(b), substr(b, -2) from t", t=text)
        self.assertEqual(rows[1:], [[str(i), "200002", f'"{i}'] for i in range(9)])

    def test_names_with_points_and_dashes_become_tables(self):
        files = {"/data/a-b.2024.csv": b"x\n1\n", "/code/q.sql": b"select x from a_b_2024"}
        self.assertEqual(RUNTIME.run(files).rows(), [["x"], ["1"]])


class Faults(Queries):
    """Files that are no CSV. What they hold is not told."""

    CASES = {
        b"": "t.csv: it is empty, where a header should be",
        b"\xef\xbb\xbfa\n1\n": "t.csv: a byte order mark stands at its start: save it as UTF-8 without one",
        b'a,b\n1,"SECRET\n': "t.csv: row 1: a quote is never closed",
        b'a,"b\n': "t.csv: header: a quote is never closed",
        b"a,b\n1,SE\0CRET\n": "t.csv: row 1: it holds a NUL, or is not UTF-8",
        b"a,b\n1,SE\xffCRET\n": "t.csv: row 1: it holds a NUL, or is not UTF-8",
        b"a\n\xed\xa0\x80\n": "t.csv: row 1: it holds a NUL, or is not UTF-8",
        b"a\n\xc0\x80\n": "t.csv: row 1: it holds a NUL, or is not UTF-8",
        b"a,b\n1\n": "t.csv: row 1: it has another number of cells than the header",
        b"a,b\n1,2\n1,2,SECRET\n": "t.csv: row 2: it has another number of cells than the header",
        b"a,b\n1,2\n\n": "t.csv: row 2: it is empty",
        b"a,b\r1,2\r": "t.csv: header: a line ends with CR alone",
        b"a,b\n1,SE\rCRET\n": "t.csv: row 1: a line ends with CR alone",
        b'a,b\n1,SE"CRET"\n': "t.csv: row 1: a quote stands inside a cell that does not begin with one",
        b'a,b\n1,"SE"CRET\n': "t.csv: row 1: something stands behind a closing quote",
        b"a,a\n1,2\n": "t.csv: columns 1 and 2 have one name",
        b"SECRET,secret\n1,2\n": "t.csv: columns 1 and 2 have one name",
        b"a,\n1,2\n": "t.csv: column 2 has no name, or a long one",
        b"a" * 257 + b"\n1\n": "t.csv: column 1 has no name, or a long one",
        b",".join(b"c%d" % i for i in range(10000)) + b"\n": "t.csv: header: it has more than 2000 columns",
        b"a\n" + b"x" * (3 << 20) + b"\n": "t.csv: row 1: it is longer than 1 MiB, or a quote in it is never closed",
        b'a\n"' + b"x\n" * (1 << 20): "t.csv: row 1: it is longer than 1 MiB, or a quote in it is never closed",
    }

    def test_each_is_refused_by_its_place_and_without_its_content(self):
        for content, words in self.CASES.items():
            self.refused(words, "select 1", t=content)
            self.assertNotIn("SECRET", words)

    def test_what_every_dialect_has_is_taken(self):
        for content in [b"a,b\r\n1,2\r\n", b"a,b\n1,2", b'"a","b"\n"1","2"', b"a,b\n1,2\r\n"]:
            self.assertEqual(self.rows("select a + b s from t", t=content), [["s"], ["3"]])
        many = ",".join(f"c{i}" for i in range(2000))
        self.assertEqual(self.rows("select c1999 from t", t=f"{many}\n{many}\n"), [["c1999"], ["c1999"]])

    def test_names_in_a_header_are_no_sql(self):
        name = 'x" integer); drop table t; --'
        quoted = '"' + name.replace('"', '""') + '"'
        self.assertEqual(self.rows("select * from t", t=f"{quoted}\n1\n"), [[name], ["1"]])

    def test_random_changes_of_a_file_end_with_a_table_or_a_refusal(self):
        random.seed(12)
        seed = b'a,b,c\r\n1,"x,""y""",2.5\n2,\xc3\xa9,-1e-05\n3,,7\n'
        for _ in range(1500):
            content = bytearray(seed)
            for _ in range(random.randint(1, 4)):
                place, byte = random.randrange(len(content)), random.choice(b'",\n\r\0\xff\xc3a1.-')
                random.choice([lambda: content.insert(place, byte), lambda: content.__setitem__(place, byte)])()
            ended = RUNTIME.query("select count(*) n from t", t=bytes(content))
            self.assertIn(ended.ending, ("ok", "error"), (bytes(content), ended.log))

    def test_two_tables_of_one_name_are_refused(self):
        for one, other in [("a-b.csv", "a_b.csv"), ("T.csv", "t.csv"), ("t.csv", "t.x.csv")]:
            files = {f"/data/{one}": b"x\n1\n", f"/data/{other}": b"x\n2\n", "/code/q.sql": b"select 1"}
            ended = RUNTIME.run(files)
            if one == "t.csv":
                self.assertEqual(ended.ending, "ok")
            else:
                self.assertEqual(ended.ending, "error")
                self.assertIn("another file gives it", ended.log[0])

    def test_files_of_other_kinds_and_missing_queries_are_refused(self):
        cases = {
            "/data/x.txt is neither NAME.csv nor NAME.db": {"/data/x.txt": b"", "/code/q.sql": b"select 1"},
            "/code/q.py is not NAME.sql": {"/code/q.py": b""},
            "there is no query: mount one at /code/NAME.sql, which gives /output/NAME.csv": {"/data/t.csv": b"x\n"},
            "sqlite_x.csv: there cannot be a table sqlite_x: another file gives it, or the name is SQLite's own": {
                "/data/sqlite_x.csv": b"x\n",
                "/code/q.sql": b"select 1",
            },
        }
        for words, files in cases.items():
            ended = RUNTIME.run(files)
            self.assertEqual((ended.ending, ended.log), ("error", [words]))


class Refusals(Queries):
    """Queries that are none, or want more than to read."""

    AMBIGUOUS = "two tables have a column of this name: write table.column"

    def test_faults_are_told_by_line_and_column_without_a_word_of_the_query(self):
        cases = {
            "select\n  SECRET from t": "q.sql: line 2, column 3: there is no such column",
            "select x from\n SECRET": "q.sql: line 2, column 2: there is no such table",
            "select x,\n SECRET(x) from t": "q.sql: line 2, column 2: there is no such function",
            "select x\nfro t where": "q.sql: line 2, column 5: this is not SQL that SQLite knows",
            "select 'é', @ from t": "q.sql: line 1, column 13: this is no word of SQL",
            "select x from t where (": "q.sql: line 1, column 24: the query ends too early",
            "select sum(x, x) from t": "q.sql: line 1, column 8: this function takes another number of arguments",
            "select median(x) over () from t": "q.sql: line 1, column 8: this function does not work over a window",
            "select x from t; select x from t": "q.sql: line 1, column 18: a second statement begins",
            "select x from t where sum(x) > 1": "q.sql: line 1, column 23: an aggregate cannot stand here",
            "select a.x, x from t a, t b": f"q.sql: line 1, column 13: {self.AMBIGUOUS}",
            "": "q.sql: it holds no statement",
            "-- nothing\n;;": "q.sql: it holds no statement",
        }
        for sql, words in cases.items():
            self.refused(words, sql, t="x\n1\n")
        self.assertEqual(self.rows("select x from t -- the end\n;\n/* and more */", t="x\n1\n"), [["x"], ["1"]])

    def test_whatever_does_not_read_is_refused(self):
        for sql in [
            "attach 'x' as y",
            "attach '/data/t.csv' as y",
            "detach main",
            "pragma journal_mode",
            "pragma user_version",
            "select load_extension('x')",
            "create table y(x)",
            "create temp table y(x)",
            "create view y as select 1",
            "insert into t values (2)",
            "delete from t",
            "update t set x = 2",
            "drop table t",
            "vacuum",
            "reindex",
            "begin",
            "analyze",
            "explain create table y(x)",
            "create virtual table y using fts5(x)",
            "with c as (select 1) insert into t select * from c",
            "savepoint s",
            "alter table t rename to u",
        ]:
            ended = RUNTIME.query(sql, t="x\n1\n")
            self.assertEqual((ended.ending, ended.outputs), ("error", {}), sql)
            self.assertRegex(ended.log[0], "q.sql: line 1, column .*(something else|no such function|knows)$", sql)
        for sql in [
            "select * from pragma_table_info('t')",
            "select * from pragma_database_list",
            "select * from dbstat",
        ]:
            self.assertEqual(RUNTIME.query(sql, t="x\n1\n").ending, "error", sql)

    def test_characters_that_nobody_sees_are_refused_by_place(self):
        for code in [0, 1, 8, 0x1B, 0x7F, 0xA0, 0xAD, 0x200B, 0x202E, 0x2066, 0x3000, 0xFEFF, 0xE0041, 0xFFFE]:
            self.refused(
                "q.sql: line 2, column 9: a character stands here that nobody can see", f"\nselect '{chr(code)}'"
            )
        self.refused("q.sql: line 1, column 9: this is not UTF-8", b"select '\xff'")
        self.assertEqual(self.rows("select 'é日本🙂' as a"), [["a"], ["é日本🙂"]])

    def test_the_characters_that_a_query_may_hold_are_those_of_all_text_that_people_write(self):
        def ranges(file, pattern):
            text = (ROOT / file).read_text()
            return [(int(first, 16), int(last, 16)) for first, last in re.findall(pattern, text)]

        swift = ranges("Sources/Primitives/ShownCharacters.swift", r"0x([0-9A-F]+)\.\.\.0x([0-9A-F]+)")
        self.assertGreater(len(swift), 20)
        self.assertEqual(ranges("Guests/Runtimes/sql/query.c", r"\{0x([0-9a-f]+), 0x([0-9a-f]+)\}"), swift)

    def test_a_query_of_more_than_a_mebibyte_is_refused(self):
        self.refused("q.sql: it is larger than 1 MiB", "select 1 -- " + "x" * (1 << 20))

    def test_what_cannot_be_written_as_csv_is_refused_by_its_column(self):
        self.refused("q.sql: column 2 of the result holds a blob: give hex() of it", "select 1, x'00'")
        self.refused("q.sql: column 1 of the result holds a number that is infinite", "select 9e999")
        words = "q.sql: column 1 of the result holds a text that is not UTF-8, or has a NUL"
        self.refused(words, "select cast(x'ff' as text)")
        self.refused(words, "select 'a' || char(0) || 'b'")

    def test_faults_of_a_run_tell_nothing_of_the_data(self):
        data = "s,n\nSECRET,9223372036854775807\nmore,1\n"
        for sql in [
            "select json_extract(s, s) from t",
            "select json(s) from t",
            "select s regexp s || '(' from t",
            "select sum(9223372036854775807) from t",
            "select median(s) from t",
            "select percentile(1, s) from t",
            "select json_extract('{}', '$' || s) from t",
            "select abs(-9223372036854775807 - 1) from t",
            "select s like s escape s from t",
            "select json_group_object(s, x'00') from t",
            "select zeroblob(2000000000)",
            "select replace(hex(zeroblob(9000000)), '0', s) from t",
        ]:
            ended = RUNTIME.query(sql, t=data)
            self.assertEqual((ended.ending, ended.outputs, len(ended.log)), ("error", {}, 1), sql)
            self.assertNotIn("SECRET", ended.log[0])

    def test_what_needs_more_memory_than_there_is_ends_with_an_error(self):
        words = "the memory is too small: the manifest's memoryMiB bounds it"
        many = "with recursive c(n) as (select 1 union all select n + 1 from c limit 1000000000)"
        for sql in [
            f"{many} select n from c",
            f"{many} select n, random() from c order by 2",
            f"{many} select count(distinct n) from c",
            f"{many} select median(n) from c",
            "select hex(zeroblob(8000000)), hex(zeroblob(8000001)), hex(zeroblob(8000002))",
        ]:
            ended = RUNTIME.query(sql, memory=24 << 20)
            self.assertEqual(ended.ending, "error", (sql, ended.log))
            self.assertEqual(ended.log, [words], sql)
        table = "a,b\n" + "".join(f"{i},{'x' * 40}\n" for i in range(30000))
        self.assertEqual(RUNTIME.query("select 1", memory=4 << 20, t=table).log, [words])

    def test_equal_runs_are_equal_also_where_chance_and_time_are_asked(self):
        sql = "select random(), hex(randomblob(8)), datetime('now'), current_timestamp, julianday('now')"
        first = RUNTIME.query(sql)
        self.assertEqual(first.rows()[1][2], "2000-01-01 00:00:00")
        self.assertEqual(RUNTIME.query(sql).outputs, first.outputs)


class Databases(Queries):
    """Files of SQLite's own, as others made them."""

    def database(self, script):
        with tempfile.NamedTemporaryFile(suffix=".db") as file:
            made = sqlite3.connect(file.name)
            made.executescript(script)
            made.close()
            return pathlib.Path(file.name).read_bytes()

    def run_over(self, sql, **databases):
        files = {f"/data/{name}.db": content for name, content in databases.items()}
        return RUNTIME.run(files | {"/code/q.sql": sql.encode()})

    def test_tables_of_several_are_joined_and_their_indexes_used(self):
        one = self.database(
            "create table t(id integer primary key, x text); create index i on t(x);"
            "with recursive c(n) as (select 1 union all select n + 1 from c where n < 60000)"
            " insert into t select n, 'name ' || n from c"
        )
        two = self.database("pragma journal_mode = wal; create table u(id, y); insert into u values (59999, 2.5)")
        ended = self.run_over("select x, y from two.u join t using (id) where x = 'name 59999'", one=one, two=two)
        self.assertEqual(ended.rows(), [["x", "y"], ["name 59999", "2.5"]])
        self.assertGreater(len(one), 2 << 20)

    def test_none_can_be_changed(self):
        one = self.database("create table t(x); insert into t values (1)")
        for sql in ["insert into t values (2)", "delete from one.t", "pragma one.user_version = 3"]:
            self.assertEqual(self.run_over(sql, one=one).ending, "error")

    def test_views_and_triggers_do_what_a_query_may_and_no_more(self):
        made = self.database(
            "create table t(x); insert into t values (1); create view v as select x + 1 y from t;"
            "create view w as select * from pragma_database_list; create view z as select load_extension('SECRET');"
        )
        self.assertEqual(self.run_over("select y from v", one=made).rows(), [["y"], ["2"]])
        for view in "wz":
            ended = self.run_over(f"select * from {view}", one=made)
            self.assertEqual(ended.ending, "error")
            self.assertNotIn("SECRET", ended.log[0])

    def test_what_is_no_database_is_refused(self):
        words = "one.db: it is damaged, is no database of SQLite 3, or another file has its name"
        for content in [b"SQLite format 3\0" + b"\xff" * 5000, b"x" * 100, b"SQLite format 3\0", b"\0" * 4096]:
            ended = self.run_over("select count(*) from one.sqlite_schema", one=content)
            self.assertEqual((ended.ending, ended.log), ("error", [words]), content[:20])

    def test_two_of_one_name_and_hidden_names_are_refused(self):
        made = self.database("create table t(x)")
        for name in ["main", "temp"]:
            self.assertEqual(self.run_over("select 1", **{name: made}).ending, "error")
        files = {"/data/a-b.db": made, "/data/a_b.db": made, "/code/q.sql": b"select 1"}
        self.assertEqual(RUNTIME.run(files).ending, "error")

    def test_random_damage_ends_with_rows_or_a_refusal(self):
        random.seed(13)
        seed = self.database(
            "create table t(a integer primary key, b text, c real); create index i on t(b, c);"
            "with recursive c(n) as (select 1 union all select n + 1 from c where n < 400)"
            " insert into t select n, printf('%.*c', n % 90, 'x'), n / 7.0 from c;"
            "create view v as select b, sum(c) s from t group by b"
        )
        queries = [
            "select count(*), sum(length(b)), max(c) from t",
            "select * from v",
            "select b from t where b > 'xx' order by c",
            "select x.a from t x join t y on x.b = y.b and x.c < y.c",
            "select * from sqlite_schema",
        ]
        endings = set()
        for round in range(400):
            content = bytearray(seed)
            for _ in range(random.choice([1, 2, 8, 40])):
                page = random.choice([0, 0, random.randrange(len(content) // 4096)]) * 4096
                content[
                    min(len(content) - 1, page + random.choice([random.randrange(120), random.randrange(4096)]))
                ] = random.choice([0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)])
            if round % 5 == 0:
                content = content[: random.randrange(len(content))]
            ended = self.run_over(random.choice(queries), one=bytes(content))
            self.assertIn(ended.ending, ("ok", "error"), (round, ended.log))
            endings.add(ended.ending)
        self.assertEqual(endings, {"ok", "error"})

    def test_sqlites_own_corpus_of_hostile_databases_ends_with_rows_or_a_refusal(self):
        corpus = ROOT / ".deps" / "sqlite" / "corpus"
        if not corpus.is_dir():
            self.skipTest("SQLite's sources are not in .deps")
        seeds = [file.read_bytes() for file in sorted(corpus.glob("*seed*.db"))]
        for file in sorted(corpus.glob("fuzzdata*.db")):
            stored = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
            if stored.execute("select 1 from sqlite_schema where name = 'db'").fetchone():
                seeds += [bytes(row[0]) for row in stored.execute("select dbcontent from db limit 300") if row[0]]
            stored.close()
        self.assertGreater(len(seeds), 20)
        for number, content in enumerate(seeds):
            sql = "select group_concat(sql), count(*) from one.sqlite_schema"
            ended = self.run_over(sql, one=content)
            self.assertIn(ended.ending, ("ok", "error"), (number, ended.log))
            names = (
                re.findall(r'create table\s+"?(\w+)', str(ended.outputs), re.IGNORECASE)[:2] if ended.outputs else []
            )
            for name in names:
                ended = self.run_over(f'select * from one."{name}" order by 1 limit 50', one=content)
                self.assertIn(ended.ending, ("ok", "error"), (number, name, ended.log))


if __name__ == "__main__":
    unittest.main()
