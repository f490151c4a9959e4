"""Participants who agree on a manifest, and then meet in a session on a simulated machine."""

import contextlib
import hashlib
import json
import os
import pathlib
import secrets
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAMS = ROOT / ".build" / "release"
COMMAND, AGENT, HOSTILE = (PROGRAMS / name for name in ("2cvm", "2cvm-agent-simulated", "hostile-participant"))
RUNTIME = ROOT / ".build" / "runtimes" / "sql.wasm"


class Agreement:
    """A folder with the keys of all participants, and the manifest that they agreed to."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.manifest, self.signed = self.folder / "manifest.json", self.folder / "signed.json"
        self.names = []

    def filled(self, template):
        """A template with new keys, a salt and the digest of the runtime."""
        manifest = json.loads((HERE / template).read_text())
        self.names = manifest["participants"]
        for name in self.names:
            self.command("key", "new", name, "--directory", self.folder)
        manifest["salt"] = secrets.token_hex(32)
        manifest["participants"] = [json.loads((self.folder / f"{name}.pub").read_text()) for name in self.names]
        manifest["components"][0]["digest"] = f"sha256:{hashlib.sha256(RUNTIME.read_bytes()).hexdigest()}"
        return manifest

    def draft(self, manifest):
        self.manifest.write_text(json.dumps(manifest, indent=2))

    def sign(self):
        """Everyone trusts the others' keys, and signs."""
        for name in self.names:
            for other in self.names:
                if other != name:
                    key = json.loads((self.folder / f"{other}.pub").read_text())["signingKey"]
                    self.by(name, "key", "trust", other, key)
            self.by(name, "manifest", "sign", self.manifest, "--key", self.key(name), "--output", self.folder / name)
        self.command("manifest", "join", *(self.folder / name for name in self.names), "--output", self.signed)

    def key(self, name):
        return self.folder / f"{name}.key"

    def write(self, name, content):
        file = self.folder / name
        file.write_bytes(content)
        return file

    def command(self, *words):
        return subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, check=True).stdout

    def by(self, name, *words, permitting=(0,)):
        """A participant's command; what it printed."""
        environment = os.environ | {"TWOCVM_HOME": str(self.folder / f"home-{name}")}
        done = subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, env=environment, check=False)
        if done.returncode not in permitting:
            raise RuntimeError(f"{name}: 2cvm {words[0]} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def agent(self):
        """A simulated machine that runs until the end of the block."""
        with subprocess.Popen(
            [AGENT, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            try:
                for line in process.stdout:
                    if "simulated root" in line:
                        self.root = line.split()[-1]
                    if "listening on" in line:
                        self.url = f"http://{line.split()[-1]}"
                        break
                yield
            finally:
                process.terminate()

    def step(self, name, command, *words, permitting=(0,)):
        """A step of the session that all participants' commands take in one form."""
        options = ["--manifest", self.signed, "--as", name, "--key", self.key(name), "--simulated-root", self.root]
        return self.by(name, command, *words, self.url, *options, permitting=permitting)
