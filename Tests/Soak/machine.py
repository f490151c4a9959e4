"""A simulated agent with a session of one participant, through the built commands alone."""

import os
import pathlib
import re
import subprocess
import sys

from session import COMMANDS, MEASUREMENT, UPLOAD_BYTES, Session


class Machine(Session):
    """Ends its agent when it is left."""

    def __init__(self, folder, upload_bytes=UPLOAD_BYTES, keys=None, participant=None):
        """`participant` is the folder of another machine, whose keys, home and signed manifest are used again."""
        super().__init__(participant or folder, upload_bytes)
        self.files = folder / "agent"
        self.files.mkdir(mode=0o700)
        self.log = open(folder / "agent.log", "wb")
        self.process = subprocess.Popen(
            [
                COMMANDS / "2cvm-agent-simulated",
                "--listen",
                "127.0.0.1:0",
                "--keys",
                keys or folder / "simulation.keys",
                "--measurement",
                MEASUREMENT,
                "--folder",
                self.files,
            ],
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self.root = self.announced(r"simulated root sha256:([0-9a-f]{64})")
        self.host, port = self.announced(r"listening on ([0-9.]+:[0-9]+)").split(":")
        self.port = int(port)
        self.url = f"http://{self.host}:{port}"

    def announced(self, pattern):
        for line in self.process.stdout:
            found = re.search(pattern, line)
            if found:
                return found[1]
        sys.exit("soak: error: the agent ended: " + pathlib.Path(self.log.name).read_text()[-2000:])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        alive = self.process.poll() is None
        self.process.terminate()
        status = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.log.close()
        if not alive or status != 0:
            log = pathlib.Path(self.log.name).read_text()[-2000:]
            sys.exit(f"soak: error: the agent ended with {status}{'' if alive else ' on its own'}: {log}")

    def anonymous_bytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"RssAnon:\s+(\d+)", status)[1]) * 1024

    def reset_peak(self):
        """Lets the kernel count the largest resident size anew."""
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def peak_bytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def folder_bytes(self):
        return sum(file.stat().st_size for file in self.files.rglob("*") if file.is_file())
