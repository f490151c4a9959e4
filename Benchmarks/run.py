"""Measures what `2cvm` costs, and prints Markdown tables: `python3 Benchmarks/run.py [--write] [--only PART]`.

`commands` goes through the built commands, as a user's work does: guests time themselves on the real clock, which
their manifests grant. `agent` is agent.py's: a simulated agent under load, and a session. `compute` is compute.py's:
kernels in the engine against native code. `--write` puts the tables into docs/BENCHMARKS.md, between its markers, and
the charts into docs/charts.
"""

import argparse
import hashlib
import json
import os
import pathlib
import platform
import secrets
import statistics
import subprocess
import sys
import tempfile
import time

import agent
import compute

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMAND = ROOT / ".build/release/2cvm"
GUESTS = ROOT / ".build/guests"
DOCUMENT = ROOT / "docs/BENCHMARKS.md"
CHARTS = ROOT / "docs/charts"
REPEATS = 11
FILE_BYTES = 256 << 20
LARGE_COMPONENT_BYTES = 18 << 20


def run(*arguments, **options):
    """Runs the command and returns its output, or stops with what it said."""
    done = subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"benchmarks: error: 2cvm {arguments[0]}: {done.stderr.strip()}")
    return done.stdout


# A process counts its parent's memory as its own until it has begun, so a small parent starts it.
STARTER = """
import os, resource, sys, time
start = time.perf_counter()
process = os.posix_spawn(sys.argv[1], sys.argv[1:], {}, file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", 1, 0)])
_, status = os.waitpid(process, 0)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def timed(*arguments):
    """Seconds of wall time, and the largest resident size in bytes, of one whole process."""
    done = subprocess.run([sys.executable, "-S", "-E", "-c", STARTER, COMMAND, *map(str, arguments)],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"benchmarks: error: 2cvm {arguments[0]}: {done.stderr.strip()}")
    seconds, memory = done.stdout.split()
    return float(seconds), int(memory)


def component(name, imports, memory=64, **more):
    file = GUESTS / f"{name}.wasm"
    return {
        "name": name, "provider": "bench", "digest": "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest(),
        "maximumBytes": file.stat().st_size, "imports": imports, "memoryMiB": memory, **more,
    }


def manifest(participant, entry, components, data=(), channels=()):
    """A manifest of one participant, whose entry component releases its figures."""
    return {
        "version": 1, "name": "benchmark", "purpose": "Measures the composition.", "salt": secrets.token_hex(32),
        "participants": [participant], "components": components, "data": list(data),
        "outputs": [{"name": "figures", "recipients": ["bench"], "maximumBytes": 4096}],
        "channels": [*channels, {"release": "figures", "component": entry, "path": "/output/figures.json"}],
        "run": {"component": entry, "export": "wasi:cli/run"},
        "limits": {"compileSeconds": 60, "wallTimeSeconds": 120, "admissionSeconds": 60, "retentionSeconds": 60,
                   "runs": 1},
        "platform": {"kind": "simulated", "binding": "launch", "measurements": ["00" * 48]},
    }


class Workshop:
    """A temporary folder with one participant's keys."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        run("key", "new", "bench", "--directory", self.folder)
        self.participant = json.loads((self.folder / "bench.pub").read_text())
        self.count = 0

    def figures(self, document, *arguments):
        """Runs a manifest; returns what the guest measured and what the command says of itself."""
        self.count += 1
        file, output = self.folder / f"{self.count}.json", self.folder / f"{self.count}"
        file.write_text(json.dumps(document))
        said = json.loads(run("run", file, "--output", output, "--json", *arguments))
        return json.loads((output / "figures").read_text()), said


def calls(workshop):
    """Between two participants' components in one composition."""
    document = manifest(
        workshop.participant, "caller",
        [component("caller", ["twocvm:guest/files", "wasi:clocks/monotonic-clock"], clock="real"),
         component("callee", [])],
        channels=[{"link": "twocvm:benchmarks/store", "importer": "caller", "exporter": "callee",
                   "export": "twocvm:benchmarks/store"}])
    rounds = [
        workshop.figures(document, "--component", f"caller={GUESTS}/caller.wasm",
                         "--component", f"callee={GUESTS}/callee.wasm")[0]
        for _ in range(3)
    ]
    call = [r["callNanoseconds"] / r["calls"] for r in rounds]
    transfer = [r["transferBytes"] / r["transferNanoseconds"] for r in rounds]
    yield "call between components, u32 to u32", spread(call, "{:.1f} ns"), "at most 15 ns"
    yield "list<u64> of 1 MiB between components", spread(transfer, "{:.1f} GB/s"), "memory bandwidth"


