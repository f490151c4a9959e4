"""Every kind of value crosses from one guest to another and back, in the composition that a run makes."""

import hashlib
import json
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMMAND = ROOT / ".build" / "release" / "2cvm"
GUESTS = ROOT / ".build" / "guests"


def component(name, imports):
    digest = hashlib.sha256((GUESTS / f"{name}.wasm").read_bytes()).hexdigest()
    return {
        "name": name,
        "provider": "tester",
        "digest": f"sha256:{digest}",
        "maximumBytes": 1 << 20,
        "imports": imports,
        "memoryMiB": 8,
    }


def manifest(participant):
    return {
        "version": 1,
        "name": "round-trip",
        "purpose": "Values come back as they went.",
        "salt": "00" * 32,
        "participants": [participant],
        "components": [component("round-trip-caller", ["twocvm:guest/files"]), component("round-trip-mirror", [])],
        "data": [],
        "outputs": [{"name": "findings", "recipients": ["tester"], "format": "any", "maximumBytes": 65536}],
        "channels": [
            {
                "link": "mirror",
                "importer": "round-trip-caller",
                "exporter": "round-trip-mirror",
                "export": "twocvm:round-trip/kinds",
            },
            {"release": "findings", "component": "round-trip-caller", "path": "/output/findings.txt"},
        ],
        "run": {"component": "round-trip-caller", "export": "wasi:cli/run"},
        "limits": {
            "compileSeconds": 60,
            "wallTimeSeconds": 60,
            "admissionSeconds": 60,
            "retentionSeconds": 60,
            "runs": 1,
        },
        "platform": {"kind": "simulated", "binding": "launch", "measurements": ["00" * 48]},
    }


class RoundTrip(unittest.TestCase):
    def test_values_come_back_as_they_went(self):
        subprocess.run([ROOT / "scripts" / "guests", "Guests/Tests/RoundTrip"], cwd=ROOT, check=True)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            subprocess.run([COMMAND, "key", "new", "tester", "--directory", folder], check=True, capture_output=True)
            participant = json.loads((folder / "tester.pub").read_text())
            (folder / "draft.json").write_text(json.dumps(manifest(participant)))
            command = [COMMAND, "run", folder / "draft.json", "--output", folder / "results"]
            for guest in ("round-trip-caller", "round-trip-mirror"):
                command += ["--component", f"{guest}={GUESTS / guest}.wasm"]
            done = subprocess.run(command, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual((folder / "results" / "findings").read_text(), "49 claims hold\n")


if __name__ == "__main__":
    unittest.main()
