"""The example with questions that come later, as a sealed session over loopback: `make questions`.

Both banks agree once on data, runtime and rules. Then an analyst asks four times, and the banks read each question
before it runs and each answer before it leaves.
"""

import json
import sys
import tempfile
import time

from agreement import RUNTIME, Agreement
from rehearsal import FILES, QUERY, is_right

BANKS = ("bank-a", "bank-b")
NOSY = "select segment, 5 as customers, balance as at_bank_a, 0 as at_bank_b from bank_a\n"
SMALL = QUERY.read_text().replace("group by a.segment\nhaving count(*) >= 5", "group by a.segment, a.customer")
# The first question once more, without one customer: the difference of the two answers is that customer's balance.
LESS = QUERY.read_text().replace("using (customer)\n", "using (customer)\nwhere a.customer <> 'C03242'\n")


class Questions(Agreement):
    """A session of four runs, and everybody in it."""

    def __init__(self, folder):
        super().__init__(folder)
        self.draft(self.filled("questions.template.json"))
        self.sign(self.manifest)
        self.asked = 0

    def open(self):
        """The session is locked, and has what lasts for all runs."""
        self.step("analyst", "lock")
        self.step("analyst", "submit", "--component", f"sql={RUNTIME}")
        for name in BANKS:
            slot = name.replace("bank", "customers")
            self.step(name, "submit", "--data", f"{slot}={FILES[slot]}")

    def ask(self, question):
        self.asked += 1
        file = self.write("question.sql", question.encode())
        self.step("analyst", "ask", "--data", f"question={file}")

    def decide(self, bank_a, bank_b):
        """Both banks read what waits and answer it, where there is something to decide; what bank-b read."""
        for name, answer in (("bank-a", bank_a), ("bank-b", bank_b)):
            text = self.step(name, "review", "--wait")
            for line in text.splitlines():
                # As it is printed: `yes: 2cvm approve DIGEST`.
                if line.startswith("yes: "):
                    self.step(name, answer, line.split()[-1])
        return text

    def fetch(self):
        """What came of the newest question, in the analyst's folder; `None` where nothing was released."""
        folder = self.folder / f"run-{self.asked}"
        # Whether the run has ended by now or not: it is the newest that was not fetched, or the next to end.
        self.step("analyst", "fetch", "--wait", "--output", folder, permitting=(0, 4))
        answer = folder / "answer"
        return answer.read_text() if answer.exists() else None

    def verify(self, runs):
        """What an auditor is told who was given the receipts of these runs."""
        folders = [self.folder / f"run-{run}" for run in runs]
        options = ["--manifest", self.signed, "--simulated-root", self.root, "--json"]
        return json.loads(self.command("receipt", "verify", *folders, *options))


def ask_all(session):
    """The four questions: what each is called, what bank-b read of it, and what the analyst received."""
    session.open()
    for name, question, bank_a, bank_b in (
        ("what both banks have, by segment", QUERY.read_text(), "approve", "approve"),
        ("each balance at bank-a", NOSY, "refuse", "approve"),
        ("groups of one customer", SMALL, "approve", "approve"),
        ("the first one again, without one customer", LESS, "approve", "refuse"),
    ):
        session.ask(question)
        text = session.decide(bank_a, bank_b)
        # A run that was refused waits for the same answers as every other.
        session.decide("approve", "approve")
        yield name, text, session.fetch()


def main():
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        session = Questions(folder)
        with session.agent():
            answers = []
            for name, text, answer in ask_all(session):
                answers.append(answer)
                print(f"The analyst asks for {name}. bank-b reads:\n")
                print("".join(f"  {line}\n" for line in text.splitlines()))
                rows = [] if answer is None else answer.splitlines()[1:]
                print("  The analyst receives " + ("nothing.\n" if answer is None else f"{len(rows)} rows.\n"))
            whole, part = session.verify([1, 2, 3, 4]), session.verify([1, 2])
        if not is_right(answers[0]) or answers[1] is not None or answers[3] is not None:
            sys.exit("questions: error: the answers are not those that were approved")
        if answers[2].splitlines()[1:] or not whole["ended"] or part["ended"]:
            sys.exit("questions: error: a small group left, or the receipts do not say how many runs there were")
    print(f"Four receipts, and the last one says that no run followed. {time.monotonic() - start:.0f} s.")


if __name__ == "__main__":
    main()