def reads(workshop):
    """A guest reads a mounted file."""
    file = workshop.folder / "large.bin"
    with file.open("wb") as stream:
        for _ in range(FILE_BYTES >> 20):
            stream.write(bytes(range(256)) * 4096)
    document = manifest(
        workshop.participant, "reader",
        [component("reader", ["twocvm:guest/files", "wasi:clocks/monotonic-clock", "wasi:filesystem/preopens",
                              "wasi:filesystem/types", "wasi:io/error", "wasi:io/streams"],
                   memory=1024, clock="real")],
        data=[{"name": "large", "provider": "bench", "commitment": "any", "maximumBytes": FILE_BYTES}],
        channels=[{"mount": "large", "component": "reader", "path": "/data/large.bin"}])
    rounds = [
        workshop.figures(document, "--component", f"reader={GUESTS}/reader.wasm", "--data", f"large={file}")[0]
        for _ in range(3)
    ]
    file.unlink()
    stream = [r["streamBytes"] / r["streamNanoseconds"] for r in rounds]
    whole = [r["fileBytes"] / r["fileNanoseconds"] for r in rounds]
    yield "file read by a guest, WASI stream, 1 MiB pieces", spread(stream, "{:.2f} GB/s"), "at least 1 GB/s"
    yield "the same through twocvm:guest/files, whole", spread(whole, "{:.2f} GB/s"), "-"


def example(workshop):
    """`2cvm run` of the example, and where its time goes."""
    folder = ROOT / "examples/cohort-regression"
    keys = workshop.folder / "keys"
    keys.mkdir()
    for name in ["hospital-a", "hospital-b", "hospital-c", "statistician"]:
        run("key", "new", name, "--directory", keys)
    files = [f"moments-{x}={GUESTS}/moments.wasm" for x in "abc"] + [f"regression={GUESTS}/regression.wasm"]
    components = [word for file in files for word in ("--component", file)]
    draft = subprocess.run([sys.executable, folder / "draft.py", "--keys", keys, *components],
                           capture_output=True, text=True, check=True).stdout
    file = workshop.folder / "example.json"
    file.write_text(draft)
    data = [word for x in "abc" for word in ("--data", f"patients-{x}={folder}/data/hospital-{x}.csv")]
    rows = []
    for index in range(REPEATS):
        output = workshop.folder / f"example-{index}"
        start = time.perf_counter()
        said = json.loads(run("run", file, *components, *data, "--output", output, "--json"))
        whole = (time.perf_counter() - start) * 1000
        spent = {key: value / 1000 for key, value in said["microseconds"].items()}
        rows.append((whole, spent["compile"], spent["run"], spent["compose"], spent["overhead"]))
    whole, compile_, run_, compose, overhead = zip(*rows)
    beside = [w - c - r for w, c, r in zip(whole, compile_, run_)]
    yield "`2cvm run` of the example, whole process", spread(whole, "{:.0f} ms"), "-"
    yield "of which compiling, with the worker's start", spread(compile_, "{:.0f} ms"), "the bare engine's own"
    yield "of which running", spread(run_, "{:.1f} ms"), "the bare engine's own"
    yield "all else: start, reading, composing, walls, collection", spread(beside, "{:.1f} ms"), "at most 60 ms"
    yield "of which reading, admitting and composing", spread(compose, "{:.1f} ms"), "-"
    yield "of which job folder, spawn, collection, removal", spread(overhead, "{:.1f} ms"), "-"


def leb(value):
    encoded = bytearray()
    while True:
        byte, value = value & 0x7F, value >> 7
        encoded.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(encoded)


def section(number, content):
    return bytes([number]) + leb(len(content)) + content


def large_component():
    """18 MiB of valid code: functions of one kibibyte of constants, dropped."""
    body = b"\x00" + b"\x41\x00\x1a" * 341 + b"\x0b"
    count = LARGE_COMPONENT_BYTES // (len(body) + 2)
    code = leb(count) + (leb(len(body)) + body) * count
    module = (b"\0asm\x01\0\0\0" + section(1, b"\x01\x60\0\0") + section(3, leb(count) + b"\0" * count)
              + section(5, b"\x01\0\x01") + section(10, code))
    return b"\0asm\x0d\0\x01\0" + section(1, module)


def reading(workshop):
    """`2cvm component inspect` of a large component against a tiny one: the difference is reading and checking."""
    large, tiny = workshop.folder / "large.wasm", GUESTS / "callee.wasm"
    large.write_bytes(large_component())
    rounds = [(timed("component", "inspect", large), timed("component", "inspect", tiny)) for _ in range(REPEATS)]
    spent = [(a[0] - b[0]) * 1000 for a, b in rounds]
    memory = [(a[1] - b[1] - large.stat().st_size) / (1 << 20) for a, b in rounds]
    yield f"reading, checking and hashing {large.stat().st_size >> 20} MiB", spread(spent, "{:.0f} ms"), "at most 50 ms"
    yield "memory for it beyond its own size", spread(memory, "{:.1f} MiB"), "at most 16 MiB"


