"""What `make bench-vm` would do on SEV-SNP hardware, as far as it can be tried without."""

import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import boot  # noqa: E402

IMAGE = {"measurements": [{"vcpuType": "EPYC-v4", "measurement": "cd" * 48}]}


class ConfidentialTests(unittest.TestCase):
    def test_the_manifest_is_one_and_names_the_image_on_any_chip(self):
        with tempfile.TemporaryDirectory() as name:
            session = boot.ConfidentialSession(pathlib.Path(name), *boot.confidential_platform(None, IMAGE))
            session.sign(session.manifest())
            explained = session.command("manifest", "explain", session.folder / "signed.json", "--json")
            platform = json.loads((session.folder / "draft.json").read_text())["platform"]
        self.assertEqual((platform["measurements"], platform["chips"]), (["cd" * 48], "any"))
        self.assertIn("AMD SEV-SNP guest on Genoa and Turin", explained)
        self.assertEqual(session.launch_options(), ["--vcpu-type", "EPYC-v4"])
        self.assertNotIn("--simulated-root", session.sender())

    def test_an_image_without_firmware_is_refused(self):
        with self.assertRaisesRegex(SystemExit, "no firmware"):
            boot.confidential_platform(None, {"measurements": []})


if __name__ == "__main__":
    unittest.main()
