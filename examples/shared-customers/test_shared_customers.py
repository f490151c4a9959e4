"""The rehearsal equals its reference, and three cheats get nothing. Needs `make build runtimes`."""

import tempfile
import unittest

import rehearsal
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
            "data that would be SQL": (4, "shared.sql: line 3"),
        }
        customers = [row.split(",")[0] for row in FILES["customers-a"].read_text().splitlines()[1:]]
        seen = {}
        for name, (status, words, result) in cheats(self.rehearsal):
            seen[name] = status
            self.assertEqual((status, result), (expected[name][0], None), words)
            self.assertIn(expected[name][1], words)
            self.assertFalse([customer for customer in customers if customer in words])
        self.assertEqual(seen.keys(), expected.keys())


if __name__ == "__main__":
    unittest.main()
