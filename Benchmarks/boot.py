"""What the VM adds: its boot, its memory, and the protocol inside it. `python3 Benchmarks/boot.py [--write]`.

In a trial every instruction is interpreted, so it says nothing of computing: only that a session works, how long its
machine takes, and that the kernels compute there what they compute here. Where the machine has SEV-SNP a second column
has the same from a confidential VM, and a second table what computing in it costs.
"""

import argparse
import json
import pathlib
import re
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import agent
from computing import Computing, works
from run import put
from workshop import ROOT, spread
from workshop import machine as host

sys.path.insert(0, str(ROOT / "Tests/VM"))

import vm  # noqa: E402
from vm_session import Simulation, VMSession  # noqa: E402

MACHINES = 5
UPLOAD_BYTES = 32 << 20
# Three slots of that, and a second submission to one of them, do not fit the example's machine.
LOADED_MIB = 1024


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
        sys.exit(
            "bench-vm: error: the image has no firmware, so SEV-SNP cannot start it\n"
            "bench-vm: hint: scripts/firmware builds it; 2cvm image build --firmware FILE --vcpu-type TYPE"
        )
    measurements = [entry["measurement"] for entry in image["measurements"]]
    return platform | {"binding": "launch", "measurements": measurements}, image["measurements"][0]["vcpuType"]


