"""What the agent costs: evidence, a submission, its start, a whole session. Figures for run.py's tables.

Every process is the built one, over loopback on this machine, which it shares with its clients.
"""

import hashlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests/Soak"))

import compiling  # noqa: E402
from machine import Machine  # noqa: E402
from session import COMMANDS, DATA  # noqa: E402

SECONDS = 4
STARTS = 11
SUBMISSION_BYTES = 100_000_000
CODE_BYTES = 4 << 20
TICKS = os.sysconf("SC_CLK_TCK")


def evidence(machine, connections):
    """Verified answers a second, a fresh nonce each, and how many distinct reports they came from."""
    done = subprocess.run(
        [
            COMMANDS / "agent-benchmark",
            "evidence",
            machine.host,
            str(machine.port),
            str(connections),
            str(SECONDS),
            machine.root,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"benchmarks: error: evidence: {done.stderr.strip()}")
    return json.loads(done.stdout)


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def submission(folder):
    """100 MB into one slot: the client's own rate, the agent's processor time, its largest resident size."""
    with Machine(folder, upload_bytes=SUBMISSION_BYTES) as machine:
        machine.lock()
        content = folder / "content"
        content.write_bytes(os.urandom(SUBMISSION_BYTES))
        machine.reset_peak()
        before = processor_seconds(machine.process.pid)
        report = json.loads(
            machine.command("submit", machine.url, *machine.sender(), "--data", f"patients-a={content}", "--json")
        )
        spent = processor_seconds(machine.process.pid) - before
        peak = machine.peak_bytes()
        content.unlink()
    return {
        "megabytesPerSecond": report["sealedBytes"] / 1e3 / report["milliseconds"],
        "processorSeconds": spent,
        "peakBytes": peak,
    }


def start(folder):
    """Seconds from the process's start to its first answer, its keys there already."""
    figures = []
    for number in range(STARTS + 1):
        place = folder / f"start-{number}"
        place.mkdir()
        begun = time.perf_counter()
        with Machine(place, keys=folder / "simulation.keys") as machine:
            with urllib.request.urlopen(f"{machine.url}/v1/status", timeout=10) as answer:
                answer.read()
            figures.append(time.perf_counter() - begun)
    return figures[1:]  # The first made the keys.


def session(folder):
    """Seconds from the lock to the last fetch, compiling included."""
    with Machine(folder) as machine:
        machine.prepare()
        begun = time.perf_counter()
        machine.lock(prepared=True)
        machine.finish_session()
        return time.perf_counter() - begun


def afterwards(folder, code, code_first):
    """Seconds from the answer to the last submission until the session has finished: what people wait for at the end.

    With `code_first` the data comes only when the code must have been compiled.
    """
    with Machine(folder, upload_bytes=1 << 20) as machine:
        machine.make_keys()
        manifest = machine.manifest()
        manifest["components"] = [
            manifest["components"][0]
            | {
                "name": "code",
                "digest": "sha256:" + hashlib.sha256(code.read_bytes()).hexdigest(),
                "maximumBytes": code.stat().st_size,
                "imports": [],
            }
        ]
        manifest["data"] = manifest["data"][:1]
        manifest["outputs"] = []
        manifest["channels"] = [{"mount": "patients-a", "component": "code", "path": "/data/patients.csv"}]
        manifest["run"]["component"] = "code"
        machine.sign(manifest)
        machine.lock(prepared=True)
        parts = [f"--component=code={code}", f"--data=patients-a={DATA}/hospital-a.csv"]
        first, last = parts if code_first else reversed(parts)
        machine.command("submit", machine.url, *machine.sender(), first)
        time.sleep(4 if code_first else 0)
        machine.command("submit", machine.url, *machine.sender(), last)
        begun = time.perf_counter()
        while True:
            with urllib.request.urlopen(f"{machine.url}/v1/status", timeout=10) as answer:
                if json.loads(answer.read())["stage"] == "finished":
                    return time.perf_counter() - begun
            time.sleep(0.002)


def on_processors(count, measured):
    """Measures with this process, and all that it starts, on the first `count` processors."""
    available = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(available)[:count])
    try:
        return measured()
    finally:
        os.sched_setaffinity(0, available)


def measure():
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        folder = pathlib.Path(name)

        def place(label):
            made = folder / label
            made.mkdir()
            return made

        with Machine(place("evidence")) as machine:
            machine.lock()
            loads = {count: [evidence(machine, count) for _ in range(3)] for count in (1, 4, 16)}
        submissions = [submission(place(f"submission-{number}")) for number in range(5)]
        starts = start(place("starts"))
        sessions = [session(place(f"session-{number}")) for number in range(5)]
        code = compiling.make(CODE_BYTES, folder / "code.wasm")
        waits = {
            (count, first): [
                on_processors(count, lambda: afterwards(place(f"wait-{count}-{first}-{number}"), code, first))
                for number in range(3)
            ]
            for count in (1, 2)
            for first in (False, True)
        }
    return loads, submissions, starts, sessions, waits


def rows():
    """Rows of the table: what, figure, wanted, the authors' prototype."""
    loads, submissions, starts, sessions, waits = measure()

    def middle(values):
        return statistics.median(values)

    table = []
    for count, wanted in ((1, ""), (4, "1,500"), (16, "5,000")):
        rate = middle([load["perSecond"] for load in loads[count]])
        reports = middle([load["answers"] / load["distinctReports"] for load in loads[count]])
        table.append(
            (
                f"evidence a second, {count} connection{'s' * (count > 1)}, a nonce each",
                f"{rate:,.0f} ({reports:.1f} nonces a report)",
                wanted,
                "10" if count == 1 else "",
            )
        )
    table += [
        ("submission of 100 MB, MB/s", f"{middle([s['megabytesPerSecond'] for s in submissions]):,.0f}", "500", "55"),
        (
            "… the agent's processor time",
            f"{1000 * middle([s['processorSeconds'] for s in submissions]):,.0f} ms",
            "250 ms",
            "",
        ),
        (
            "… the agent's largest resident size",
            f"{middle([s['peakBytes'] for s in submissions]) / 2**20:,.0f} MiB",
            "64 MB",
            "592 MB",
        ),
        ("start of the process to its first answer", f"{1000 * middle(starts):,.0f} ms", "50 ms", "2.1 s"),
        (
            "a session of the example, lock to fetch, seven submissions, compiling included",
            f"{middle(sessions):.2f} s",
            "1 s without compiling",
            "",
        ),
    ]
    for count in (1, 2):
        early, late = (1000 * middle(waits[count, first]) for first in (True, False))
        table.append(
            (
                f"last submission to the end, {CODE_BYTES >> 20} MiB of code, {count} processor{'s' * (count > 1)}",
                f"{early:,.0f} ms where code came first, {late:,.0f} ms where it came last",
                "",
                "",
            )
        )
    return table


def table():
    lines = ["| what | figure | at least, at most | the authors' prototype |", "|---|---|---|---|"]
    return lines + ["| " + " | ".join(row) + " |" for row in rows()]
