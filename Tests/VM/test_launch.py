"""The launcher: what it waits for, and what it leaves behind, which is nothing."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

import vm

DIGEST = "sha256:" + "ab" * 32


class LaunchTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        vm.require()
        cls.folder = tempfile.TemporaryDirectory(prefix="2cvm-test-vm-")
        cls.image = vm.stand_in_image(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def launch(self, behaviour, *arguments):
        keys = pathlib.Path(self.folder.name) / behaviour
        keys.write_text(behaviour)
        program = pathlib.Path(self.folder.name) / "stand-in"
        return vm.Launch(
            self.image,
            "--digest",
            DIGEST,
            "--trial-program",
            program,
            "--simulation-keys",
            keys,
            "--boot-seconds",
            vm.BOOT_SECONDS,
            *arguments,
        )

    def test_tells_the_address_once_the_agent_listens_and_ends_with_the_vm(self):
        launch = self.launch("ends")
        self.assertRegex(launch.address(), r"^http://127\.0\.0\.1:[0-9]+$")
        status, console = launch.end()
        self.assertEqual(status, 0, console)
        self.assertIn("host-data " + "ab" * 32, console)
        # What a VM prints does not reach the terminal as it is.
        self.assertIn("\\x1b[31mcontrol", console)
        self.assertNotIn("\x1b", console)

    def test_shows_the_measurement_that_image_measure_computes(self):
        launch = self.launch("ends")
        launch.address()
        _, console = launch.end()
        measured = subprocess.run(
            [vm.PROGRAM, "image", "measure", self.image, "--json"], check=True, capture_output=True
        ).stdout
        measurement = json.loads(measured)["trialMeasurement"]
        self.assertIn(f"console: measurement {measurement}", console)

    def test_ends_a_vm_whose_agent_never_listens(self):
        launch = self.launch("silent", "--boot-seconds", 25)
        self.assertEqual(launch.address(), "")
        status, console = launch.end()
        self.assertEqual(status, 3)
        self.assertIn("error[launch.time]", console)

    def test_says_so_when_the_vm_ends_first(self):
        launch = self.launch("dies")
        self.assertEqual(launch.address(), "")
        status, console = launch.end()
        self.assertEqual(status, 3)
        self.assertIn("error[launch.ended]", console)

    def test_tells_a_vm_that_broke_from_one_that_ended(self):
        program = self.script("breaks", "echo '2cvm-agent: listening on 0.0.0.0:8080'\nsleep 1\nexit 7\n")
        launch = self.launch("ends", "--qemu", program)
        self.assertNotEqual(launch.address(), "")
        status, console = launch.end()
        self.assertEqual(status, 3)
        self.assertIn("error[launch.failed]", console)

    def script(self, name, text):
        """A program in QEMU's place."""
        program = pathlib.Path(self.folder.name) / name
        program.write_text("#!/bin/sh\n" + text)
        program.chmod(0o755)
        return program

    def test_leaves_nothing_behind_whenever_it_is_interrupted(self):
        program = self.script("sleeps", "exec sleep 1000\n")
        for milliseconds in (0, 20, 50, 100, 200, 400):
            with tempfile.TemporaryDirectory() as place:
                launch = subprocess.Popen(
                    [
                        vm.PROGRAM,
                        "launch",
                        "--image",
                        self.image,
                        "--profile",
                        "trial",
                        "--digest",
                        DIGEST,
                        "--trial-program",
                        pathlib.Path(self.folder.name) / "stand-in",
                        "--port",
                        "0",
                        "--qemu",
                        program,
                    ],
                    env={"PATH": os.environ["PATH"], "TMPDIR": place},
                    stderr=subprocess.DEVNULL,
                )
                time.sleep(milliseconds / 1000)
                launch.terminate()
                self.assertIn(launch.wait(20), (-signal.SIGTERM, 130))
                self.assertEqual(os.listdir(place), [])

    def test_is_interrupted_though_nobody_reads_its_console(self):
        program = self.script("chatters", "echo '2cvm-agent: listening on 0.0.0.0:8080'\nexec yes chatter\n")
        launch = subprocess.Popen(
            [
                vm.PROGRAM,
                "launch",
                "--image",
                self.image,
                "--profile",
                "trial",
                "--digest",
                DIGEST,
                "--port",
                "0",
                "--trial-program",
                pathlib.Path(self.folder.name) / "stand-in",
                "--qemu",
                program,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.addCleanup(launch.communicate)
        self.addCleanup(launch.kill)
        self.assertIn(b"listening on", launch.stdout.readline())
        time.sleep(1)
        launch.send_signal(signal.SIGQUIT)
        self.assertEqual(launch.wait(20), 130)

    def test_ends_what_a_script_in_qemus_place_started(self):
        program = self.script(
            "wraps", "echo '2cvm-agent: listening on 0.0.0.0:8080'\nsleep 1000\necho 'that was all'\n"
        )
        launch = self.launch("ends", "--qemu", program)
        self.assertNotEqual(launch.address(), "")
        shell = launch.guests()[0]
        inner = []
        while not inner:
            inner = pathlib.Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
        launch.interrupt()
        self.assertEqual(launch.end()[0], 130)
        self.assertTrue(vm.is_gone(int(inner[0])))

    def test_takes_the_vm_with_it_when_interrupted(self):
        launch = self.launch("stays")
        self.assertNotEqual(launch.address(), "")
        guests = launch.guests()
        self.assertEqual(len(guests), 1)
        launch.interrupt()
        self.assertEqual(launch.end()[0], 130)
        self.assertTrue(vm.is_gone(guests[0]))

    def test_takes_the_vm_with_it_when_killed(self):
        launch = self.launch("stays")
        self.assertNotEqual(launch.address(), "")
        guests = launch.guests()
        launch.interrupt(signal.SIGKILL)
        launch.end()
        self.assertTrue(vm.is_gone(guests[0]))


if __name__ == "__main__":
    unittest.main()
