"""What tests in VMs need: an image, a launcher, and a refusal in words where something is missing."""

import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build" / "release" / "2cvm"
IMAGE = ROOT / ".build-image" / "image"
TRIAL = ROOT / ".build-image" / "installed" / "bin" / "2cvm-trial"
BOOT_SECONDS = 300

# In a shell's background these are ignored, by what is started there too, and tests interrupt launchers.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)


def require(image=False):
    """Ends with words where a VM cannot be started here, or where `image` is needed and was not built."""
    missing = [
        f"{tool}: apt-get install {package}"
        for tool, package in [
            ("qemu-system-x86_64", "qemu-system-x86"),
            ("xz", "xz-utils"),
            ("dpkg-deb", "dpkg"),
            ("clang", "clang"),
        ]
        if shutil.which(tool) is None
    ]
    if not PROGRAM.exists():
        missing.append(f"{PROGRAM.relative_to(ROOT)}: make build")
    if image:
        missing += [
            f"{path.relative_to(ROOT)}: make image" for path in (IMAGE / "image.json", TRIAL) if not path.exists()
        ]
    if missing:
        sys.exit("test-vm: error: this machine lacks\n  " + "\n  ".join(missing))


def trial_measurement(image):
    """What a trial of the image reports, recomputed from its files."""
    measured = subprocess.run([PROGRAM, "image", "measure", image, "--json"], check=True, capture_output=True).stdout
    return json.loads(measured)["trialMeasurement"]


def stand_in_image(folder):
    """An image whose programs are stand-ins, so that testing the launcher needs no build of the real ones."""
    folder = pathlib.Path(folder)
    for name in ("bin/2cvm-agent", "bin/2cvm-worker", "bin/2cvm-gate", "lib/libwasmtime.so"):
        (folder / "programs" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "programs" / name).write_bytes(name.encode())
    subprocess.run(["clang", "-O1", "-static", "-o", folder / "stand-in", ROOT / "Tests/VM/stand_in.c"], check=True)
    subprocess.run(
        [PROGRAM, "image", "build", "--output", folder / "image", "--programs", folder / "programs"],
        check=True,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    return folder / "image"


class Launch:
    """`2cvm launch`, with its console in a file."""

    def __init__(self, image, *arguments, profile="trial"):
        self.console = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [PROGRAM, "launch", "--image", image, "--profile", profile, "--port", "0", *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.console,
        )

    def address(self):
        """Waits for the line that says where the agent is; empty when there is none."""
        line = self.process.stdout.readline().decode()
        return line.removeprefix("listening on ").strip() if line.startswith("listening on ") else ""

    def end(self):
        """Waits for the launcher's end: its status and the console."""
        status = self.process.wait(BOOT_SECONDS)
        self.process.stdout.close()
        self.console.seek(0)
        text = self.console.read().decode()
        self.console.close()
        return status, text

    def close(self):
        """Whatever has become of it."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.console.close()

    def guests(self):
        """The process identifiers of the launcher's children."""
        path = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(word) for word in path.read_text().split()]

    def interrupt(self, number=signal.SIGINT):
        self.process.send_signal(number)


def is_gone(identifier, seconds=20):
    """Whether a process ends within the time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = pathlib.Path(f"/proc/{identifier}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False
