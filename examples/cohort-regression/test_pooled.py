"""The same regression as a pandas script in the runtime `python`: equal to the components', and as strict.

Needs what Guests/Tests/test_python_run.py needs, and skips without it.
"""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "Guests" / "Tests"))

from python_runtime import NeedsRuntime, Scene  # noqa: E402

SITES = ("a", "b", "c")


class Pooled(NeedsRuntime):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.scene = Scene(folder.name)
        template = json.loads((HERE / "manifest.template.json").read_text())
        self.scene.manifest["outputs"] = [{**template["outputs"][0], "recipients": ["tester"]}]
        self.scene.manifest["channels"] = [
            {"release": "coefficients", "component": "python", "path": "/output/coefficients.json"}
        ]

    def run_it(self, change=lambda rows: rows):
        for site in SITES:
            with (HERE / "data" / f"hospital-{site}.csv").open(newline="") as file:
                header, *rows = csv.reader(file)
            if site == "b":
                rows = change(rows)
            text = "".join(",".join(row) + "\n" for row in [header, *rows])
            self.scene.mount(f"patients-{site}", f"/data/patients-{site}.csv", text)
        return self.scene.run((HERE / "pooled.py").read_text())[:2]

    def test_it_is_what_the_components_compute_to_every_digit_that_the_manifest_lets_out(self):
        status, said = self.run_it()
        self.assertEqual(status, 0, said)
        result = self.folder / "results" / "coefficients"
        command = [sys.executable, "-B", HERE / "compare.py", result, HERE / "expected.json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        # The components' result has these digits too: compare.py holds it against the same file.
        self.assertIn("442 patients", done.stdout)

    def test_a_site_with_few_rows_is_refused_and_named_without_a_value(self):
        status, said = self.run_it(lambda rows: rows[:29])
        self.assertEqual(status, 4, said)
        self.assertIn("site b has fewer than 30 rows", said)

    def test_a_row_that_is_no_number_fails_and_leaves_nothing(self):
        status, said = self.run_it(lambda rows: [["x", *rows[0][1:]], *rows[1:]])
        self.assertEqual(status, 4, said)
        self.assertFalse((self.folder / "results" / "coefficients").exists())


if __name__ == "__main__":
    unittest.main()
