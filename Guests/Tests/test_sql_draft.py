"""`2cvm manifest new --sql`: a whole draft from a query, its files and an output. Needs `make build runtimes`."""

import json
import pathlib
import sqlite3
import stat
import subprocess
import tempfile
import unittest

from sql_engine import ROOT, build

COMMAND = ROOT / ".build" / "release" / "2cvm"
PATIENTS = "code,region,age\n007,north,61\n012,south,58\n100,north,66.5\n"
QUERY = "select region, count(*) as patients, avg(age) as age from patients group by region"


class Drafts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        build()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.command("key", "new", "analyst")
        self.command("key", "new", "clinic")
        self.write("patients.csv", PATIENTS)
        self.write("ages.sql", QUERY)

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def command(self, *words, status=0):
        done = subprocess.run(
            [COMMAND, *map(str, words)], cwd=self.folder, capture_output=True, input="a\n1\n", text=True, check=False
        )
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def draft(
        self, *more, query="ages.sql", data=("patients=patients.csv:clinic",), output="by-region:analyst", status=0
    ):
        words = [word for text in data for word in ("--data", text)]
        output = ["--output", output] if output else []
        return self.command("manifest", "new", "--sql", query, *words, *output, *more, status=status)

    def manifest(self, name="ages"):
        return json.loads((self.folder / f"{name}.json").read_text())

    def run_it(self, *more, name="ages", status=0):
        words = ("run", f"{name}.json", "--files", f"{name}.files.json", *more, "--output", "results")
        return self.command(*words, status=status)


class Memory(Drafts):
    def test_grows_with_the_data_that_is_granted_so_that_a_large_table_has_room(self):
        for limit, expected in ((4096, 64), (100_000_000, 64 + (600_000_000 >> 20)), (1 << 40, 4096)):
            self.write(f"q{limit}.sql", QUERY)
            self.draft("--maximum-bytes", f"patients={limit}", query=f"q{limit}.sql")
            self.assertEqual(self.manifest(f"q{limit}")["components"][0]["memoryMiB"], expected)


