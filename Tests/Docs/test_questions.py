"""`2cvm manifest new` at a terminal: each answer is judged when it is given, and none is lost."""

import json
import os
import pathlib
import pty
import select
import shutil
import subprocess
import tempfile
import time
import unittest

import page

PROGRAM = page.ROOT / ".build/release/2cvm"
PATIENCE = 30
COMPONENT = """(component (import "wasi:random/random@0.2.3" (instance)) (instance $i)
    (export "wasi:cli/run@0.2.12" (instance $i)))"""


class Typist:
    """Somebody at a terminal, who reads what is asked before typing."""

    def __init__(self, folder, *arguments):
        self.master, slave = pty.openpty()
        environment = {"PATH": os.environ["PATH"], "TWOCVM_HOME": str(folder / "home"), "TERM": "dumb"}
        self.program = subprocess.Popen(
            [PROGRAM, *arguments], cwd=folder, env=environment, stdin=slave, stdout=slave, stderr=slave
        )
        os.close(slave)
        self.text = ""

    def until(self, words):
        """What was printed since the last time, up to and with these words."""
        end = time.monotonic() + PATIENCE
        while words not in self.text:
            if time.monotonic() > end or not self.read():
                raise AssertionError(f"expected {words!r} after: {self.text}")
        before, _, self.text = self.text.partition(words)
        return before

    def answer(self, question, text):
        before = self.until(question)
        os.write(self.master, text.encode() + b"\n")
        return before

    def read(self):
        if not select.select([self.master], [], [], 0.2)[0]:
            return True
        try:
            piece = os.read(self.master, 65536)
        except OSError:
            return False
        self.text += piece.decode(errors="replace").replace("\r\n", "\n")
        return bool(piece)

    def end(self):
        """The status, once everything is read."""
        while self.read():
            pass
        os.close(self.master)
        return self.program.wait(PATIENCE)


