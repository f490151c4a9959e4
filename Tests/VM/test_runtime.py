"""An image with the runtime `python` in a VM: a script runs in a session to which nobody sent the runtime.

Needs the image of `make image-python`, besides what the others need.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import vm
from vm_session import Simulation

EXAMPLE = vm.ROOT / "examples" / "private-model"
sys.path[:0] = [str(EXAMPLE), str(vm.ROOT / "Guests" / "Tests")]

import rehearsal  # noqa: E402
from python_runtime import STORE, missing  # noqa: E402
from sealed import Session  # noqa: E402

IMAGE = vm.ROOT / ".build-image" / "image-python"
MACHINE_MIB = 4096


class VMSession(Session):
    """The example's session, in a VM."""

    def __init__(self, folder, simulation):
        self.simulation = simulation
        super().__init__(folder)

    def manifest(self, script, changes=lambda manifest: None):
        def placed(manifest):
            changes(manifest)
            manifest["platform"] = {
                "kind": "simulated",
                "binding": "lock",
                "measurements": [vm.trial_measurement(IMAGE)],
            }
            # Everything is interpreted here.
            manifest["limits"] |= {"compileSeconds": 3600, "wallTimeSeconds": 3600}

        return super().manifest(script, placed)

    def launch(self, *more):
        launch = vm.Launch(
            IMAGE,
            "--await-manifest",
            "--boot-seconds",
            2 * vm.BOOT_SECONDS,
            "--trial-program",
            vm.TRIAL,
            "--simulation-keys",
            self.simulation.keys,
            *more,
        )
        self.root = self.simulation.root
        self.url = launch.address()
        return launch


@unittest.skipUnless((IMAGE / "image.json").exists(), f"{IMAGE.relative_to(vm.ROOT)} was not built")
class Runtime(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        vm.require()
        reason = missing()
        if reason:
            raise unittest.SkipTest(reason)
        os.environ["TWOCVM_RUNTIMES"] = str(STORE)

    def test_a_smaller_machine_than_the_image_needs_is_refused_before_it_starts(self):
        command = [vm.PROGRAM, "launch", "--image", IMAGE, "--profile", "trial", "--await-manifest", "--memory", "640"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        least = int(re.search(r"takes (\d+) MiB", done.stderr)[1])
        size = json.loads((IMAGE / "image.json").read_text())["initramfs"]["byteCount"]
        self.assertEqual(least, (2 * size >> 20) + 256)

    def test_a_script_runs_and_nobody_sent_the_runtime(self):
        with tempfile.TemporaryDirectory() as folder:
            session = VMSession(folder, Simulation(pathlib.Path(folder)))
            launch = session.launch("--memory", MACHINE_MIB)
            self.assertTrue(session.url, "the VM did not start")
            try:
                session.step("clinic", "lock")
                self.assertEqual(session.slots()["filled"], 1)
                results = session.finish()
            finally:
                launch.interrupt()
                launch.end()
            equal, count, _ = rehearsal.score(results["clinic", "predictions"], session.files["truth"])
            self.assertEqual((equal, count), (284, 284))
            self.assertEqual(results["model-owner", "count"], "predictions\n284\n")


if __name__ == "__main__":
    unittest.main()
