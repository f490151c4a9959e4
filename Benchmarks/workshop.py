"""What every part of the measurements uses: the built commands, one participant's keys, and how figures are told."""

import hashlib
import json
import os
import pathlib
import platform
import secrets
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILT = ROOT / ".build/release"
COMMAND = BUILT / "2cvm"
GUESTS = ROOT / ".build/guests"


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


def timed(*words):
    """Seconds of wall time, and the largest resident size in bytes, of one whole process."""
    done = subprocess.run([sys.executable, "-S", "-E", "-c", STARTER, *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"benchmarks: error: {' '.join(map(str, words[:2]))}: {done.stderr.strip()}")
    seconds, memory = done.stdout.split()
    return float(seconds), int(memory)


def component(name, imports, memory=64, file=None, **more):
    file = file or GUESTS / f"{name}.wasm"
    return {
        "name": name,
        "provider": "bench",
        "digest": "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest(),
        "maximumBytes": file.stat().st_size,
        "imports": imports,
        "memoryMiB": memory,
        **more,
    }


def manifest(participant, entry, components, data=(), channels=(), releases=True):
    """A manifest of one participant, whose entry component releases its figures."""
    release = {"release": "figures", "component": entry, "path": "/output/figures.json"}
    return {
        "version": 1,
        "name": "benchmark",
        "purpose": "Measures the composition.",
        "salt": secrets.token_hex(32),
        "participants": [participant],
        "components": components,
        "data": list(data),
        "outputs": [{"name": "figures", "recipients": ["bench"], "format": "any", "maximumBytes": 4096}]
        if releases
        else [],
        "channels": [*channels, release] if releases else [*channels],
        "run": {"component": entry, "export": "wasi:cli/run"},
        "limits": {
            "compileSeconds": 60,
            "wallTimeSeconds": 120,
            "admissionSeconds": 60,
            "retentionSeconds": 60,
            "runs": 1,
        },
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