class Whole(Drafts):
    def test_three_commands_give_a_result_and_the_draft_says_what_each_part_is(self):
        self.draft()
        manifest = self.manifest()
        self.assertEqual([entry["name"] for entry in manifest["participants"]], ["analyst", "clinic"])
        patients, query = manifest["data"]
        self.assertEqual((patients["provider"], query["provider"]), ("clinic", "analyst"))
        for entry in manifest["data"]:
            self.assertTrue(entry["commitment"].startswith("sha256:"), entry)
        columns = {column["name"]: column["type"] for column in patients["format"]["columns"]}
        # Digits with zeros in front are a code, which a number would lose.
        self.assertEqual(columns, {"code": "text", "region": "text", "age": "decimal"})
        output = manifest["outputs"][0]
        self.assertEqual(output["recipients"], ["analyst"])
        self.assertEqual([column["type"] for column in output["format"]["columns"]], ["text", "integer", "decimal"])
        self.assertEqual(manifest["platform"]["kind"], "simulated")
        self.run_it()
        result = (self.folder / "results" / "by-region").read_text()
        self.assertEqual(result, "region,patients,age\nnorth,2,63.75\nsouth,1,58.00\n")

    def test_the_salts_are_for_the_owner_alone_and_pin_the_very_file(self):
        self.draft()
        file = self.folder / "ages.files.json"
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        salts = [entry["salt"] for entry in json.loads(file.read_text())["data"]]
        self.assertEqual(len(set(salts)), 2)
        for salt in salts:
            self.assertNotIn(salt, (self.folder / "ages.json").read_text())
        self.write("patients.csv", PATIENTS.replace("61", "62"))
        self.assertIn("this is not the patients that the manifest pins", self.run_it(status=1))
        self.write("others.csv", PATIENTS.replace("61", "63"))
        self.run_it("--stand-in", "patients=others.csv")

    def test_a_question_that_is_asked_anew_for_each_run_is_pinned_to_nothing(self):
        self.write("text.json", json.dumps({"kind": "text", "maximumCharacters": 4000, "maximumLineCharacters": 200}))
        self.draft(
            "--per-run", "query", "--runs", "2", "--format", "query=text.json", "--approval", "query=clinic:60"
        )  # fmt: skip
        query = self.manifest()["data"][1]
        self.assertEqual((query["commitment"], query["per"]), ("any", "run"))
        files = json.loads((self.folder / "ages.files.json").read_text())["data"]
        salted = {entry["name"]: "salt" in entry for entry in files}
        self.assertEqual(salted, {"patients": True, "query": False})
        self.write("ages.sql", QUERY + " having count(*) > 1")
        self.run_it()
        self.assertEqual((self.folder / "results" / "by-region").read_text(), "region,patients,age\nnorth,2,63.75\n")

    def test_a_database_and_tables_of_two_owners_are_mounted_by_their_names(self):
        with sqlite3.connect(self.folder / "shop.db") as shop:
            shop.execute("create table sales as select 'north' as region, 3 as count")
        self.write("two.sql", "select p.region, s.count from patients p join sales s using (region)")
        data = ("patients=patients.csv:clinic", "shop=shop.db:analyst")
        self.draft(query="two.sql", data=data, output="joined:clinic,analyst")
        mounts = {
            channel["mount"]: channel["path"] for channel in self.manifest("two")["channels"] if "mount" in channel
        }
        self.assertEqual(mounts, {"patients": "/data/patients.csv", "shop": "/data/shop.db", "query": "/code/two.sql"})
        self.run_it(name="two")
        self.assertEqual((self.folder / "results" / "joined").read_text(), "region,count\nnorth,3\nnorth,3\n")

    def test_who_has_only_the_format_says_what_the_output_is(self):
        self.write("patients.format.json", self.command("data", "describe", "patients.csv"))
        data = ("patients=patients.format.json:clinic",)
        words = self.draft(data=data, status=64)
        self.assertIn("--format by-region=FILE", words)
        columns = [{"name": "region", "type": "text", "maximumCharacters": 200, "characters": "unicode"}]
        columns += [{"name": "patients", "type": "integer"}]
        columns += [{"name": "age", "type": "decimal", "fractionDigits": 1}]
        self.write("out.json", json.dumps({"kind": "csv", "maximumRows": 100, "columns": columns}))
        words = self.draft("--format", "by-region=out.json", data=data)
        self.assertIn("--stand-in patients", words)
        self.assertEqual(self.manifest()["data"][0]["commitment"], "any")
        self.run_it("--stand-in", "patients=patients.csv")
        self.assertEqual((self.folder / "results" / "by-region").read_text().splitlines()[1], "north,2,63.8")

    def test_what_somebody_says_of_single_entries_stays(self):
        self.draft(
            "--name", "other", "--purpose", "Mine.", "--by", "clinic", "--memory", "sql=99", "--wall-time-seconds", "7",
            "--maximum-bytes", "by-region=500", "--format", "by-region=any", "--binding", "launch", "--simulated",
        )  # fmt: skip
        manifest = self.manifest("other")
        self.assertEqual(manifest["purpose"], "Mine.")
        self.assertEqual(
            (manifest["components"][0]["provider"], manifest["components"][0]["memoryMiB"]), ("clinic", 99)
        )
        self.assertEqual(manifest["limits"]["wallTimeSeconds"], 7)
        self.assertEqual((manifest["outputs"][0]["maximumBytes"], manifest["outputs"][0]["format"]), (500, "any"))
        self.assertEqual(manifest["platform"]["binding"], "launch")


