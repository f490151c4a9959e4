"""The rehearsal and the session equal their reference, and three cheats get nothing. Needs `make build runtimes`."""

import tempfile
import unittest

import rehearsal
import session
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
        for program in (rehearsal.RUNTIME, session.AGENT, session.HOSTILE):
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
            self.assertEqual(self.session.filled(), 0)
            first, second = self.session.finish()
        self.assertEqual(first, second)
        self.assertTrue(is_right(first), first)


if __name__ == "__main__":
    unittest.main()
