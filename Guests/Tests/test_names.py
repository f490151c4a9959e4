"""Names of functions in what scripts/guests builds are those that a person wrote."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WASM_TOOLS = ROOT / ".deps" / "bin" / "wasm-tools"
sys.path.insert(0, str(ROOT / "Guests"))
import names  # noqa: E402

SWIFT = "$e5Guest12PatientTableV9summariseAA7MomentsO7SummaryVyAA7FailureVYKF"
TEXT = f"""
(module
  (memory 1)
  (func (param $secret i32) nop)
  (func ${SWIFT} (result i32) unreachable)
  (func $summarise_rows (result i32) (i32.const 1))
  (func ${"x" * 300})
  (@custom "notes" "kept"))
"""


class Names(unittest.TestCase):
    def readable(self, text):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "core.wat").write_text(text)
            subprocess.run([WASM_TOOLS, "parse", folder / "core.wat", "-o", folder / "core.wasm"], check=True)
            module = names.readable((folder / "core.wasm").read_bytes(), shutil.which("swift-demangle"))
            (folder / "made.wasm").write_bytes(module)
            subprocess.run([WASM_TOOLS, "validate", folder / "made.wasm"], check=True)
            shown = subprocess.run(
                [WASM_TOOLS, "print", folder / "made.wasm"], capture_output=True, text=True, check=True
            )
            return shown.stdout, module

    def test_functions_have_readable_names_and_nothing_else_has_one(self):
        text, module = self.readable(TEXT)
        self.assertIn("PatientTable.summarise()", text)
        self.assertIn("$summarise_rows", text)
        self.assertNotIn("$e5Guest", text)
        self.assertNotIn(b"secret", module)
        self.assertIn(b"kept", module)

    def test_long_names_are_cut(self):
        self.assertIn(b"x" * 100, self.readable(TEXT)[1])
        self.assertNotIn(b"x" * 101, self.readable(TEXT)[1])

    def test_a_module_without_names_stays_one(self):
        self.readable("(module (memory 1))")

    def test_a_module_that_ends_early_is_refused(self):
        module = self.readable(TEXT)[1]
        with self.assertRaises(ValueError):
            names.readable(module[:-3], shutil.which("swift-demangle"))


if __name__ == "__main__":
    unittest.main()
