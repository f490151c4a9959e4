"""What the VM adds: its boot, its memory, and the protocol inside it. `python3 Benchmarks/boot.py [--write]`.

In a trial every instruction is interpreted, so it says nothing of computing: only that a session works, and how long
its machine takes. Where the machine has SEV-SNP a second column has the same from a confidential VM.
"""

import argparse
import json
import pathlib
import re
import statistics
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import agent
from run import put
from workshop import ROOT, machine as host, spread

sys.path.insert(0, str(ROOT / "Tests/VM"))

import vm  # noqa: E402
from vm_session import Simulation, VMSession  # noqa: E402

MACHINES = 5
UPLOAD_BYTES = 32 << 20


class ConfidentialSession(VMSession):
    """On SEV-SNP hardware: the same session, with a platform that real reports are held against."""

    profile = "snp"

    def __init__(self, folder, platform, vcpu_type):
        super().__init__(folder, None, None)
        self.platform, self.vcpu_type = platform, vcpu_type

    def manifest(self):
        return super().manifest() | {"platform": self.platform}

    def terms(self):
        return ["--manifest", self.folder / "signed.json"]

    def launch_options(self):
        return ["--vcpu-type", self.vcpu_type]


def has_confidential_machines():
    parameter = pathlib.Path("/sys/module/kvm_amd/parameters/sev_snp")
    return pathlib.Path("/dev/sev").exists() and parameter.exists() and parameter.read_text()[:1] in "Y1"


def confidential_platform(file, image):
    """What the manifest asks of the platform: the example's terms for any chip, and this image's measurements."""
    example = json.loads((ROOT / "docs/examples/manifest.json").read_text())["platform"]
    platform = json.loads(file.read_text()) if file else example | {"chips": "any"}
    if not image["measurements"]:
        sys.exit("bench-vm: error: the image has no firmware, so SEV-SNP cannot start it\n"
                 "bench-vm: hint: scripts/firmware builds it; 2cvm image build --firmware FILE --vcpu-type TYPE")
    measurements = [entry["measurement"] for entry in image["measurements"]]
    return platform | {"binding": "launch", "measurements": measurements}, image["measurements"][0]["vcpuType"]


def peak_bytes(launch):
    """The largest resident size of QEMU, the guest's memory included."""
    status = pathlib.Path(f"/proc/{launch.guests()[0]}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024


def submission(session):
    """Bytes a second into one slot, from the client's first byte to the agent's answer."""
    content = session.folder / "content"
    with content.open("wb") as stream:
        stream.truncate(session.upload_bytes)
    report = json.loads(session.command(
        "submit", session.url, *session.sender(), "--data", f"patients-a={content}", "--json"))
    return report["bytes"] / 1e3 / report["milliseconds"]


def machine(session, measure):
    """One VM: seconds to its first answer, what `measure` finds in it, and QEMU's largest resident size."""
    session.sign(session.manifest())
    begun = time.perf_counter()
    launch = session.launch()
    try:
        if session.url == "":
            sys.exit("bench-vm: error: the agent did not come up:\n" + launch.end()[1])
        with urllib.request.urlopen(f"{session.url}/v1/status", timeout=60) as answer:
            answer.read()
        seconds = time.perf_counter() - begun
        address = urllib.parse.urlsplit(session.url)
        session.host, session.port = address.hostname, address.port
        found = measure(session)
        return seconds, found, peak_bytes(launch)
    finally:
        launch.interrupt()
        launch.close()


def whole_session(session):
    """Seconds from the lock to the last fetch: seven submissions, compiling, running."""
    begun = time.perf_counter()
    session.lock(prepared=True)
    session.finish_session()
    return time.perf_counter() - begun


def load(session):
    """Evidence with fresh nonces, and one large submission."""
    session.lock(prepared=True)
    # The load holds what comes against a simulated root, and against no other.
    rates = {count: agent.evidence(session, count)["perSecond"] for count in (1, 4)} if session.root else {}
    return rates, submission(session)


def figures(make):
    """The column of one profile. `make` gives a session in a folder."""
    with tempfile.TemporaryDirectory(prefix="2cvm-bench-vm-", dir="/dev/shm") as name:
        def folder(label):
            made = pathlib.Path(name) / label
            made.mkdir()
            return made

        machines = [machine(make(folder(f"session-{number}")), whole_session) for number in range(MACHINES)]
        loaded = make(folder("load"))
        loaded.upload_bytes, loaded.machine_mib = UPLOAD_BYTES, 1024
        _, (rates, rate), _ = machine(loaded, load)
    return [
        spread([seconds for seconds, _, _ in machines], "{:.1f} s"),
        spread([seconds for _, seconds, _ in machines], "{:.1f} s"),
        spread([peak / 2**20 for _, _, peak in machines], "{:.0f} MiB"),
        *(f"{rates[count]:,.0f}" if rates else "–" for count in (1, 4)),
        f"{rate:,.0f}",
    ]


ROWS = [
    ("`2cvm launch` to the first answer", "at most 15 s"),
    ("a session of the example, lock to fetch, seven submissions, compiling included", "–"),
    (f"QEMU's largest resident size, guest of {VMSession.machine_mib} MiB", "the guest's memory"),
    ("evidence a second, 1 connection, a nonce each", "–"),
    ("evidence a second, 4 connections, a nonce each", "–"),
    (f"submission of {UPLOAD_BYTES >> 20} MiB, MB/s", "–"),
]


def table(platform):
    vm.require(image=True)
    with tempfile.TemporaryDirectory(prefix="2cvm-bench-vm-") as folder:
        simulation = Simulation(folder)
        measurement = vm.trial_measurement(vm.IMAGE)
        trial = figures(lambda place: VMSession(place, simulation, measurement))
    confidential = ["–"] * len(ROWS)
    if has_confidential_machines():
        terms = confidential_platform(platform, json.loads((vm.IMAGE / "image.json").read_text()))
        confidential = figures(lambda place: ConfidentialSession(place, *terms))
    lines = [f"Measured with `make bench-vm` on {host()}: medians of {MACHINES} machines, and the range.", ""]
    lines += ["| what | trial, interpreted | SEV-SNP | against |", "|---|---|---|---|"]
    for (what, against), *cells in zip(ROWS, trial, confidential):
        lines.append("| " + " | ".join([what, *cells, against]) + " |")
    if not has_confidential_machines():
        lines += ["", "This machine has no SEV-SNP."]
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the table into docs/BENCHMARKS.md")
    parser.add_argument("--platform", type=pathlib.Path,
                        help="with SEV-SNP: the manifest's platform object, if the example's does not fit")
    arguments = parser.parse_args()
    lines = table(arguments.platform)
    put("vm", lines) if arguments.write else print("\n".join(lines))


if __name__ == "__main__":
    main()
