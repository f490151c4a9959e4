"""What `2cvm plan run --driver kubernetes --print` prints, held against Kubernetes' own schema, without a cluster."""

import importlib.util
import json
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLAN = ROOT / "docs" / "examples" / "plan" / "plan.json"
VALIDATOR = "kubernetes_validate"
VERSION = "1.37"


def printed(folder, *words):
    command = [ROOT / ".build/release/2cvm", "plan", "run", PLAN, "--output", folder, "--driver", "kubernetes"]
    command += ["--print", "--container-image", "registry.example/2cvm:1", "--volume-claim", "runs", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class Objects(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name) / "run"

    @unittest.skipUnless(importlib.util.find_spec(VALIDATOR), "pip install kubernetes-validate")
    def test_are_jobs_by_the_schema(self):
        import kubernetes_validate
        import yaml

        jobs = list(yaml.safe_load_all(printed(self.folder).stdout))
        self.assertGreaterEqual(len(jobs), 2)
        for job in jobs:
            kubernetes_validate.validate(job, VERSION, strict=True)
            self.assertEqual(job["spec"]["completionMode"], "Indexed")

    def test_give_every_session_one_place(self):
        text = printed(self.folder).stdout
        sessions = json.loads((self.folder / "schedule.json").read_text())["sessions"]
        lines = text.splitlines()
        places = [lines[number + 1] for number, line in enumerate(lines) if line.endswith('- "--session"')]
        numbers = sorted(int(word) for place in places for word in place.strip(' -"').split(","))
        self.assertEqual(numbers, list(range(len(sessions))))

    def test_are_refused_without_an_image_or_a_volume(self):
        words = ["plan", "run", PLAN, "--output", self.folder, "--driver", "kubernetes", "--print"]
        done = subprocess.run([ROOT / ".build/release/2cvm", *words], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 64, done.stderr)


if __name__ == "__main__":
    unittest.main()