def evidence(_):
    """Verification and appraisal on one core, in a process of its own."""
    rounds = [
        json.loads(subprocess.run([ROOT / ".build/release/evidence-benchmark"], capture_output=True, check=True).stdout)
        for _ in range(3)
    ]
    yield "evidence verified and appraised, chain and list included", spread(
        [r["withChain"] for r in rounds], "{:,.0f}/s"), "at least 400/s"
    yield "the same with the chain cached", spread([r["chainCached"] for r in rounds], "{:,.0f}/s"), "at least 800/s"


PEER = """
import sys, time
from sevsnpmeasure import guest, vcpu_types, vmm_types
from sevsnpmeasure.sev_mode import SevMode
firmware, kernel, initrd = sys.argv[1:]
start = time.perf_counter()
digest = guest.calc_launch_digest(SevMode.SEV_SNP, 1, vcpu_types.CPU_SIGS["EPYC-v4"], firmware, kernel, initrd,
                                  "console=ttyS0", 0x1, vmm_type=vmm_types.VMMType.QEMU)
print(time.perf_counter() - start, digest.hex())
"""


def measuring(workshop):
    """The launch measurement, against the tool that its users know, where that is installed."""
    metadata = ROOT.parent / "shared/vectors/snp/launch/ovmf_AmdSev_suffix.bin"
    if not metadata.exists():
        print("skipped: launch measurement (../shared is absent)", file=sys.stderr)
        return
    firmware = workshop.folder / "firmware.fd"
    firmware.write_bytes(os.urandom((4 << 20) - metadata.stat().st_size) + metadata.read_bytes())
    kernel, initrd = workshop.folder / "kernel", workshop.folder / "initrd"
    kernel.write_bytes(os.urandom(10 << 20))
    initrd.write_bytes(os.urandom(80 << 20))
    ours, peer = [], []
    for _ in range(REPEATS):
        start = time.perf_counter()
        said = run("measure", "--firmware", firmware, "--kernel", kernel, "--initrd", initrd, "--append",
                   "console=ttyS0", "--vcpus", "1", "--vcpu-type", "EPYC-v4", "--guest-features", "1")
        ours.append((time.perf_counter() - start) * 1000)
        done = subprocess.run([sys.executable, "-c", PEER, firmware, kernel, initrd], capture_output=True, text=True)
        if done.returncode == 0:
            seconds, digest = done.stdout.split()
            assert digest in said, "the two measurements differ"
            peer.append(float(seconds) * 1000)
    against = f"{spread(peer, '{:.0f} ms')} in sev-snp-measure, its own start left out" if peer else (
        "sev-snp-measure 0.0.13, which is not installed here")
    yield "launch measurement, 4 MiB firmware, 80 MiB initrd, whole process", spread(ours, "{:.0f} ms"), against


def spread(values, form):
    median = form.format(statistics.median(values))
    return f"{median} ({form.format(min(values))} to {form.format(max(values))})"


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return f"{model}, {os.cpu_count()} processors, {memory} GiB, Linux {platform.release().split('-')[0]}"


def huge_pages():
    """The mode that the kernel is in: `always`, `madvise`, `never`, or `absent`."""
    file = pathlib.Path("/sys/kernel/mm/transparent_hugepage/enabled")
    return file.read_text().split("[")[1].split("]")[0] if file.exists() else "absent"


def commands():
    """Everything that is measured through the commands."""
    lines = [f"Measured with `make bench` on {machine()}: medians, and the range in parentheses.", ""]
    lines += ["| what | figure | against |", "|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(folder)
        for part in (calls, reads, example, reading, evidence, measuring):
            for row in part(workshop):
                lines.append("| " + " | ".join(row) + " |")
                print(lines[-1], file=sys.stderr)
    return lines


def kernels(charts):
    """Everything that is measured without them."""
    where = f"{machine()}, transparent huge pages: {huge_pages()}"
    return [f"Measured with `make bench` on {where}.", "", *compute.sections(machine(), charts)]


def sessions():
    """Everything that is measured on a running agent."""
    return [f"Measured with `make bench` on {machine()}: medians.", "", *agent.table()]


def put(name, lines):
    """Replaces what lies between the document's markers of this name."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, rest = DOCUMENT.read_text().split(begin)
    DOCUMENT.write_text(before + begin + "\n".join(lines).rstrip() + "\n" + end + rest.split(end)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the tables into docs/BENCHMARKS.md")
    parser.add_argument("--only", choices=["commands", "agent", "compute"],
                        help="measure one part, leave the others as they are")
    arguments = parser.parse_args()

    parts = {"compute": lambda: kernels(CHARTS if arguments.write else None), "commands": commands,
             "agent": sessions}
    for name, part in parts.items():
        if arguments.only in (None, name):
            lines = part()
            if arguments.write:
                put(name, lines)
            else:
                print("\n".join(lines))


if __name__ == "__main__":
    main()
