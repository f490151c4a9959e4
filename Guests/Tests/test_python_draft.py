"""`2cvm manifest new --python` and the template python-science. Needs what test_python_run.py needs."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from python_runtime import COMMAND, PACKAGE, NeedsRuntime, command

SCRIPT = (
    "import pandas as pd\n"
    "rows = pd.read_csv('/data/patients.csv')\n"
    "table = rows.groupby('region').age.agg(['count', 'mean']).reset_index()\n"
    "table.to_csv('/output/ages.csv', index=False)\n"
)
PATIENTS = "region,age\nnorth,61\nsouth,58\nnorth,66.5\n"


class Drafts(NeedsRuntime):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.command("key", "new", "analyst")
        (self.folder / "patients.csv").write_text(PATIENTS)
        (self.folder / "analysis.py").write_text(SCRIPT)

    def command(self, *words, status=0):
        done = command(*words, folder=self.folder)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def draft(self, *more, status=0):
        words = ["--python", "analysis.py", "--data", "patients=patients.csv:analyst", "--output", "ages:analyst"]
        return self.command("manifest", "new", *words, *more, status=status)

    def test_three_commands_give_a_result(self):
        self.draft()
        self.command("run", "analysis.json", "--files", "analysis.files.json", "--output", "results")
        self.assertEqual(
            (self.folder / "results" / "ages").read_text(), "region,count,mean\nnorth,2,63.75\nsouth,1,58.00\n"
        )
        manifest = json.loads((self.folder / "analysis.json").read_text())
        component = manifest["components"][0]
        digest = json.loads((PACKAGE / "runtime.json").read_text())["component"]
        self.assertEqual((component["name"], component["digest"]), ("python", digest))
        self.assertEqual((component["features"], component["randomness"]), (["exceptions"], "repeatable"))
        self.assertEqual(manifest["limits"]["compileSeconds"], 600)
        paths = {channel.get("mount", channel.get("release")): channel["path"] for channel in manifest["channels"]}
        self.assertEqual(
            paths, {"script": "/code/main.py", "patients": "/data/patients.csv", "ages": "/output/ages.csv"}
        )
        # The script is pinned without telling what it is: by a salted commitment.
        self.assertRegex(next(e["commitment"] for e in manifest["data"] if e["name"] == "script"), "^sha256:")
        self.assertNotIn("groupby", json.dumps(manifest))
        # Nobody brings the runtime.
        self.assertEqual(json.loads((self.folder / "analysis.files.json").read_text())["components"], [])

    def test_another_script_than_the_drafted_one_does_not_run(self):
        self.draft()
        (self.folder / "analysis.py").write_text(SCRIPT + "# changed\n")
        words = ["run", "analysis.json", "--files", "analysis.files.json", "--output", "results"]
        self.assertIn("content.digest", self.command(*words, status=1))

    def test_what_contradicts_is_refused(self):
        (self.folder / "q.sql").write_text("select 1\n")
        self.assertIn("either --sql or --python", self.draft("--sql", "q.sql", status=64))
        self.assertIn("no --runtime beside --python", self.draft("--runtime", "q.sql", status=64))
        self.assertIn("no --component beside --python", self.draft("--component", "a:b=c", status=64))
        (self.folder / "analysis.py").write_text("")
        self.assertIn("the script is empty", self.draft(status=1))

    def test_a_script_that_fails_shows_its_traceback_and_leaves_no_draft(self):
        (self.folder / "analysis.py").write_text("raise ValueError('no such column')\n")
        self.assertIn("ValueError: no such column", self.draft(status=4))
        self.assertFalse((self.folder / "analysis.json").exists())

    def test_it_says_how_to_install_the_runtime_where_there_is_none(self):
        words = ["--python", "analysis.py", "--data", "patients=patients.csv:analyst", "--output", "ages:analyst"]
        environment = {**os.environ, "TWOCVM_RUNTIMES": str(self.folder / "none")}
        done = subprocess.run(
            [COMMAND, "manifest", "new", *words], cwd=self.folder, capture_output=True, text=True, env=environment
        )
        self.assertEqual(done.returncode, 3)
        self.assertIn("2cvm runtime install", done.stderr)

    def test_the_template_works_and_another_expectation_fails(self):
        self.command("component", "new", "--language", "python-science", "sums")
        self.assertIn("passed: 1 file as expected", self.command("component", "test", "sums"))
        (self.folder / "sums/test/expected/result.csv").write_text("rows,total\n3,43\n")
        self.assertIn('expected "3,43", found "3,42"', self.command("component", "test", "sums", status=1))


if __name__ == "__main__":
    unittest.main()