class Questions(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="2cvm-questions-"))
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("alice", "bob"):
            subprocess.run([PROGRAM, "key", "new", name], cwd=self.folder, check=True, capture_output=True)
        (self.folder / "sum.wat").write_text(COMPONENT)
        subprocess.run(
            [page.ROOT / ".deps/bin/wasm-tools", "parse", "sum.wat", "-o", "sum.wasm"], cwd=self.folder, check=True
        )
        (self.folder / "table.csv").write_text("id,amount\n")

    def read(self, name):
        return json.loads((self.folder / name).read_text())

    def agree(self, typist):
        typist.answer("Name of the manifest:", "sums")
        typist.answer("Purpose, in plain words:", "Adding up, nothing more")
        typist.answer("Participants' .pub files", "alice.pub bob.pub")
        typist.answer("Components, each", "sum:alice=sum.wasm")
        typist.answer("Component to run:", "sum")
        typist.answer("sum imports randomness", "repeatable")

    def test_a_refused_answer_is_asked_for_again_with_its_reason(self):
        typist = Typist(self.folder, "manifest", "new")
        typist.answer("Name of the manifest:", "My Sums")
        self.assertIn("error[argument.form]", typist.answer("Name of the manifest:", "sums"))
        typist.answer("Purpose, in plain words:", "Adding\x0b up")
        self.assertIn("error[draft.purpose]", typist.answer("Purpose, in plain words:", "Adding up"))
        typist.answer("Participants' .pub files", "alice.pub bub.pub")
        self.assertIn("could not open bub.pub", typist.answer("Participants' .pub files", "alice.pub bob.pub"))
        typist.answer("Components, each", "sum:carol=sum.wasm")
        self.assertIn('no participant is named "carol"', typist.answer("Components, each", "sum:alice=table.csv"))
        self.assertIn("no component", typist.answer("Components, each", "sum:alice=sum.wasm"))
        typist.answer("Component to run:", "sun")
        self.assertIn("there is sum", typist.answer("Component to run:", "sum"))
        typist.answer("sum imports randomness", "good")
        self.assertIn("expected real or repeatable", typist.answer("sum imports randomness", "real"))
        typist.answer("Data, each", "numbers:bob=sha256:12")
        self.assertIn("error[argument.form]", typist.answer("Data, each", "numbers:bob"))
        typist.answer("Mounts, each", "")
        self.assertIn("no component reads numbers", typist.answer("Mounts, each", "numbers:sum=/output/x"))
        self.assertIn("outside /output", typist.answer("Mounts, each", "numbers:sum=/data/numbers"))
        typist.answer("Outputs, each", "total=alice,carol")
        self.assertIn("carol", typist.answer("Outputs, each", "total=all"))
        typist.answer("Releases, each", "")
        typist.answer("Logs, each", "")
        self.assertIn("no component gives total", typist.answer("Logs, each", "total:sum=stderr"))
        typist.answer("File with the platform object, or simulated:", "nowhere.json")
        typist.answer("File with the platform object, or simulated:", "simulated")
        typist.until("wrote sums.json")
        self.assertEqual(typist.end(), 0)
        manifest = self.read("sums.json")
        self.assertEqual(manifest["components"][0]["imports"], ["wasi:random/random"])
        self.assertEqual(manifest["components"][0]["randomness"], "real")
        self.assertEqual([entry["name"] for entry in manifest["participants"]], ["alice", "bob"])

    def test_a_platform_that_is_refused_is_asked_for_again_with_binding_and_chips(self):
        (self.folder / "bare.json").write_text('{"kind": "sev-snp"}')
        typist = Typist(self.folder, "manifest", "new")
        self.agree(typist)
        typist.answer("Data, each", "")
        typist.answer("Outputs, each", "")
        typist.answer("File with the platform object, or simulated:", "bare.json")
        typist.answer("Binding:", "locked")
        self.assertIn("expected launch or lock", typist.answer("Binding:", "lock"))
        typist.answer("Chips:", "any")
        refusal = typist.answer("File with the platform object, or simulated:", "simulated")
        self.assertIn("$.platform.measurements is missing", refusal)
        typist.until("wrote sums.json")
        self.assertEqual(typist.end(), 0)

    def test_what_was_answered_is_kept_when_the_last_rule_refuses_it(self):
        typist = Typist(self.folder, "manifest", "new", "--memory", "sum=0")
        self.agree(typist)
        typist.answer("Data, each", "")
        typist.answer("Outputs, each", "")
        typist.answer("File with the platform object, or simulated:", "simulated")
        self.assertIn("memoryMiB", typist.answer("Keep your answers in sums.draft.json", "yes"))
        typist.until("names what to mend")
        self.assertEqual(typist.end(), 1)
        draft = self.read("sums.draft.json")
        self.assertEqual(draft["purpose"], "Adding up, nothing more")
        self.assertFalse((self.folder / "sums.json").exists())

    def test_what_was_answered_is_kept_when_the_answers_end(self):
        typist = Typist(self.folder, "manifest", "new")
        typist.answer("Name of the manifest:", "sums")
        typist.answer("Purpose, in plain words:", "Adding up")
        typist.answer("Participants' .pub files", "\x04")
        os.write(typist.master, b"\x04")
        typist.until("sums.draft.json")
        self.assertEqual(typist.end(), 64)
        self.assertEqual(self.read("sums.draft.json")["purpose"], "Adding up")

    def test_whoever_gives_every_flag_is_asked_nothing(self):
        typist = Typist(
            self.folder,
            "manifest",
            "new",
            "--name",
            "sums",
            "--purpose",
            "p",
            "--participant",
            "alice.pub",
            "--component",
            "sum:alice=sum.wasm",
            "--randomness",
            "sum=real",
            "--run",
            "sum",
            "--simulated",
        )
        self.assertNotIn("Data, each", typist.until("wrote sums.json"))
        self.assertEqual(typist.end(), 0)


if __name__ == "__main__":
    unittest.main()
