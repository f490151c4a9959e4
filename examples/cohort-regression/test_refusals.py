"""What is wrong with a hospital's file is said without its values, and nothing comes out. Needs `make build guests`."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COMMAND = ROOT / ".build" / "release" / "2cvm"
GUESTS = ROOT / ".build" / "guests"
COMPONENTS = {"moments-a": "moments", "moments-b": "moments", "moments-c": "moments", "regression": "regression"}

LINES = (HERE / "data" / "hospital-a.csv").read_text().splitlines()
# Each stands in for a patient's value, and must never be seen.
SECRETS = ("SECRET", "77123")


def with_row(row):
    return "\n".join(LINES[:5] + [row] + LINES[5:]) + "\n"


FILES = {
    "the file is empty": "",
    "the first line does not name the columns": "SECRET," + "\n".join(LINES),
    "there are fewer than 30 rows": "\n".join(LINES[:30]) + "\n",
    "row 5 does not have 11 columns": with_row("1,2,77123"),
    "row 5, column age: this is not a number": with_row("SECRET,2,3,4,5,6,7,8,9,10,11"),
    "row 5, column sex: this is not a number": with_row("1,0x77123,3,4,5,6,7,8,9,10,11"),
    "row 5, column bmi: this is not a number": with_row("1,2,77123\0,4,5,6,7,8,9,10,11"),
    "row 5, column bp: the number is too large": with_row("1,2,3,77123e300,5,6,7,8,9,10,11"),
}


class Refusals(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name in ("hospital-a", "hospital-b", "hospital-c", "statistician"):
            subprocess.run([COMMAND, "key", "new", name, "--directory", self.folder], check=True, capture_output=True)
        with open(self.folder / "draft.json", "wb") as draft:
            command = [sys.executable, HERE / "draft.py", "--keys", self.folder]
            for name, guest in COMPONENTS.items():
                command += ["--component", f"{name}={GUESTS / guest}.wasm"]
            subprocess.run(command, check=True, stdout=draft)
        # Without a format of the data, so that the components see what they must refuse themselves.
        manifest = json.loads((self.folder / "draft.json").read_text())
        for entry in manifest["data"]:
            del entry["format"]
        (self.folder / "free.json").write_text(json.dumps(manifest))

    def run_with(self, text, manifest="free.json"):
        """Runs with `text` as hospital-a's file; the exit status, all that was said, and the outputs."""
        (self.folder / "patients.csv").write_text(text)
        command = [COMMAND, "run", self.folder / manifest, "--output", self.folder / "results"]
        for name, guest in COMPONENTS.items():
            command += ["--component", f"{name}={GUESTS / guest}.wasm"]
        command += ["--data", f"patients-a={self.folder / 'patients.csv'}"]
        command += ["--data", f"patients-b={HERE / 'data' / 'hospital-b.csv'}"]
        command += ["--data", f"patients-c={HERE / 'data' / 'hospital-c.csv'}"]
        done = subprocess.run(command, capture_output=True, text=True)
        outputs = [path for path in (self.folder / "results").rglob("*") if path.is_file()]
        return done.returncode, done.stdout + done.stderr, outputs

    def test_names_the_place_and_never_the_value(self):
        for reason, text in FILES.items():
            status, words, outputs = self.run_with(text)
            self.assertEqual((status, outputs), (4, []), reason)
            self.assertIn("site-a: " + reason, words)
            for secret in SECRETS:
                self.assertNotIn(secret, words)

    def test_refuses_by_its_format_before_anything_runs(self):
        for reason, text in FILES.items():
            # Few rows are of the format: the component alone refuses them.
            if "30 rows" in reason:
                continue
            status, words, outputs = self.run_with(text, "draft.json")
            self.assertEqual((status, outputs), (1, []), reason)
            self.assertIn("error[content.format]", words)
            for secret in SECRETS:
                self.assertNotIn(secret, words)

    def test_runs_on_data_that_is_made_up_the_same_from_one_seed(self):
        def released(folder, seed):
            command = [COMMAND, "run", self.folder / "draft.json", "--output", self.folder / folder, "--seed", seed]
            for name, guest in COMPONENTS.items():
                command += ["--component", f"{name}={GUESTS / guest}.wasm"]
            for site in "abc":
                command += ["--stand-in", f"patients-{site}"]
            subprocess.run(command, check=True, capture_output=True)
            return (self.folder / folder / "coefficients").read_text()

        self.assertEqual(json.loads(released("first", "7"))["rows"], 300)
        self.assertEqual(released("second", "7"), released("third", "7"))
        self.assertNotEqual(released("fourth", "7"), released("fifth", "8"))

    def test_takes_thirty_rows_and_windows_line_ends(self):
        status, words, outputs = self.run_with("\r\n".join(LINES[:31]))
        self.assertEqual((status, len(outputs)), (0, 2), words)


if __name__ == "__main__":
    unittest.main()
