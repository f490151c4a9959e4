"""The example as a sealed session over loopback, on a simulated machine: `make shared-customers`.

Each bank has keys and a ledger of its own. Three cheats reach the session itself, by a client that asks no
questions, and each is refused. Then both banks submit, and both receive what reference.py computes.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from agreement import HOSTILE
from rehearsal import FILES, QUERY, RUNTIME, Rehearsal, is_right

BANKS = ("bank-a", "bank-b")
SMUGGLED = b'"customer","segment","balance) as select * from bank_a; --"\nC00001,retail,1\n'


class Session(Rehearsal):
    """Both banks, the manifest that they signed, and an agent."""

    def __init__(self, folder):
        super().__init__(folder)
        manifest = json.loads(self.manifest.read_text())
        manifest["platform"]["binding"] = "lock"
        self.draft(manifest)
        self.sign(self.manifest)

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
                if status < 400 or session.slots()["filled"] != 0:
                    sys.exit("shared-customers: error: a cheat got something")
            results = session.finish()
        if results[0] != results[1] or not is_right(results[0]):
            sys.exit("shared-customers: error: the result is not the reference's")
    print(f"\nBoth banks received what reference.py computes, with a receipt. {time.monotonic() - start:.0f} s.")


if __name__ == "__main__":
    main()
