"""The example as a sealed session over loopback, on a simulated machine that holds the runtime: `make private-model`.

Owner and clinic have keys and ledgers of their own. Nobody submits the runtime: it counts as submitted at the lock.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request

import rehearsal
from rehearsal import COMMAND, HERE, Rehearsal, score

AGENT = COMMAND.parent / "2cvm-agent-simulated"
PARTIES = ("model-owner", "clinic")


class Session(Rehearsal):
    """Owner and clinic, the manifest that they signed, and an agent."""

    def __init__(self, folder):
        super().__init__(folder)
        self.files = self.train()
        self.script = HERE / "predict.py"

        def locking(manifest):
            manifest["platform"]["binding"] = "lock"

        draft = self.manifest(self.script, locking)
        self.salt = self.salts[draft]
        for name, other in (PARTIES, PARTIES[::-1]):
            key = json.loads((self.folder / f"{other}.pub").read_text())["signingKey"]
            self.by(name, "key", "trust", other, key)
            self.by(name, "manifest", "sign", draft, "--key", self.key(name), "--output", self.folder / name)
        self.signed = self.folder / "signed.json"
        self.by("clinic", "manifest", "join", *(self.folder / name for name in PARTIES), "--output", self.signed)

    def key(self, name):
        return self.folder / f"{name}.key"

    def by(self, name, *words):
        """A participant's command; what it printed."""
        environment = os.environ | {"TWOCVM_HOME": str(self.folder / f"home-{name}")}
        done = subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, env=environment, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{name}: 2cvm {words[0]} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def agent(self, *more):
        """A simulated machine that holds the runtimes of this one, until the end of the block."""
        words = [AGENT, "--listen", "127.0.0.1:0", "--runtimes", os.environ["TWOCVM_RUNTIMES"], *more]
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

    def step(self, name, word, *words):
        options = ["--manifest", self.signed, "--as", name, "--key", self.key(name), "--simulated-root", self.root]
        return self.by(name, word, self.url, *options, *words)

    def slots(self):
        with urllib.request.urlopen(f"{self.url}/v1/status", timeout=20) as answer:
            return json.loads(answer.read())["slots"]

    def finish(self):
        """Both submit, and fetch what is theirs: predictions and count."""
        script = ["--data", f"script={self.script}", "--salt", f"script={self.salt}"]
        self.step("model-owner", "submit", "--data", f"model={self.files['model']}", *script)
        self.step("clinic", "submit", "--data", f"patients={self.files['patients']}")
        self.by("clinic", "status", self.url, "--follow")
        results = {}
        for name in PARTIES:
            folder = self.folder / f"results-{name}"
            self.step(name, "fetch", "--output", folder)
            self.by(name, "receipt", "verify", folder, "--manifest", self.signed, "--simulated-root", self.root)
            for output in ("predictions", "count"):
                if (folder / output).exists():
                    results[name, output] = (folder / output).read_text()
        return results


def main():
    if rehearsal.runtime() is None:
        sys.exit("private-model: error: the runtime python is not installed\nhint: 2cvm runtime install")
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        session = Session(folder)
        with session.agent():
            session.step("clinic", "lock")
            slots = session.slots()
            print(f"\nThe same, sealed: locked, and {slots['filled']} of {slots['total']} slots filled by the machine.")
            results = session.finish()
        equal, count, _ = score(results["clinic", "predictions"], session.files["truth"])
        print(f"the clinic received {count} predictions, the owner {results['model-owner', 'count']!r}")
        if equal != count or set(results) != {("clinic", "predictions"), ("model-owner", "count")}:
            sys.exit("private-model: error: the session gave something else")
    print(f"{time.monotonic() - start:.1f} s")


if __name__ == "__main__":
    os.environ.setdefault("TWOCVM_RUNTIMES", str(HERE.parents[1] / ".build" / "runtimes" / "installed"))
    main()
