"""What tests of the runtime `python` share: the runtime, compiled once for this machine, and runs of scripts."""

import hashlib
import json
import os
import pathlib
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND = ROOT / ".build" / "release" / "2cvm"
PACKAGE = ROOT / ".build" / "runtimes" / "python"
STORE = ROOT / ".build" / "runtimes" / "installed"
ENVIRONMENT = {**os.environ, "TWOCVM_RUNTIMES": str(STORE)}
IMPORTS = """
    wasi:cli/environment wasi:cli/exit wasi:cli/stderr wasi:cli/stdin wasi:cli/stdout wasi:cli/terminal-input
    wasi:cli/terminal-output wasi:cli/terminal-stderr wasi:cli/terminal-stdin wasi:cli/terminal-stdout
    wasi:clocks/monotonic-clock wasi:clocks/wall-clock wasi:filesystem/preopens wasi:filesystem/types wasi:io/error
    wasi:io/poll wasi:io/streams wasi:random/random
""".split()


def command(*words, folder=None):
    return subprocess.run(
        [COMMAND, *map(str, words)], cwd=folder, capture_output=True, text=True, env=ENVIRONMENT, check=False
    )


def missing():
    """Why the runtime cannot be used here, or nothing. Compiles it where that was not done: some minutes, once."""
    if not COMMAND.exists() or not PACKAGE.exists():
        return "`make build` and scripts/python-runtime were not run"
    digest = json.loads((PACKAGE / "runtime.json").read_text())["component"]
    for runtime in json.loads(command("runtime", "list", "--json").stdout or "[]"):
        if runtime["component"] == digest and runtime["isCurrent"]:
            return None
        command("runtime", "remove", runtime["component"])
    done = command("runtime", "install", PACKAGE)
    return None if done.returncode == 0 else f"the runtime was not installed: {done.stderr.splitlines()[:1]}"


class NeedsRuntime(unittest.TestCase):
    """Skips, and says why, where the runtime cannot be used."""

    @classmethod
    def setUpClass(cls):
        reason = missing()
        if reason:
            raise unittest.SkipTest(reason)


class Scene:
    """A manifest of one participant whose script reads data and writes one output."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        command("key", "new", "tester", folder=folder)
        self.manifest = {
            "version": 1,
            "name": "script",
            "purpose": "A script.",
            "salt": "00" * 32,
            "participants": [json.loads((self.folder / "tester.pub").read_text())],
            "components": [
                {
                    "name": "python",
                    "provider": "tester",
                    "digest": json.loads((PACKAGE / "runtime.json").read_text())["component"],
                    "maximumBytes": 128 << 20,
                    "imports": IMPORTS,
                    "memoryMiB": 512,
                    "randomness": "repeatable",
                    "features": ["exceptions"],
                }
            ],
            "data": [],
            "outputs": [],
            "channels": [],
            "run": {"component": "python", "export": "wasi:cli/run"},
            "limits": {
                "compileSeconds": 600,
                "wallTimeSeconds": 60,
                "admissionSeconds": 60,
                "retentionSeconds": 60,
                "runs": 1,
            },
            "platform": {"kind": "simulated", "binding": "lock", "measurements": ["00" * 48]},
        }
        self.files = {}
        self.release("out", "/output/out")

    def component(self, **keys):
        self.manifest["components"][0].update(keys)

    def mount(self, name, path, content):
        self.files[name] = content if isinstance(content, bytes) else content.encode()
        self.manifest["data"].append(
            {
                "name": name,
                "provider": "tester",
                "commitment": "any",
                "maximumBytes": max(1, len(self.files[name])),
            }
        )
        self.manifest["channels"].append({"mount": name, "component": "python", "path": path})

    def release(self, name, path):
        self.manifest["outputs"].append(
            {"name": name, "recipients": ["tester"], "format": "any", "maximumBytes": 16 << 20}
        )
        self.manifest["channels"].append({"release": name, "component": "python", "path": path})

    def run(self, script):
        """Exit status, what was said, and what the script wrote to /output/out."""
        self.mount("script", "/code/main.py", script)
        (self.folder / "m.json").write_text(json.dumps(self.manifest))
        words = []
        for name, content in self.files.items():
            (self.folder / name).write_bytes(content)
            words += ["--data", f"{name}={name}"]
        done = command("run", "m.json", *words, "--output", "results", folder=self.folder)
        result = self.folder / "results" / "out"
        return done.returncode, done.stdout + done.stderr, result.read_text() if result.exists() else None


def sha256(path):
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
