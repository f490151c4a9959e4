"""The example as a sealed session over loopback, on a simulated machine: `make shared-customers`.

Each bank has keys and a ledger of its own. Three cheats reach the session itself, by a client that asks no
questions, and each is refused. Then both banks submit, and both receive what reference.py computes.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from rehearsal import COMMAND, FILES, QUERY, RUNTIME, Rehearsal, is_right

PROGRAMS = COMMAND.parent
AGENT, HOSTILE = PROGRAMS / "2cvm-agent-simulated", PROGRAMS / "hostile-participant"
BANKS = ("bank-a", "bank-b")
SMUGGLED = b'"customer","segment","balance) as select * from bank_a; --"\nC00001,retail,1\n'


class Session(Rehearsal):
    """Both banks, the manifest that they signed, and an agent."""

    def __init__(self, folder):
        super().__init__(folder)
        manifest = json.loads(self.manifest.read_text())
        manifest["platform"]["binding"] = "lock"
        self.manifest.write_text(json.dumps(manifest))
        for name, other in (BANKS, BANKS[::-1]):
            key = json.loads((self.folder / f"{other}.pub").read_text())["signingKey"]
            self.by(name, "key", "trust", other, key)
            self.by(name, "manifest", "sign", self.manifest, "--key", self.key(name), "--output", self.folder / name)
        self.signed = self.folder / "signed.json"
        self.command("manifest", "join", *(self.folder / name for name in BANKS), "--output", self.signed)

    def key(self, name):
        return self.folder / f"{name}.key"

    def by(self, name, *words):
        """A bank's command; what it printed."""
        environment = os.environ | {"TWOCVM_HOME": str(self.folder / f"home-{name}")}
        done = subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, env=environment, check=False)
        if done.returncode != 0:
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

    def step(self, name, command, *words):
        """A step of the session that both banks' commands take in one form."""
        options = ["--manifest", self.signed, "--as", name, "--key", self.key(name), "--simulated-root", self.root]
        return self.by(name, command, self.url, *options, *words)

    def forge(self, name, slot, content):
        """Seals whatever content to a slot, and sends it; the session's status and the code of its refusal."""
        nonce = os.urandom(32).hex()
        with urllib.request.urlopen(f"{self.url}/v1/evidence?nonce={nonce}", timeout=20) as answer:
            evidence = self.write("evidence.json", answer.read())
        content = self.write("forged", content)
        sealing = [HOSTILE, "seal", evidence, self.key(name), "submission", slot, content, *self.salt_of(slot)]
        stream = subprocess.run(sealing, capture_output=True, check=True).stdout
        request = urllib.request.Request(f"{self.url}/v1/submissions", stream, method="POST")
        request.add_header("Content-Type", "application/vnd.2cvm.sealed")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, ""
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.loads(refusal.read())["code"]

    def salt_of(self, slot):
        return [self.salt] if slot == "query" else []

    def filled(self):
        with urllib.request.urlopen(f"{self.url}/v1/status", timeout=20) as answer:
            return json.loads(answer.read())["slots"]["filled"]

    def cheats(self):
        """What is tried: what it is called, and the session's answer."""
        yield "bank-a submits another query than was signed", self.forge("bank-a", "query", b"select * from bank_b\n")
        changed = bytearray(RUNTIME.read_bytes())
        changed[-1] ^= 1
        yield "bank-a submits another runtime than was signed", self.forge("bank-a", "sql", bytes(changed))
        yield "bank-b submits data that would be SQL", self.forge("bank-b", "customers-b", SMUGGLED)

    def finish(self):
        """Both submit, and fetch what is theirs; the two results."""
        query = ["--data", f"query={QUERY}", "--salt", f"query={self.salt}"]
        own = ["--component", f"sql={RUNTIME}", "--data", f"customers-a={FILES['customers-a']}"]
        self.step("bank-a", "submit", *own, *query)
        self.step("bank-b", "submit", "--data", f"customers-b={FILES['customers-b']}")
        self.command("status", self.url, "--follow")
        results = []
        for name in BANKS:
            folder = self.folder / f"results-{name}"
            self.step(name, "fetch", "--output", folder)
            self.command("receipt", "verify", folder, "--manifest", self.signed, "--simulated-root", self.root)
            results.append((folder / "shared").read_text())
        return results


def main():
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        session = Session(folder)
        with session.agent():
            session.step("bank-a", "lock")
            print("\nThe same, sealed: the session is locked to what both banks signed.\n")
            for name, (status, code) in session.cheats():
                print(f"{name}: status {status}, {code}")
                if status < 400 or session.filled() != 0:
                    sys.exit("shared-customers: error: a cheat got something")
            results = session.finish()
        if results[0] != results[1] or not is_right(results[0]):
            sys.exit("shared-customers: error: the result is not the reference's")
    print(f"\nBoth banks received what reference.py computes, with a receipt. {time.monotonic() - start:.0f} s.")


if __name__ == "__main__":
    main()
