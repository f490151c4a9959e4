"""Participants with keys and ledgers of their own, who meet in a session on a simulated machine over loopback."""

import contextlib
import json
import os
import pathlib
import subprocess
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = pathlib.Path(os.environ.get("TWOCVM_PROGRAMS", ROOT / ".build" / "release"))
COMMAND, AGENT, HOSTILE = (PROGRAMS / name for name in ("2cvm", "2cvm-agent-simulated", "hostile-participant"))


class Participants:
    """A folder with the keys of all of them, what they signed, and an agent while one runs."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.signed = self.folder / "signed.json"
        self.names = []
        # Of the agent that runs.
        self.root = self.url = None

    def make_keys(self, names):
        self.names = names
        for name in names:
            self.by(name, "key", "new", name, "--directory", self.folder)

    def public_keys(self):
        """As a manifest has the participants."""
        return [json.loads((self.folder / f"{name}.pub").read_text()) for name in self.names]

    def sign(self, manifest):
        """Everyone trusts the others' keys, and signs."""
        for name in self.names:
            for other in self.names:
                if other != name:
                    key = json.loads((self.folder / f"{other}.pub").read_text())["signingKey"]
                    self.by(name, "key", "trust", other, key)
            self.by(name, "manifest", "sign", manifest, "--key", self.key(name), "--output", self.folder / name)
        joined = [self.folder / name for name in self.names]
        self.by(self.names[0], "manifest", "join", *joined, "--output", self.signed)

    def key(self, name):
        return self.folder / f"{name}.key"

    def write(self, name, content):
        file = self.folder / name
        file.write_bytes(content)
        return file

    def by(self, name, *words, permitting=(0,)):
        """A participant's command; what it printed."""
        environment = os.environ | {"TWOCVM_HOME": str(self.folder / f"home-{name}")}
        done = subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, env=environment, check=False)
        if done.returncode not in permitting:
            raise RuntimeError(f"{name}: 2cvm {words[0]} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    def step(self, name, command, *words, permitting=(0,)):
        """A step of the session that all participants' commands take in one form."""
        options = ["--manifest", self.signed, "--as", name, "--key", self.key(name), "--simulated-root", self.root]
        return self.by(name, command, *words, self.url, *options, permitting=permitting)

    @contextlib.contextmanager
    def agent(self, *more):
        """A simulated machine that runs until the end of the block."""
        words = [AGENT, "--listen", "127.0.0.1:0", *map(str, more)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
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

    def slots(self):
        """How many slots are `filled`, of how many in `total`."""
        with urllib.request.urlopen(f"{self.url}/v1/status", timeout=20) as answer:
            return json.loads(answer.read())["slots"]
