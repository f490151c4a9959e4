"""The image against a host that lies: bytecode in its tables, answers to DHCP, keys on the console."""

import json
import pathlib
import tempfile
import time
import unittest

import hostile_host
import vm

DIGEST = "sha256:" + "ab" * 32


class HostileHostTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        vm.require(image=True)

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="2cvm-hostile-")
        self.addCleanup(self.folder.cleanup)

    def launch(self, behaviour, image=vm.IMAGE, program=vm.TRIAL, *arguments):
        qemu = hostile_host.wrapper(self.folder.name, behaviour)
        launch = vm.Launch(
            image,
            "--digest",
            DIGEST,
            "--trial-program",
            program,
            "--qemu",
            qemu,
            "--boot-seconds",
            vm.BOOT_SECONDS,
            *arguments,
        )
        self.addCleanup(launch.close)
        return launch

    def come_up(self, launch):
        """Waits for the agent; where it does not come, shows why."""
        if launch.address() == "":
            self.fail("the agent did not come up:\n" + launch.end()[1])

    def end(self, launch):
        launch.interrupt()
        return launch.end()[1]

    def asked(self):
        lines = (pathlib.Path(self.folder.name) / "network.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    # --- ACPI ---

    def test_runs_no_bytecode_of_the_hosts(self):
        launch = self.launch("bytecode")
        self.come_up(launch)
        console = self.end(launch)
        self.assertNotIn(hostile_host.MARKER.strip().decode(), console)

    def test_would_see_that_bytecode_runs(self):
        """The same table under a command line that believes it: what the test above looks for is there to be seen."""
        launch = self.launch("bytecode-believed")
        launch.address()
        self.assertIn(hostile_host.MARKER.strip().decode(), self.end(launch))

    # --- DHCP ---

    def test_takes_the_one_answer_that_is_an_answer(self):
        launch = self.launch("dhcp-mixed")
        self.come_up(launch)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not any("arp" in line for line in self.asked()):
            time.sleep(0.2)
        self.end(launch)
        lines = self.asked()
        wanted = [line["wanted"] for line in lines if line.get("kind") == 3]
        self.assertGreater(len(wanted), 0)
        self.assertEqual([address for address in wanted if address != list(hostile_host.GOOD)], [])
        owned = {tuple(line["arp"]) for line in lines if "arp" in line}
        self.assertEqual(owned, {tuple(hostile_host.GOOD)})

    def test_ends_where_every_answer_is_a_lie(self):
        launch = self.launch("dhcp-hostile")
        self.assertEqual(launch.address(), "")
        status, console = launch.end()
        self.assertEqual(status, 3)
        self.assertIn("console: 2cvm-agent: boot failed: boot.dhcp", console)
        self.assertEqual([line for line in self.asked() if line.get("kind") == 3], [])

    # --- Walls ---

    def test_ends_where_a_wall_cannot_be_raised(self):
        launch = self.launch("no-groups")
        self.assertEqual(launch.address(), "")
        status, console = launch.end()
        self.assertEqual(status, 3)
        self.assertIn("console: 2cvm-agent: boot failed: platform.worker.walls", console)

    # --- The console ---

    def test_logs_nothing_for_a_host_that_presses_keys(self):
        launch = self.launch("keys")
        self.come_up(launch)
        time.sleep(15)  # for the keys and the devices that are added meanwhile
        console = self.end(launch)
        before, _, served = console.partition("listening on")
        # The host was quicker than the first process, which took it back.
        self.assertIn("sysrq: Loglevel set to 9", before)
        self.assertIsNone(hostile_host.KERNEL_LINE.search(served), served)

    def test_would_see_what_the_kernel_logs(self):
        """The same keys at a machine whose first process leaves the kernel as it was."""
        image = vm.stand_in_image(self.folder.name)
        behaviour = pathlib.Path(self.folder.name) / "stays"
        behaviour.write_text("stays")
        program = pathlib.Path(self.folder.name) / "stand-in"
        launch = self.launch("keys", image, program, "--simulation-keys", behaviour)
        self.come_up(launch)
        time.sleep(15)
        served = self.end(launch).partition("listening on")[2]
        self.assertIsNotNone(hostile_host.KERNEL_LINE.search(served), served)


if __name__ == "__main__":
    unittest.main()
