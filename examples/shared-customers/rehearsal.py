"""Rehearses the example on this machine, then lets bank-b cheat in three ways: `make shared-customers`.

Fails if the result is not that of reference.py, or if a cheat gets anything.
"""

import csv
import json
import subprocess
import sys
import tempfile
from fractions import Fraction

import reference
from agreement import COMMAND, HERE, RUNTIME, Agreement

QUERY = HERE / "shared.sql"
FILES = {"customers-a": HERE / "data" / "bank-a.csv", "customers-b": HERE / "data" / "bank-b.csv"}


class Rehearsal(Agreement):
    """The manifest that both banks agreed to, with its one query."""

    def __init__(self, folder, query=QUERY):
        super().__init__(folder)
        pinned = json.loads(self.command("data", "commit", query, "--salt", "new", "--json"))
        self.salt = pinned["salt"]
        self.count = 0
        manifest = self.filled("manifest.template.json")
        manifest["data"][2]["commitment"] = pinned["commitment"]
        self.draft(manifest)

    def run(self, query=QUERY, runtime=RUNTIME, **files):
        """Runs what the banks bring; the exit status, all that was said, and the result if there is one."""
        self.count += 1
        output = self.folder / f"output-{self.count}"
        words = ["run", self.manifest, "--component", f"sql={runtime}", "--output", output]
        words += ["--data", f"query={query}", "--salt", f"query={self.salt}"]
        for name, file in (FILES | {f"customers-{key}": file for key, file in files.items()}).items():
            words += ["--data", f"{name}={file}"]
        done = subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, check=False)
        result = output / "shared"
        return done.returncode, done.stdout + done.stderr, result.read_text() if result.exists() else None


def is_right(result):
    """Whether a result is the reference's, to the cent."""
    found = {row["segment"]: row for row in csv.DictReader(result.splitlines())}
    expected = reference.shared()
    return found.keys() == expected.keys() and all(
        int(found[segment]["customers"]) == count
        and round(Fraction(found[segment]["at_bank_a"]), 2) == one
        and round(Fraction(found[segment]["at_bank_b"]), 2) == other
        for segment, (count, one, other) in expected.items()
    )


def cheats(rehearsal):
    """What bank-b tries: what it is called, and how it ended."""
    greedy = rehearsal.write("greedy.sql", b"select a.* from bank_a a\n")
    yield "another query than was signed", rehearsal.run(query=greedy)
    changed = bytearray(RUNTIME.read_bytes())
    changed[-1] ^= 1
    yield "another runtime than was signed", rehearsal.run(runtime=rehearsal.write("changed.wasm", bytes(changed)))
    # A header and cells that would be SQL, where anybody ran them.
    smuggled = b'"customer","segment","balance) as select * from bank_a; --"\n'
    smuggled += b'"x\' union select customer, segment, balance from bank_a --",retail,1\n'
    yield "data that would be SQL", rehearsal.run(b=rehearsal.write("smuggled.csv", smuggled))


def main():
    with tempfile.TemporaryDirectory() as folder:
        rehearsal = Rehearsal(folder)
        status, words, result = rehearsal.run()
        if status != 0 or not is_right(result):
            sys.exit(f"shared-customers: error: the result is not the reference's\n{words}")
        print("Both banks' files, their one query:\n")
        print("".join(f"  {line}\n" for line in result.splitlines()))
        print("  It is what reference.py computes, to the cent.\n")
        rows = FILES["customers-a"].read_text().splitlines()[1:]
        for name, (status, words, result) in cheats(rehearsal):
            told = [line for line in words.splitlines() if "error" in line or ".sql:" in line]
            print(f"bank-b brings {name}: status {status}")
            print("".join(f"  | {line.replace(folder + '/', '')}\n" for line in told))
            if status == 0 or result is not None or any(row in words for row in rows):
                sys.exit("shared-customers: error: a cheat got something")
        print("No row left its bank.")


if __name__ == "__main__":
    main()
