"""A session in a VM: one participant, and the image's own agent."""

import pathlib
import re
import subprocess
import sys

import vm

sys.path.insert(0, str(vm.ROOT / "Tests/Soak"))

from session import COMMANDS, Session  # noqa: E402


class Simulation:
    """A simulated platform's keys. They are drawn out here: inside, interpreted, that takes minutes."""

    def __init__(self, folder):
        self.keys = pathlib.Path(folder) / "simulation.keys"
        self.root = ""
        agent = subprocess.Popen(
            [COMMANDS / "2cvm-agent-simulated", "--listen", "127.0.0.1:0", "--keys", self.keys],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for line in agent.stdout:
            self.root = (re.findall("simulated root sha256:([0-9a-f]{64})", line) or [self.root])[0]
            if "listening" in line:
                break
        agent.terminate()
        agent.wait()
        agent.stdout.close()


class VMSession(Session):
    """In a folder of its own. The machine comes with `launch`."""

    binding = "launch"
    profile = "trial"
    memory_mib = 8
    # What the example's own manifest needs fits into this.
    machine_mib = 640

    def __init__(self, folder, simulation, measurement):
        super().__init__(folder, upload_bytes=1 << 20)
        self.simulation, self.measurement = simulation, measurement
        self.root = simulation.root if simulation else None
        self.make_keys()

    def launch(self, image=vm.IMAGE):
        launch = vm.Launch(
            image,
            "--digest",
            self.digest(),
            "--memory",
            self.machine_mib,
            "--boot-seconds",
            vm.BOOT_SECONDS,
            *self.launch_options(),
            profile=self.profile,
        )
        self.url = launch.address()
        return launch

    def launch_options(self):
        return ["--trial-program", vm.TRIAL, "--simulation-keys", self.simulation.keys]

    def digest(self):
        return re.search("sha256:[0-9a-f]{64}", self.command("manifest", "digest", self.folder / "signed.json"))[0]
