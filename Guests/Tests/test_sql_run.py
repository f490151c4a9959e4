"""The runtime `sql` behind the walls of a real run: bounds that only a run has. Needs `make build`."""

import hashlib
import json
import pathlib
import subprocess
import tempfile
import unittest

from sql_engine import ROOT, build

COMMAND = ROOT / ".build" / "release" / "2cvm"
LONG = b"with recursive c(n) as (select 1 union all select n + 1 from c limit 1000000000) "


class Runs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.runtime = build()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        subprocess.run([COMMAND, "key", "new", "tester", "--directory", folder.name], check=True, capture_output=True)

    def run_with(self, files, memory=64, seconds=60, formats=()):
        """Exit status, what was said, and the result of /code/q.sql over files by path, some with a format."""
        mounts = {f"d{index}": path for index, path in enumerate(files)}
        manifest = {
            "version": 1,
            "name": "sql",
            "purpose": "Queries within bounds.",
            "salt": "00" * 32,
            "participants": [json.loads((self.folder / "tester.pub").read_text())],
            "components": [
                {
                    "name": "sql",
                    "provider": "tester",
                    "digest": f"sha256:{hashlib.sha256(self.runtime.read_bytes()).hexdigest()}",
                    "maximumBytes": 4 << 20,
                    "imports": ["twocvm:guest/files"],
                    "memoryMiB": memory,
                }
            ],
            "data": [
                {"name": name, "provider": "tester", "commitment": "any", "maximumBytes": len(files[path])}
                | ({"format": dict(formats)[path]} if path in dict(formats) else {})
                for name, path in mounts.items()
            ],
            "outputs": [{"name": "q", "recipients": ["tester"], "format": "any", "maximumBytes": 1 << 20}],
            "channels": [{"mount": name, "component": "sql", "path": path} for name, path in mounts.items()],
            "run": {"component": "sql", "export": "wasi:cli/run"},
            "limits": {
                "compileSeconds": 60,
                "wallTimeSeconds": seconds,
                "admissionSeconds": 60,
                "retentionSeconds": 60,
                "runs": 1,
            },
            "platform": {"kind": "simulated", "binding": "launch", "measurements": ["00" * 48]},
        }
        manifest["channels"].append({"release": "q", "component": "sql", "path": "/output/q.csv"})
        (self.folder / "manifest.json").write_text(json.dumps(manifest))
        words = [COMMAND, "run", self.folder / "manifest.json", "--component", f"sql={self.runtime}"]
        for name, path in mounts.items():
            (self.folder / name).write_bytes(files[path])
            words += ["--data", f"{name}={self.folder / name}"]
        words += ["--output", self.folder / "results"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        result = self.folder / "results" / "q"
        return done.returncode, done.stdout + done.stderr, result.read_text() if result.exists() else None

    def test_a_file_that_would_not_fit_twice_is_read_in_parts_and_grouped(self):
        rows = "".join(f"{index % 7},{'x' * 300}\n" for index in range(60_000))
        query = b"select a, count(*) n from t group by a order by a"
        status, words, result = self.run_with({"/data/t.csv": b"a,b\n" + rows.encode(), "/code/q.sql": query}, 32)
        self.assertEqual(status, 0, words)
        self.assertEqual(result.splitlines()[1], "0,8572")

    def test_a_table_has_the_types_that_the_manifest_says(self):
        columns = [{"name": "code", "type": "text", "maximumCharacters": 9, "characters": "ascii"}]
        columns += [{"name": "x", "type": "decimal", "fractionDigits": 2}]
        files = {"/data/t.csv": b"code,x\n12,1\n007,2\n", "/code/q.sql": b"select typeof(code) c, typeof(x) x from t"}
        without = self.run_with(files)
        self.assertEqual(without[2], "c,x\ntext,integer\ntext,integer\n", without[1])
        subprocess.run(["rm", "-r", self.folder / "results"], check=True)
        typed = self.run_with(files, formats={"/data/t.csv": {"kind": "csv", "maximumRows": 9, "columns": columns}})
        self.assertEqual(typed[2], "c,x\ntext,real\ntext,real\n", typed[1])

    def test_nothing_can_be_mounted_where_the_format_of_a_table_lies(self):
        columns = [{"name": "a", "type": "integer"}]
        format = {"kind": "csv", "maximumRows": 9, "columns": columns}
        files = {"/data/t.csv": b"a\n1\n", "/data/t.csv.format.json": b"{}", "/code/q.sql": b"select a from t"}
        status, words, result = self.run_with(files, formats={"/data/t.csv": format})
        self.assertEqual((status, result), (1, None), words)
        self.assertIn("sql finds the format of d0 at this path, as the manifest has it", words)

    def test_a_query_without_end_is_ended_by_its_time(self):
        query = LONG + b"select group_concat(n) from c"
        status, words, result = self.run_with({"/code/q.sql": query}, seconds=2)
        self.assertEqual((status, result), (4, None), words)
        self.assertIn("the run took longer than 2 s", words)

    def test_a_thousand_million_rows_end_with_a_refusal_at_the_memorys_bound(self):
        status, words, result = self.run_with({"/code/q.sql": LONG + b"select n from c"})
        self.assertEqual((status, result), (4, None), words)
        self.assertIn("the memory is too small: the manifest's memoryMiB bounds it", words)


if __name__ == "__main__":
    unittest.main()