class Refused(Drafts):
    """Nothing is written, and what was wrong is told."""

    def refused(self, *more, status, says, **values):
        words = self.draft(*more, status=status, **values)
        self.assertIn(says, words)
        self.assertFalse([path for path in self.folder.iterdir() if "ages." in path.name and path.suffix == ".json"])

    def test_faults_of_the_query_are_told_by_their_place(self):
        self.write("ages.sql", "select region,\n  county from patients")
        self.refused(status=4, says="ages.sql: line 2, column 3: there is no such column")
        self.write("ages.sql", "attach 'x' as y")
        self.refused(status=4, says="ages.sql: line 1")
        self.write("ages.sql", "")
        self.refused(status=1, says="the query is empty")

    def test_results_that_no_format_describes(self):
        self.write("ages.sql", "select 1 as a, 2 as a")
        self.refused(status=1, says="say what it may be: --format by-region=FILE")

    def test_files_that_are_not_there_or_not_tables(self):
        self.refused(data=("patients=nowhere.csv:clinic",), status=3, says="nowhere.csv")
        self.refused(query="nowhere.sql", status=3, says="nowhere.sql")
        self.write("ragged.csv", "a,b\n1\n")
        self.refused(data=("patients=ragged.csv:clinic",), status=1, says="ragged.csv")
        self.write("text.json", '{"kind": "text", "maximumCharacters": 9}')
        self.refused(data=("patients=text.json:clinic",), status=1, says="not one of a table")
        self.refused(data=("patients=/dev/stdin:clinic",), status=64, says="not a pipe")
        self.write("broken.db", "SQLite format 3\0" + "x" * 5000)
        self.refused(data=("patients=broken.db:clinic",), status=4, says="patients.db: it is damaged")

    def test_forms_that_say_something_else(self):
        for data in ("patients=patients.csv", "patients:clinic", "=patients.csv:clinic", "patients=:clinic", "A=a:b"):
            self.refused(data=(data,), status=64, says="NAME=FILE:PROVIDER")
        for output in ("by-region", "by-region:", ":analyst", "by-region:Analyst", "x:analyst=y"):
            self.refused(output=output, status=64, says="NAME:RECIPIENT,RECIPIENT")
        self.refused(output=None, status=64, says="--output NAME:RECIPIENT")
        self.refused("--run", "sql", status=64, says="no --run beside --sql, which writes it")
        self.refused("--component", "a:b=c", status=64, says="no --component beside --sql, which writes it")
        self.command("manifest", "new", "--runtime", "x", status=64)

    def test_names_that_are_taken_and_people_who_are_not_known(self):
        self.refused(data=("query=patients.csv:clinic",), status=1, says="query is the name of something else already")
        self.refused(output="sql:analyst", status=1, says="sql is the name of something else already")
        self.refused(output="by-region:stranger", status=3, says="there is no stranger.pub here")
        same = ("patients=patients.csv:clinic", "patients=patients.csv:analyst")
        self.refused(data=same, status=1, says="patients is the name of something else already")

    def test_what_is_there_stays_unless_somebody_insists(self):
        self.write("ages.files.json", "mine")
        self.assertIn("ages.files.json exists already", self.draft(status=1))
        self.assertEqual((self.folder / "ages.files.json").read_text(), "mine")
        self.assertFalse((self.folder / "ages.json").exists())
        self.draft("--force")

    def test_files_of_files_that_are_none(self):
        self.draft()
        good = json.loads((self.folder / "ages.files.json").read_text())
        relative = good | {"components": [{"name": "sql", "file": "sql.wasm"}]}
        unknown = good | {"more": 1}
        short = good | {"data": [good["data"][0] | {"salt": "00"}]}
        for value, status in ((relative, 2), (unknown, 2), (short, 2), ({}, 2)):
            self.write("ages.files.json", json.dumps(value))
            self.run_it(status=status)
        strange = good | {"data": good["data"] + [good["data"][0] | {"name": "more"}]}
        self.write("ages.files.json", json.dumps(strange))
        self.assertIn("the manifest has no data more", self.run_it(status=1))


if __name__ == "__main__":
    unittest.main()
