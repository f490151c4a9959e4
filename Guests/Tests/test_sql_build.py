"""Everyone who builds the runtime `sql` gets the same bytes."""

import hashlib
import tempfile
import unittest

from sql_engine import ROOT, build

DIGEST = ROOT / "Guests" / "Runtimes" / "sql" / "DIGEST"


class Builds(unittest.TestCase):
    def test_two_builds_in_two_folders_have_the_recorded_digest(self):
        with tempfile.TemporaryDirectory() as folder:
            for path in (build(), build(folder)):
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                self.assertEqual(f"sha256:{digest}", DIGEST.read_text().strip())


if __name__ == "__main__":
    unittest.main()
