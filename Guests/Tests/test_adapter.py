"""A WASI preview 1 module becomes a component by the adapter that scripts/adapter brings, and runs."""

import hashlib
import json
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMMAND = ROOT / ".build" / "release" / "2cvm"
WASM_TOOLS = ROOT / ".deps" / "bin" / "wasm-tools"
ADAPTER = ROOT / ".deps" / "lib" / "wasi_snapshot_preview1.reactor.wasm"

WORLD = "package example:lines;\nworld lines { export wasi:cli/run@0.2.12; }\n"

# What a C library does for printf, without one: no toolchain of WASI is needed to test the adapter.
CODE = """
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "as preview 1\\n")
  ;; Every piece gets pages of its own; the adapter asks for one of 64 KiB.
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (i32.mul (memory.grow (i32.const 2)) (i32.const 65536)))
  (func (export "wasi:cli/run@0.2.12#run") (result i32)
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 13))
    (if (result i32) (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))
      (then (i32.const 1))
      (else (i32.ne (i32.load (i32.const 8)) (i32.const 13))))))
"""


def tools(*arguments):
    subprocess.run([WASM_TOOLS, *arguments], check=True, capture_output=True)


def build(folder):
    """The way that docs/LANGUAGES.md shows."""
    wit = folder / "wit"
    (wit / "deps").mkdir(parents=True)
    (wit / "world.wit").write_text(WORLD)
    for file in (ROOT / "Shims" / "wit" / "deps").glob("*.wit"):
        (wit / "deps" / file.name).write_bytes(file.read_bytes())
    (folder / "lines.wat").write_text(CODE)
    tools("parse", folder / "lines.wat", "-o", folder / "lines.core.wasm")
    tools("component", "embed", wit, "--world", "lines", folder / "lines.core.wasm", "-o", folder / "embedded.wasm")
    tools(
        "component",
        "new",
        folder / "embedded.wasm",
        "--adapt",
        f"wasi_snapshot_preview1={ADAPTER}",
        "-o",
        folder / "lines.wasm",
    )
    return folder / "lines.wasm"


def manifest(participant, binary):
    shown = subprocess.run([COMMAND, "component", "inspect", binary, "--json"], check=True, capture_output=True)
    imports = {entry["name"].split("@")[0] for entry in json.loads(shown.stdout)["imports"]}
    return {
        "version": 1,
        "name": "adapted",
        "purpose": "Lines of a program of yesterday.",
        "salt": "00" * 32,
        "participants": [participant],
        "components": [
            {
                "name": "lines",
                "provider": "tester",
                "maximumBytes": 1 << 20,
                "memoryMiB": 8,
                "imports": sorted(imports),
                "digest": "sha256:" + hashlib.sha256(binary.read_bytes()).hexdigest(),
            }
        ],
        "data": [],
        "outputs": [{"name": "printed", "recipients": ["tester"], "format": "any", "maximumBytes": 4096}],
        "channels": [{"log": "printed", "component": "lines", "stream": "stdout"}],
        "run": {"component": "lines", "export": "wasi:cli/run"},
        "limits": {
            "compileSeconds": 60,
            "wallTimeSeconds": 60,
            "admissionSeconds": 60,
            "retentionSeconds": 60,
            "runs": 1,
        },
        "platform": {"kind": "simulated", "binding": "launch", "measurements": ["00" * 48]},
    }


class Adapter(unittest.TestCase):
    @unittest.skipUnless(ADAPTER.exists(), "the adapter is not here: scripts/adapter brings it")
    def test_a_preview_1_module_runs_as_a_component(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            binary = build(folder)
            subprocess.run([COMMAND, "key", "new", "tester", "--directory", folder], check=True, capture_output=True)
            participant = json.loads((folder / "tester.pub").read_text())
            (folder / "draft.json").write_text(json.dumps(manifest(participant, binary)))
            command = [COMMAND, "run", folder / "draft.json", "--output", folder / "results"]
            done = subprocess.run([*command, "--component", f"lines={binary}"], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual((folder / "results" / "printed").read_text(), "as preview 1\n")

    @unittest.skipUnless(ADAPTER.exists(), "the adapter is not here: scripts/adapter brings it")
    def test_the_script_prints_the_path_of_the_pinned_adapter(self):
        done = subprocess.run([ROOT / "scripts" / "adapter"], capture_output=True, text=True, check=True)
        self.assertEqual(ROOT / done.stdout.strip(), ADAPTER)

    @unittest.skipUnless(ADAPTER.exists(), "the adapter is not here: scripts/adapter brings it")
    def test_a_changed_adapter_is_not_taken(self):
        digest = hashlib.sha256(ADAPTER.read_bytes()).hexdigest()
        self.assertIn(f"adapter_sha256={digest}\n", (ROOT / "scripts" / "adapter").read_text())


if __name__ == "__main__":
    unittest.main()
