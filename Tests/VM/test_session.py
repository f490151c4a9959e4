"""The image's own agent in a VM: its evidence, a session, and what hostile code does to the machine."""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import vm
from vm_session import Simulation, VMSession

PROBER = vm.ROOT / ".build/guests/prober.wasm"
WASM_TOOLS = vm.ROOT / ".deps/bin/wasm-tools"
# A gate, with every wall required, stands between each component and its report.
REPORT = {"kind": "text", "maximumCharacters": 65536}


class HostileSession(VMSession):
    """Of one component that means harm."""

    def probe(self, binary, orders="", **limits):
        """A manifest of one hostile component, which gets its orders from a file and releases a report."""
        listed = json.loads(self.command("component", "inspect", binary, "--json"))
        manifest = self.manifest()
        manifest["components"] = [
            manifest["components"][0]
            | {
                "name": "main",
                "digest": listed["digest"],
                "maximumBytes": binary.stat().st_size,
                "memoryMiB": 16,
                "imports": sorted({re.sub("@.*", "", entry["name"]) for entry in listed["imports"]}),
            }
        ]
        if any("random" in name for name in manifest["components"][0]["imports"]):
            manifest["components"][0]["randomness"] = "repeatable"
        if any("clocks" in name for name in manifest["components"][0]["imports"]):
            manifest["components"][0]["clock"] = "virtual"
        manifest["data"] = [{"name": "orders", "provider": "soak", "commitment": "any", "maximumBytes": 4096}]
        manifest["outputs"] = [{"name": "report", "recipients": ["soak"], "format": REPORT, "maximumBytes": 65536}]
        manifest["channels"] = [
            {"mount": "orders", "component": "main", "path": "/data/attack"},
            {"release": "report", "component": "main", "path": "/output/report"},
        ]
        manifest["run"]["component"] = "main"
        manifest["limits"] |= limits
        self.sign(manifest)
        (self.folder / "orders").write_text(orders)
        self.binary = binary

    def send(self):
        self.command(
            "submit",
            self.url,
            *self.sender(),
            f"--component=main={self.binary}",
            f"--data=orders={self.folder / 'orders'}",
        )

    def fetch(self):
        return self.attempt("fetch", self.url, *self.sender(), "--wait", "--output", self.folder / "results", "--json")


class SessionTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        vm.require(image=True)
        folder = tempfile.TemporaryDirectory(prefix="2cvm-test-session-")
        cls.addClassCleanup(folder.cleanup)
        cls.simulation = Simulation(folder.name)
        cls.measurement = vm.trial_measurement(vm.IMAGE)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="2cvm-test-session-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.session = HostileSession(self.folder, self.simulation, self.measurement)

    def launch(self, image=vm.IMAGE):
        launch = self.session.launch(image)
        self.addCleanup(launch.close)
        if self.session.url == "":
            self.fail("the agent did not come up:\n" + launch.end()[1])
        return launch

    def end(self, launch):
        """The machine is as well as it was: it answers, and ends when it is told to."""
        self.assertIn("finished", self.session.command("status", self.session.url))
        launch.interrupt()
        status, console = launch.end()
        self.assertEqual(status, 130, console)
        self.assertNotIn("failed", console)
        self.assertNotIn("panic", console)

    def appraise(self, manifest="signed.json"):
        done = self.session.attempt(
            "attest",
            self.session.url,
            "--manifest",
            self.folder / manifest,
            "--simulated-root",
            self.simulation.root,
            "--json",
        )
        appraisal = json.loads(done.stdout)
        codes = {finding["code"] for finding in appraisal["findings"] if finding["severity"] == "contraindicated"}
        return done.returncode, appraisal["verdict"], codes

    # --- Evidence ---

    def test_is_affirmed_for_its_own_manifest_and_for_no_other_and_completes(self):
        self.session.sign(self.session.manifest())
        launch = self.launch()
        self.assertEqual(self.appraise(), (0, "affirmed", set()))
        other = (self.folder / "draft.json").read_text().replace("under load", "under loaf")
        (self.folder / "other.json").write_text(other)
        status, verdict, codes = self.appraise("other.json")
        self.assertEqual((status, verdict), (1, "contraindicated"))
        self.assertIn("evidence.host-data", codes)
        self.session.lock(prepared=True)
        self.session.finish_session()
        self.end(launch)

    def contraindicated(self, image):
        self.session.sign(self.session.manifest())
        self.assertNotEqual(vm.trial_measurement(image), self.measurement)
        self.launch(image)
        self.assertEqual(self.appraise(), (1, "contraindicated", {"evidence.measurement"}))

    def test_is_contraindicated_when_one_byte_of_the_command_line_differs(self):
        image = self.copied_image()
        self.change(image, lambda page: page | {"commandLine": page["commandLine"].replace("loglevel=1", "loglevel=2")})
        self.contraindicated(image)

    def test_is_contraindicated_when_one_byte_of_the_initramfs_differs(self):
        image = self.copied_image()
        path = image / "initramfs.cpio"
        content = bytearray(path.read_bytes())
        # Part of a message that nobody is told.
        at = content.index(b"unreachable` instruction executed")
        content[at] ^= 1
        path.write_bytes(content)
        digest = subprocess.run(["sha256sum", path], check=True, capture_output=True, text=True).stdout[:64]
        self.change(image, lambda page: page | {"initramfs": page["initramfs"] | {"digest": "sha256:" + digest}})
        self.contraindicated(image)

    def copied_image(self):
        image = self.folder / "image"
        shutil.copytree(vm.IMAGE, image)
        return image

    @staticmethod
    def change(image, change):
        path = image / "image.json"
        path.write_text(json.dumps(change(json.loads(path.read_text())), indent=2))

    # --- What hostile code does to the machine ---

    def run_hostile(self):
        launch = self.launch()
        self.session.lock(prepared=True)
        self.session.send()
        fetched = self.session.fetch()
        self.assertIn(fetched.returncode, (0, 4), fetched.stderr)
        self.end(launch)
        return json.loads(fetched.stdout)["outcome"]

    def test_outlives_a_guest_that_fills_its_file_system(self):
        self.session.probe(PROBER, "flood|/output|100000\nclear|/output|100000")
        self.assertEqual(self.run_hostile(), "completed")
        report = (self.folder / "results" / "report").read_text()
        self.assertIn("insufficient-space", report)

    def test_outlives_a_guest_that_takes_all_memory(self):
        self.session.probe(PROBER, "exhaust-memory")
        self.assertEqual(self.run_hostile(), "failed")

    def test_outlives_a_worker_that_crashes_while_it_compiles(self):
        # One function of many instructions, each of which needs the one before: the compiler wants more memory than
        # the worker may have.
        steps = "global.get 0 i32.popcnt global.get 0 i32.mul global.set 0 " * 150_000
        (self.folder / "bomb.wat").write_text(f"""
            (component
              (core module $m (global (mut i32) (i32.const 1))
                (func (export "run") (result i32) {steps} i32.const 0))
              (core instance $i (instantiate $m))
              (func $run (result (result)) (canon lift (core func $i "run")))
              (instance $command (export "run" (func $run)))
              (export "wasi:cli/run@0.2.12" (instance $command)))""")
        bomb = self.folder / "bomb.wasm"
        subprocess.run([WASM_TOOLS, "parse", self.folder / "bomb.wat", "-o", bomb], check=True)
        self.session.probe(bomb, compileSeconds=120)
        self.assertEqual(self.run_hostile(), "failed")


if __name__ == "__main__":
    unittest.main()
