"""Every template is made, built and tested by the commands that a page names. Needs `make build`."""

import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMMAND = ROOT / ".build" / "release" / "2cvm"
# What each imports: the fewer, the better.
FILES = ["twocvm:guest/files"]
LANGUAGES = ("sql", "wat", "c", "cpp", "rust", "swift", "python", "go")


class Workplace(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def command(self, *words):
        return subprocess.run([COMMAND, *map(str, words)], cwd=self.folder, capture_output=True, text=True, check=False)

    def made(self, language):
        done = self.command("component", "new", "--language", language, "sums")
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.folder / "sums"

    def try_it(self, skips=True):
        """Tests the component; skips where a tool cannot be had, with what was said of it."""
        done = self.command("component", "test", "sums")
        if done.returncode == 3 and skips:
            self.skipTest(done.stderr.splitlines()[0])
        return done


class Templates(Workplace):
    def passes(self, language):
        folder = self.made(language)
        done = self.try_it()
        self.assertEqual((done.returncode, done.stdout), (0, "passed: 1 file as expected\n"), done.stderr)
        return folder

    def imports(self):
        text = self.command("component", "inspect", "sums/sums.wasm").stdout
        return text.split("imports:\n")[1].split("\n\n")[0].split()

    def test_sql_and_another_expectation_fails(self):
        folder = self.passes("sql")
        (folder / "test/expected/result.csv").write_text("rows,total\n3,43\n")
        done = self.try_it()
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn('/output/result.csv, line 2: expected "3,43", found "3,42"', done.stderr)

    def test_wat(self):
        self.passes("wat")
        self.assertEqual(self.imports(), FILES)

    def test_c(self):
        self.passes("c")
        self.assertEqual(self.imports(), FILES)

    def test_cpp(self):
        self.passes("cpp")
        self.assertEqual(self.imports(), FILES)

    def test_rust(self):
        self.passes("rust")
        self.assertEqual(self.imports(), FILES)

    def test_swift(self):
        self.passes("swift")
        self.assertEqual(self.imports(), FILES)

    def test_python(self):
        self.passes("python")
        self.assertEqual(self.imports(), FILES)

    def test_go_and_its_silent_empty_read(self):
        folder = self.passes("go")
        # What everybody writes: it finds an empty file, and no error.
        source = folder / "main.go"
        changed = source.read_text().replace('open("/data/rows.csv")', 'os.Open("/data/rows.csv")')
        self.assertNotEqual(changed, source.read_text())
        source.write_text(
            changed.replace('\t"syscall"\n', "").replace('\t"io"\n', "").split("// file reads")[0]
            + "func sums()"
            + changed.split("func sums()")[1]
        )
        done = self.try_it()
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn('expected "3,42", found "0,0"', done.stderr)

    def test_a_fault_of_the_code_is_told_and_nothing_passes(self):
        folder = self.made("wat")
        source = folder / "main.wat"
        source.write_text(
            source.read_text().replace("(result i32)\n    (local $next", "(result i64)\n    (local $next")
        )
        done = self.try_it(skips=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("sums was not built", done.stderr)
        self.assertNotIn("passed", done.stdout)
        self.assertFalse((folder / "sums.wasm").exists())

    def test_data_that_is_not_what_it_should_be_fails_the_run(self):
        folder = self.made("sql")
        (folder / "test/data/rows.csv").write_text("name,amount\nada\n")
        done = self.try_it()
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("rows.csv", done.stderr)


class Folders(Workplace):
    """Folders that are none, or another's."""

    def test_nothing_that_is_there_is_changed(self):
        (self.folder / "sums").mkdir()
        done = self.command("component", "new", "--language", "wat", "sums")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(list((self.folder / "sums").iterdir()), [])

    def test_names_that_lead_elsewhere_are_refused(self):
        for name in ("../sums", "/tmp/sums", "Sums", "", "test-owner", "a" * 41):
            done = self.command("component", "new", "--language", "wat", name)
            self.assertEqual(done.returncode, 64, (name, done.stderr))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_folder_without_its_description_is_refused(self):
        done = self.command("component", "test", ".")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("no component.json", done.stderr)
        for text in ("", "{}", '{"version":1,"name":"../x","language":"c"}', '{"version":1,"name":"x","language":"d"}'):
            (self.folder / "component.json").write_text(text)
            self.assertEqual(self.command("component", "build").returncode, 2, text)

    def test_a_test_of_nothing_does_not_pass(self):
        folder = self.made("wat")
        (folder / "test/expected/result.csv").unlink()
        done = self.try_it(skips=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("nothing is tested", done.stderr)


class Lists(unittest.TestCase):
    def test_every_template_has_a_test_and_a_line_on_the_page(self):
        folders = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()} - {"test"}
        # Scripts of the runtime have tests of their own: test_python_draft.py.
        self.assertEqual(folders, {*LANGUAGES, "python-science"})
        page = (ROOT / "docs" / "LANGUAGES.md").read_text()
        self.assertEqual(set(re.findall(r"^\| `([\w-]+)` \| `\w+\.\w+` \|", page, re.MULTILINE)), folders)

    def test_the_pins_of_tools_are_the_same_everywhere(self):
        pins = {}
        for script in ("adapter", "component", "runtimes", "setup"):
            for name, value in re.findall(
                r"^(\w+_sha256)=(\w+)$", (ROOT / "scripts" / script).read_text(), re.MULTILINE
            ):
                # The adapter's wheel is that of its script alone, under a shorter name.
                name = "adapter_wheel_sha256" if (script, name) == ("adapter", "wheel_sha256") else name
                self.assertEqual(pins.setdefault(name, value), value, f"{name} in scripts/{script}")


if __name__ == "__main__":
    unittest.main()
