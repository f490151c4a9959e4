"""Measures what `2cvm` costs, and prints Markdown tables: `python3 Benchmarks/run.py [--write] [--only PART]`.

`commands` goes through the built commands, as a user's work does: guests time themselves on the real clock, which
their manifests grant. `agent` is agent.py's: a simulated agent under load, and a session. `compute` is compute.py's:
kernels in the engine against native code. `--write` puts the tables into docs/BENCHMARKS.md, between its markers, and
the charts into docs/charts.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import agent
import compiling
import compute
import gates
import monitor
import pages
import parquet
import plans
import python_package
import queries
import runs
import transfers
from workshop import (
    BUILT,
    COMMAND,
    GUESTS,
    ROOT,
    Workshop,
    component,
    huge_pages,
    machine,
    manifest,
    run,
    spread,
    timed,
)

import scripts

DOCUMENT = ROOT / "docs/BENCHMARKS.md"
SCALE = ROOT / "docs/SCALE.md"
CHARTS = ROOT / "docs/charts"
REPEATS = 11
FILE_BYTES = 256 << 20
LARGE_COMPONENT_BYTES = 18 << 20


def reads(workshop):
    """A guest reads a mounted file."""
    file = workshop.folder / "large.bin"
    with file.open("wb") as stream:
        for _ in range(FILE_BYTES >> 20):
            stream.write(bytes(range(256)) * 4096)
    document = manifest(
        workshop.participant,
        "reader",
        [
            component(
                "reader",
                [
                    "twocvm:guest/files",
                    "wasi:clocks/monotonic-clock",
                    "wasi:filesystem/preopens",
                    "wasi:filesystem/types",
                    "wasi:io/error",
                    "wasi:io/streams",
                ],
                memory=1024,
                clock="real",
            )
        ],
        data=[{"name": "large", "provider": "bench", "commitment": "any", "maximumBytes": FILE_BYTES}],
        channels=[{"mount": "large", "component": "reader", "path": "/data/large.bin"}],
    )
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
    draft = subprocess.run(
        [sys.executable, folder / "draft.py", "--keys", keys, *components], capture_output=True, text=True, check=True
    ).stdout
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
    ours = [a + b for a, b in zip(compose, overhead)]
    worker, bare = compiling.worker_starts(workshop, REPEATS)
    start = [timed(COMMAND, "--version")[0] * 1000 for _ in range(REPEATS)]
    verdict = "kept" if statistics.median(ours) <= 15 else "missed"
    yield "`2cvm run` of the example, whole process", spread(whole, "{:.0f} ms"), "-"
    yield "of which compiling, with the worker's start", spread(compile_, "{:.0f} ms"), "the table below"
    yield "of which running", spread(run_, "{:.1f} ms"), "the bare engine's own"
    yield (
        "of which composing, spawning, the parent's walls and collection",
        spread(ours, "{:.1f} ms"),
        (f"at most 15 ms, {verdict}"),
    )
    yield (
        "the worker's start, its walls included, counted as compiling",
        spread(worker, "{:.1f} ms"),
        (f"{spread(bare, '{:.1f} ms')}, a process with the bare engine"),
    )
    yield "of which the command's start, as `2cvm --version`", spread(start, "{:.1f} ms"), "-"
    yield "all but compiling and running", spread(beside, "{:.1f} ms"), "at most 60 ms"


def reading(workshop):
    """`2cvm component inspect` of a large component against a tiny one: the difference is reading and checking."""
    large, tiny = workshop.folder / "large.wasm", GUESTS / "callee.wasm"
    compiling.make(LARGE_COMPONENT_BYTES, large)
    rounds = [[timed(COMMAND, "component", "inspect", file) for file in (large, tiny)] for _ in range(REPEATS)]
    spent = [(a[0] - b[0]) * 1000 for a, b in rounds]
    memory = [(a[1] - b[1] - large.stat().st_size) / (1 << 20) for a, b in rounds]
    yield f"reading, checking and hashing {large.stat().st_size >> 20} MiB", spread(spent, "{:.0f} ms"), "at most 50 ms"
    yield "memory for it beyond its own size", spread(memory, "{:.1f} MiB"), "at most 16 MiB"


def evidence(_):
    """Verification, appraisal and export on one core, in a process of its own."""
    command = [ROOT / ".build/release/evidence-benchmark", ROOT / "docs/examples/policy-permissive.json"]
    rounds = [json.loads(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(3)]
    yield (
        "evidence verified and appraised, chain and list included",
        spread([r["withChain"] for r in rounds], "{:,.0f}/s"),
        "at least 400/s",
    )
    yield "the same with the chain cached", spread([r["chainCached"] for r in rounds], "{:,.0f}/s"), "at least 800/s"
    yield (
        "to export the result as a signed token",
        spread([1000 / r["export"] for r in rounds], "{:.2f} ms"),
        "at most 1 ms",
    )


def sealing(_):
    """One core, in memory, and the cipher alone over the same pieces in turn."""
    mebibytes = 256
    done = subprocess.run([BUILT / "sealing-benchmark", str(mebibytes), str(REPEATS)], capture_output=True, check=True)
    times = json.loads(done.stdout)
    for name, cipher in (("seal", "cipherSeal"), ("open", "cipherOpen")):
        rates, alone = ([(mebibytes << 20) / t for t in times[key]] for key in (name, cipher))
        share = statistics.median(our / cipher for our, cipher in zip(rates, alone))
        against = f"{statistics.median(alone):.1f} GB/s, AES-256-GCM alone: {share:.2f} of it"
        yield f"to {name} a stream of {mebibytes} MiB, one core", spread(rates, "{:.1f} GB/s"), against


def gating(_):
    """Processor time, in memory: a typed table with text, dates, numbers and truth."""
    mebibytes = 32
    done = subprocess.run([BUILT / "gate-benchmark", str(mebibytes), str(REPEATS)], capture_output=True, check=True)
    times = json.loads(done.stdout)
    for name, what, least in (
        ("kept", "to read, check and write anew a table of", "at least 200 MB/s"),
        ("sorted", "the same with its rows sorted,", "-"),
        ("check", "to check what was written,", "at least 200 MB/s"),
    ):
        rates = [times["bytes"] * 1000 / nanoseconds for nanoseconds in times[name]]
        yield f"{what} {mebibytes} MiB, one core", spread(rates, "{:.0f} MB/s"), least


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
        said = run(
            "measure",
            "--firmware",
            firmware,
            "--kernel",
            kernel,
            "--initrd",
            initrd,
            "--append",
            "console=ttyS0",
            "--vcpus",
            "1",
            "--vcpu-type",
            "EPYC-v4",
            "--guest-features",
            "1",
        )
        ours.append((time.perf_counter() - start) * 1000)
        done = subprocess.run([sys.executable, "-c", PEER, firmware, kernel, initrd], capture_output=True, text=True)
        if done.returncode == 0:
            seconds, digest = done.stdout.split()
            assert digest in said, "the two measurements differ"
            peer.append(float(seconds) * 1000)
    against = (
        f"{spread(peer, '{:.0f} ms')} in sev-snp-measure, its own start left out"
        if peer
        else ("sev-snp-measure 0.0.13, which is not installed here")
    )
    yield "launch measurement, 4 MiB firmware, 80 MiB initrd, whole process", spread(ours, "{:.0f} ms"), against


def commands():
    """Everything that is measured through the commands."""
    lines = [f"Measured with `make bench` on {machine()}: medians, and the range in parentheses.", ""]
    lines += ["| what | figure | against |", "|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(folder)
        for part in (
            example,
            reads,
            reading,
            sealing,
            gating,
            gates.rows,
            evidence,
            measuring,
            pages.rows,
            monitor.rows,
        ):
            for row in part(workshop):
                lines.append("| " + " | ".join(row) + " |")
                print(lines[-1], file=sys.stderr)
        lines += ["", "### Calls between components", "", *transfers.table(workshop)]
        lines += ["", "### Composing and compiling", "", *compiling.table(workshop)]
    return lines


def kernels(charts):
    """Everything that is measured without them."""
    where = f"{machine()}, transparent huge pages: {huge_pages()}"
    return [f"Measured with `make bench` on {where}.", "", *compute.sections(machine(), charts)]


def asked():
    """The runtime of SQL against the sqlite3 shell."""
    with tempfile.TemporaryDirectory() as folder:
        return [f"Measured with `make bench` on {machine()}: medians.", "", *queries.table(Workshop(folder))]


def scripted():
    """The runtime of Python against the same packages outside."""
    with tempfile.TemporaryDirectory() as folder:
        return [f"Measured with `make bench` on {machine()}: medians.", "", *scripts.table(Workshop(folder))]


def repeated():
    """A session of many runs."""
    with tempfile.TemporaryDirectory() as folder:
        lines = runs.table(pathlib.Path(folder))
        return [f"Measured with `make bench` on {machine()}: medians, and the range in parentheses.", "", *lines]


def sessions():
    """Everything that is measured on a running agent."""
    return [f"Measured with `make bench` on {machine()}: medians.", "", *agent.table()]


def met():
    """What other sessions of its plan cost a session: their evidence, and their parts."""
    rows = []
    for senders in (100, 999):
        figures = json.loads(
            subprocess.check_output([ROOT / ".build/release/peers-benchmark", str(senders)], text=True)
        )
        median, most = (figures[f"appraisal{kind}Microseconds"] / 1e3 for kind in ("Median", "Maximum"))
        seconds = figures["partsMilliseconds"] / 1e3
        rows.append(f"| {senders:,} | {median:.1f} ms, at most {most:.1f} | {seconds:.2f} s |")
    return [
        f"Measured with `Benchmarks/run.py --only peers` on {machine()}.",
        "",
        "| senders | to appraise one: the request, the chain and the report | to take all their parts of 800 bytes |",
        "|---|---|---|",
        *rows,
    ]


def audited():
    """What `plan verify` takes for the receipts that a plan leaves, offline."""
    rows = []
    for senders in (99, 999):
        with tempfile.TemporaryDirectory() as folder:
            written = [ROOT / ".build/release/receipts-benchmark", folder, str(senders)]
            root = json.loads(subprocess.check_output(written, text=True))["root"]
            command = [COMMAND, "plan", "verify", "plan.signed.json", "results", "--simulated-root", root]
            walls, works = [], []
            for _ in range(5):
                start, before = time.monotonic(), os.times()
                subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
                after = os.times()
                walls.append(time.monotonic() - start)
                works.append(sum(after[2:4]) - sum(before[2:4]))  # What children took, in user and in system mode.
            rows.append(f"| {senders + 1:,} | {min(walls):.2f} s | {min(works):.2f} s |")
    return [
        f"Measured with `Benchmarks/run.py --only receipts` on {machine()}: the best of five.",
        "",
        "| receipts | `2cvm plan verify` takes | of the processors' time |",
        "|---|---|---|",
        *rows,
    ]


def put(name, lines):
    """Replaces what lies between the document's markers of this name."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    document = SCALE if name == "plans" else DOCUMENT
    before, rest = document.read_text().split(begin)
    document.write_text(before + begin + "\n".join(lines).rstrip() + "\n" + end + rest.split(end)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the tables into docs/BENCHMARKS.md")
    parser.add_argument(
        "--only",
        choices=[
            "commands",
            "agent",
            "compute",
            "queries",
            "runs",
            "scripts",
            "python",
            "peers",
            "parquet",
            "receipts",
            "plans",
        ],
        help="measure one part, leave the others as they are",
    )
    arguments = parser.parse_args()

    parts = {
        "compute": lambda: kernels(CHARTS if arguments.write else None),
        "commands": commands,
        "agent": sessions,
        "queries": asked,
        "runs": repeated,
        "scripts": scripted,
        "python": python_package.lines,
        "peers": met,
        "parquet": parquet.lines,
        "receipts": audited,
        "plans": plans.lines,
    }
    # It takes minutes and 30 GB of room: only whoever names it gets it.
    usual = [name for name in parts if name != "parquet"]
    for name, part in parts.items():
        if name == arguments.only or (arguments.only is None and name in usual):
            lines = part()
            if arguments.write:
                put(name, lines)
            else:
                print("\n".join(lines))


if __name__ == "__main__":
    main()
