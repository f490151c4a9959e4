"""What `scripts/wheel` made: it installs into nothing, runs, and is the same when it is made again."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
WHEELS = ROOT / ".build-image" / "wheels"
MAXIMUM_BYTES = 45_000_000
PAGE = ROOT / "docs" / "PYTHON.md"


def only(pattern: str) -> pathlib.Path:
    (path,) = WHEELS.glob(pattern)
    return path


def clean(**more: str) -> dict[str, str]:
    """Neither this checkout nor settings of anybody."""
    kept = {name: os.environ[name] for name in ("LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **more}


def blocks() -> list[str]:
    """The page's ten lines."""
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)


class Made(unittest.TestCase):
    def setUp(self) -> None:
        self.whole, self.pure = only("*manylinux*.whl"), only("*-none-any.whl")

    def test_auditwheel_finds_what_the_name_says(self) -> None:
        words = [sys.executable, "-m", "auditwheel", "show", str(self.whole)]
        path = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "PATH": path}, check=True)
        named = re.search(r"manylinux_2_(\d+)_x86_64", self.whole.name)
        assert named is not None
        self.assertIn(f'consistent with the following platform tag: "{named[0]}"', " ".join(done.stdout.split()))
        self.assertIn(int(named[1]), (34, 35))

    def test_it_is_small_enough(self) -> None:
        self.assertLess(self.whole.stat().st_size, MAXIMUM_BYTES)
        self.assertLess(self.pure.stat().st_size, 200_000)

    def test_it_holds_the_programs_and_nothing_of_this_machine(self) -> None:
        with zipfile.ZipFile(self.whole) as archive:
            names = set(archive.namelist())
            for name in ("2cvm", "2cvm-worker", "2cvm-gate", "2cvm-agent-simulated"):
                entry = archive.getinfo(f"twocvm/programs/bin/{name}")
                self.assertEqual(entry.external_attr >> 16 & 0o777, 0o755)
            for name in ("lib/libwasmtime.so", "share/2cvm/runtimes/sql.wasm", "share/doc/2cvm/LICENSE"):
                self.assertIn(f"twocvm/programs/{name}", names)
            self.assertIn("twocvm/py.typed", names)
            for entry in archive.infolist():
                self.assertNotIn(str(ROOT).encode(), archive.read(entry), entry.filename)
                self.assertEqual(entry.date_time, (1980, 1, 1, 0, 0, 0), entry.filename)
        with zipfile.ZipFile(self.pure) as archive:
            self.assertEqual([name for name in archive.namelist() if "programs/" in name or ".data/" in name], [])

    def test_it_is_the_same_when_it_is_made_again(self) -> None:
        variables = {**os.environ, "SOURCE_DATE_EPOCH": "315532800", "PYTHONDONTWRITEBYTECODE": "1"}
        match = re.search(r"manylinux_\w+_x86_64", self.whole.name)
        assert match is not None
        programs = {
            "TWOCVM_WHEEL_PROGRAMS": str(ROOT / ".build-image" / "wheel-tree"),
            "TWOCVM_WHEEL_PLATFORM": match[0],
        }
        with tempfile.TemporaryDirectory() as folder:
            # From another folder, with other times and another mask.
            copy = pathlib.Path(folder, "elsewhere")
            subprocess.run(["cp", "-r", str(ROOT / "python"), str(copy)], check=True)
            for more, first in (({}, self.pure), (programs, self.whole)):
                words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, str(copy)]
                shell = ["sh", "-c", 'umask 077; exec "$@"', "x", *words]
                subprocess.run(shell, env={**variables, **more}, check=True, capture_output=True)
                self.assertEqual(pathlib.Path(folder, first.name).read_bytes(), first.read_bytes(), first.name)


class Installed(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        # What a person has: the system's Python, and nothing else.
        base = pathlib.Path(sys.base_prefix, "bin", "python3")
        subprocess.run([base, "-m", "venv", self.folder / "venv"], check=True)
        self.python = self.folder / "venv" / "bin" / "python"

    def install(self, wheel: pathlib.Path) -> None:
        words = [self.python, "-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", wheel]
        subprocess.run(words, check=True)

    def run_code(self, code: str, **more: str) -> subprocess.CompletedProcess[str]:
        words = [self.python, "-W", "error", "-c", textwrap.dedent(code)]
        return subprocess.run(words, capture_output=True, text=True, cwd=self.folder, env=clean(**more))

    def test_ten_lines_rehearse_in_an_empty_environment(self) -> None:
        self.install(only("*manylinux*.whl"))
        lines = blocks()[0]
        self.assertLessEqual(len(lines.strip().splitlines()), 10)
        done = self.run_code(lines, TWOCVM_HOME=str(self.folder / "home"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("north", done.stdout)

    def test_the_commands_and_the_simulated_machine_are_there(self) -> None:
        self.install(only("*manylinux*.whl"))
        for name in ("2cvm", "2cvm-agent-simulated"):
            done = subprocess.run(
                [self.folder / "venv/bin" / name, "--version"], capture_output=True, text=True, env=clean()
            )
            self.assertTrue(done.stdout.startswith("2cvm"), done.stderr)
        done = self.run_code("import twocvm\nwith twocvm.SimulatedAgent() as m: print(m.agent.status())")
        self.assertIn("awaitingManifest", done.stdout, done.stderr)

    def test_the_pure_form_finds_an_installed_2cvm_and_says_where_there_is_none(self) -> None:
        self.install(only("*-none-any.whl"))
        code = "import twocvm; print(twocvm.Identity.create('me').fingerprint)"
        without = self.run_code(code)
        self.assertIn("programs.missing", without.stderr)
        tree = ROOT / ".build-image" / "wheel-tree" / "bin"
        there = self.run_code(code, PATH=f"{tree}:/usr/bin:/bin", TWOCVM_HOME=str(self.folder / "home"))
        self.assertEqual(there.returncode, 0, there.stderr)


if __name__ == "__main__":
    unittest.main()