def peak_bytes(launch):
    """The largest resident size of QEMU, the guest's memory included."""
    status = pathlib.Path(f"/proc/{launch.guests()[0]}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024


def submission(session, slot):
    """Megabytes a second into one slot, from the client's first byte to the agent's answer."""
    content = session.folder / "content"
    with content.open("wb") as stream:
        stream.truncate(session.upload_bytes)
    report = json.loads(
        session.command("submit", session.url, *session.sender(), "--data", f"{slot}={content}", "--json")
    )
    return report["sealedBytes"] / 1e3 / report["milliseconds"]


def machine(session, measure):
    """One VM for a signed manifest: seconds to its first answer, what `measure` finds in it, QEMU's largest size."""
    begun = time.perf_counter()
    launch = session.launch()
    try:
        if session.url == "":
            sys.exit("bench-vm: error: the agent did not come up")
        with urllib.request.urlopen(f"{session.url}/v1/status", timeout=60) as answer:
            answer.read()
        seconds = time.perf_counter() - begun
        address = urllib.parse.urlsplit(session.url)
        session.host, session.port = address.hostname, address.port
        found = measure(session)
        return seconds, found, peak_bytes(launch)
    finally:
        launch.interrupt()
        launch.end()


def whole_session(session):
    """Seconds from the lock to the last fetch: seven submissions, compiling, running."""
    begun = time.perf_counter()
    session.lock(prepared=True)
    session.finish_session()
    return time.perf_counter() - begun


def load(session):
    """Three times each: evidence with fresh nonces a second, by connections, and a large submission."""
    session.lock(prepared=True)
    # The load holds what comes against a simulated root, and against no other.
    rates = (
        {count: [agent.evidence(session, count)["perSecond"] for _ in range(3)] for count in (1, 4)}
        if session.root
        else {}
    )
    return rates, [submission(session, f"patients-{site}") for site in "abc"]


class Machines:
    """Sessions of one profile, each with a VM of its own. `make` gives one in a folder."""

    def __init__(self, folder, make):
        self.folder, self.make, self.count = folder, make, 0

    def session(self, **more):
        self.count += 1
        place = self.folder / str(self.count)
        place.mkdir()
        session = self.make(place)
        vars(session).update(more)
        return session

    def signed(self, **more):
        session = self.session(**more)
        session.sign(session.manifest())
        return session

    def column(self):
        whole = [machine(self.signed(), whole_session) for _ in range(MACHINES)]
        _, (rates, submissions), _ = machine(self.signed(upload_bytes=UPLOAD_BYTES, machine_mib=LOADED_MIB), load)
        return [
            spread([seconds for seconds, _, _ in whole], "{:.1f} s"),
            spread([seconds for _, seconds, _ in whole], "{:.1f} s"),
            spread([peak / 2**20 for _, _, peak in whole], "{:.0f} MiB"),
            *(spread(rates[count], "{:.0f}") if rates else "–" for count in (1, 4)),
            spread(submissions, "{:.0f}"),
        ]

    def compute(self, choice, memory_mib):
        """Each work's title, and the nanoseconds here and in a VM, which must compute the same."""
        session = self.session(machine_mib=memory_mib + 1024)
        computing = Computing(session, works(choice, 6), memory_mib)
        here = computing.on_host()
        _, there, _ = machine(session, lambda _: computing.in_vm())
        for work, (ours, _), (theirs, _) in zip(computing.listed, here, there):
            if ours != theirs:
                sys.exit(f"bench-vm: error: {work['kernel']} computes something else in the VM")
        titles = [f"{work['kernel']}, {work['workingSet']}" for work in computing.listed]
        return [(title, a, b) for title, (_, a), (_, b) in zip(titles, here, there)]


ROWS = [
    ("`2cvm launch` to the first answer", "at most 15 s"),
    ("a session of the example, lock to fetch, seven submissions, compiling included", "–"),
    (f"QEMU's largest resident size, guest of {VMSession.machine_mib} MiB", "–"),
    ("evidence a second, 1 connection, a nonce each", "–"),
    ("evidence a second, 4 connections, a nonce each", "–"),
    (f"submission of {UPLOAD_BYTES >> 20} MiB, MB/s", "–"),
]


def computing_table(rows):
    lines = ["| kernel, working set | here | in the VM | in the VM / here |", "|---|---|---|---|"]
    for title, here, there in rows:
        lines.append(f"| {title} | {here / 1e6:.1f} ms | {there / 1e6:.1f} ms | {there / here:.2f} |")
    return lines


def table(platform):
    vm.require(image=True)
    confidential, costs = ["–"] * len(ROWS), ["This machine has no SEV-SNP."]
    terms = None
    if has_confidential_machines():
        terms = confidential_platform(platform, json.loads((vm.IMAGE / "image.json").read_text()))
    with tempfile.TemporaryDirectory(prefix="2cvm-bench-vm-", dir="/dev/shm") as name:
        folder = pathlib.Path(name)
        (folder / "trial").mkdir(), (folder / "snp").mkdir()
        simulation = Simulation(folder)
        measurement = vm.trial_measurement(vm.IMAGE)
        trials = Machines(folder / "trial", lambda place: VMSession(place, simulation, measurement))
        trial, same = trials.column(), trials.compute("small", 64)
        if terms:
            machines = Machines(folder / "snp", lambda place: ConfidentialSession(place, *terms))
            confidential = machines.column()
            costs = [
                "Each kernel's fastest run of five in SEV-SNP, against a rehearsal on this machine.",
                "",
                *computing_table(machines.compute("all", 512)),
            ]
    lines = [f"Measured with `make bench-vm` on {host()}: medians, and the range in parentheses.", ""]
    lines += ["| what | trial, interpreted | SEV-SNP | against |", "|---|---|---|---|"]
    for (what, against), *cells in zip(ROWS, trial, confidential):
        lines.append("| " + " | ".join([what, *cells, against]) + " |")
    return [
        *lines,
        "",
        f"{len(same)} kernels came to the same checksums in a trial as in a rehearsal here.",
        "",
        *costs,
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the table into docs/BENCHMARKS.md")
    parser.add_argument(
        "--platform",
        type=pathlib.Path,
        help="with SEV-SNP: the manifest's platform object, if the example's does not fit",
    )
    arguments = parser.parse_args()
    lines = table(arguments.platform)
    put("vm", lines) if arguments.write else print("\n".join(lines))


if __name__ == "__main__":
    main()
