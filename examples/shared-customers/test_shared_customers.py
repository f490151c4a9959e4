"""The rehearsal and the session equal their reference, and three cheats get nothing. Needs `make build runtimes`."""

import subprocess
import tempfile
import unittest

import rehearsal
import session
from agreement import AGENT, HOSTILE
from questions import Questions, ask_all
from rehearsal import FILES, Rehearsal, cheats, is_right


class SharedCustomers(unittest.TestCase):
    def setUp(self):
        if not rehearsal.RUNTIME.exists():
            self.skipTest("the runtime sql was not built: scripts/runtimes")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.rehearsal = Rehearsal(folder.name)

    def test_the_result_is_the_references(self):
        status, words, result = self.rehearsal.run()
        self.assertEqual(status, 0, words)
        self.assertTrue(is_right(result), result)
        self.assertFalse(is_right(result.replace("retail", "other")))

    def test_no_cheat_gets_a_row_or_an_output(self):
        expected = {
            "another query than was signed": (1, "not the query that the manifest pins"),
            "another runtime than was signed": (1, "not the sql that the manifest pins"),
            "data that would be SQL": (1, "this is not of the format of customers-b"),
        }
        customers = [row.split(",")[0] for row in FILES["customers-a"].read_text().splitlines()[1:]]
        seen = {}
        for name, (status, words, result) in cheats(self.rehearsal):
            seen[name] = status
            self.assertEqual((status, result), (expected[name][0], None), words)
            self.assertIn(expected[name][1], words)
            self.assertFalse([customer for customer in customers if customer in words])
        self.assertEqual(seen.keys(), expected.keys())


class SealedSession(unittest.TestCase):
    def setUp(self):
        for program in (rehearsal.RUNTIME, AGENT, HOSTILE):
            if not program.exists():
                self.skipTest(f"{program.name} was not built: make build runtimes shared-customers")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.session = session.Session(folder.name)

    def test_three_cheats_are_refused_and_both_banks_receive_the_references_result(self):
        with self.session.agent():
            self.session.step("bank-a", "lock")
            seen = {name: answer for name, answer in self.session.cheats()}
            self.assertEqual(
                list(seen.values()), [(422, "content.digest"), (422, "content.digest"), (422, "content.format")]
            )
            self.assertEqual(self.session.slots()["filled"], 0)
            first, second = self.session.finish()
        self.assertEqual(first, second)
        self.assertTrue(is_right(first), first)


class QuestionsThatComeLater(unittest.TestCase):
    def setUp(self):
        for program in (rehearsal.RUNTIME, AGENT):
            if not program.exists():
                self.skipTest(f"{program.name} was not built: make build runtimes questions")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.session = Questions(folder.name)

    def test_what_was_approved_runs_what_was_refused_does_not_and_small_groups_never_leave(self):
        with self.session.agent():
            read, received = zip(*((text, answer) for _, text, answer in ask_all(self.session)), strict=True)
            self.assertTrue(is_right(received[0]), received[0])
            self.assertEqual((received[1], received[3]), (None, None))
            self.assertEqual(received[2].splitlines()[1:], [])
            # What two answers could be subtracted by stands in the review, alone.
            self.assertIn("beside the question of run 1, which released its results:", read[3])
            self.assertEqual(
                [line.strip() for line in read[3].splitlines() if line.startswith(("  + ", "  - "))],
                ["+ where a.customer <> 'C03242'"],
            )
            self.assertTrue(self.session.verify([4, 2, 1, 3])["ended"])
            # A chain that was cut says so, and a gap is refused.
            self.assertEqual(
                {"ended": False, "newestRun": 3}.items() & self.session.verify([1, 2, 3]).items(),
                {"ended": False, "newestRun": 3}.items(),
            )
            with self.assertRaises(subprocess.CalledProcessError):
                self.session.verify([1, 3])


if __name__ == "__main__":
    unittest.main()
