"""The kernels as one participant's component, timed by another's: in a rehearsal on this machine, and in a VM."""

import hashlib
import json
import struct
import subprocess

from workshop import BUILT, GUESTS, ROOT

KERNELS = ROOT / ".build/kernels"


def works(choice, gibibytes):
    """What to measure: those works of `choice` that a machine with so much memory can hold."""
    if subprocess.run([ROOT / "Benchmarks/Kernels/build"], check=False).returncode != 0:
        raise SystemExit("benchmarks: error: the kernels could not be built")
    listed = subprocess.run([BUILT / "compute-benchmark", "works", KERNELS, choice], capture_output=True, check=True)
    return [work for work in json.loads(listed.stdout) if work["gibibytes"] <= gibibytes]


def files():
    return {"timer": GUESTS / "timer.wasm", "kernels": KERNELS / "kernels.wasm"}


class Computing:
    """A session whose components compute, and nothing else. It signs a manifest of its own."""

    def __init__(self, session, listed, memory_mib):
        self.session, self.listed = session, listed
        self.data = session.folder / "work"
        self.data.write_bytes(b"".join(struct.pack("<3I", w["index"], w["size"], w["rounds"]) for w in listed))
        session.sign(self.manifest(memory_mib))

    def manifest(self, memory_mib):
        manifest = self.session.manifest()
        more = {
            "timer": {
                "imports": ["twocvm:guest/files", "wasi:clocks/monotonic-clock"],
                "clock": "real",
                "memoryMiB": 16,
            },
            "kernels": {"imports": [], "memoryMiB": memory_mib},
        }
        manifest["components"] = [
            manifest["components"][0]
            | more[name]
            | {"name": name, "digest": "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()}
            for name, file in files().items()
        ]
        manifest["data"] = [{"name": "work", "provider": "soak", "commitment": "any", "maximumBytes": 4096}]
        manifest["outputs"] = [{"name": "figures", "recipients": ["soak"], "format": "any", "maximumBytes": 4096}]
        manifest["channels"] = [
            {"mount": "work", "component": "timer", "path": "/data/work"},
            {
                "link": "twocvm:benchmarks/kernels",
                "importer": "timer",
                "exporter": "kernels",
                "export": "twocvm:benchmarks/kernels",
            },
            {"release": "figures", "component": "timer", "path": "/output/figures.json"},
        ]
        manifest["run"]["component"] = "timer"
        manifest["limits"]["wallTimeSeconds"] = 600
        return manifest

    def submitted(self):
        return [*(f"--component={name}={file}" for name, file in files().items()), f"--data=work={self.data}"]

    def read(self, folder):
        """For each work its checksum and the nanoseconds of its fastest run."""
        figures = json.loads((folder / "figures").read_text())
        return [(figures[f"checksum/{i}"], figures[f"nanoseconds/{i}"]) for i in range(len(self.listed))]

    def on_host(self):
        folder = self.session.folder / "rehearsal"
        self.session.command("run", self.session.folder / "signed.json", *self.submitted(), "--output", folder)
        return self.read(folder)

    def in_vm(self):
        self.session.lock(prepared=True)
        folder = self.session.folder / "results"
        self.session.command("submit", self.session.url, *self.session.sender(), *self.submitted())
        self.session.command("fetch", self.session.url, *self.session.sender(), "--wait", "--output", folder)
        return self.read(folder)
