"""What the Python package costs beside the commands that it calls: importing it, a call, and converting a table.

`python3 -B Benchmarks/run.py --only python --write` writes it into docs/BENCHMARKS.md. It is measured in the Python of
scripts/python-tools.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

from workshop import BUILT, COMMAND, ROOT, machine

REPEATS = 31

# In a process of its own: the package's Python, and nothing of this one.
IMPORTING = "import time; start = time.perf_counter(); import twocvm{more}; print(time.perf_counter() - start)"
CALLING = """
import json, statistics, subprocess, sys, time, twocvm
path, command, repeats = sys.argv[1], sys.argv[2], int(sys.argv[3])
words = [command, "manifest", "check", "--json", "--", path]
manifest = twocvm.Manifest(path)
def bare():
    start = time.perf_counter()
    json.loads(subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=True).stdout)
    return time.perf_counter() - start
def call():
    start = time.perf_counter()
    manifest.check()
    return time.perf_counter() - start
# One after the other, so that both meet the same machine.
pairs = [(bare(), call()) for _ in range(repeats)]
print(json.dumps(pairs))
"""
CONVERTING = """
import json, os, re, sys, time, twocvm, twocvm._convert as inner
describe, spent = inner.describe, []
def timed(path):
    start = time.perf_counter()
    try:
        return describe(path)
    finally:
        spent.append(time.perf_counter() - start)
inner.describe = timed
start = time.perf_counter()
twocvm.convert(sys.argv[1], sys.argv[2])
seconds = time.perf_counter() - start
memory = int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) * 1024
print(json.dumps([seconds, os.path.getsize(sys.argv[2]), memory, sum(spent)]))
"""
WRITING = """
import sys, pyarrow as pa, pyarrow.compute as pc, pyarrow.parquet as pq
rows, step = int(sys.argv[2]), 100_000
schema = pa.schema([("person", pa.string()), ("day", pa.date32()), ("count", pa.int64()), ("cost", pa.float64())])
with pq.ParquetWriter(sys.argv[1], schema) as writer:
    for start in range(0, rows, step):
        numbers = pa.array(range(start, start + step))
        days = pa.array([n % 20000 for n in range(start, start + step)], pa.int32()).cast(pa.date32())
        names = pc.binary_join_element_wise("P", pc.utf8_lpad(numbers.cast(pa.string()), 8, "0"), "")
        columns = [names, days, numbers, pc.divide(numbers.cast(pa.float64()), 4.0)]
        writer.write_table(pa.table(columns, schema=schema))
"""


def tools():
    """The package's Python, or the reason why there is none."""
    done = subprocess.run([ROOT / "scripts" / "python-tools"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout.strip()


def run(python, code, *words):
    """What a program prints."""
    variables = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "python" / "src"),
        "TWOCVM_PROGRAMS": str(BUILT),
    }
    done = subprocess.run([python, "-c", code, *map(str, words)], capture_output=True, text=True, env=variables)
    if done.returncode != 0:
        sys.exit(f"benchmarks: error: {done.stderr}")
    return done.stdout


def spread(values, unit=1000):
    """Median, and what is left without a tenth at each end."""
    ordered = sorted(value * unit for value in values)
    cut = len(ordered) // 10
    return f"{statistics.median(ordered):.0f} ms ({ordered[cut]:.0f} to {ordered[-1 - cut]:.0f})"


def held(values, most):
    """The bound in milliseconds, and whether the median keeps it."""
    return f"at most {most} ms, {'kept' if statistics.median(values) * 1000 <= most else 'missed'}"


def rows():
    """The table's rows: what, figure, bound."""
    python = tools()
    # The first writes what the others read.
    imports = [float(run(python, IMPORTING.format(more=""))) for _ in range(REPEATS)]
    whole = [float(run(python, IMPORTING.format(more="; twocvm.Collaboration; twocvm.Agent"))) for _ in range(REPEATS)]
    pairs = json.loads(run(python, CALLING, ROOT / "docs/examples/manifest.json", COMMAND, REPEATS))
    added = [call - bare for bare, call in pairs]
    found = [
        ("`import twocvm`", spread(imports), held(imports, 150)),
        ("the same, and the rest that a builder and an agent bring", spread(whole), ""),
        ("what a call of the package adds to the command", spread(added), held(added, 50)),
        ("the command alone, `2cvm manifest check --json`", spread([a for a, _ in pairs]), ""),
    ]
    with tempfile.TemporaryDirectory() as folder:
        file, made = pathlib.Path(folder, "t.parquet"), pathlib.Path(folder, "t.csv")
        for count in (1_000_000, 4_000_000):
            run(python, WRITING, file, count)
            seconds, size, memory, _ = json.loads(run(python, CONVERTING, file, made))
            figure = f"{seconds:.1f} s, {size / seconds / 1e6:.0f} MB/s of CSV, {memory / (1 << 20):.0f} MiB resident"
            found.append((f"Parquet to CSV, {count:,} rows of four columns", figure, "constant memory"))
    return found


def lines():
    """As docs/BENCHMARKS.md has them."""
    table = ["| what | measured | bound |", "|---|---|---|"]
    table += [" | ".join(["", *row, ""]).strip() for row in rows()]
    where = f"on {machine()}: medians, and the range without a tenth at each end"
    return [f"Measured with `make bench` {where}.", "", *table]


if __name__ == "__main__":
    print("\n".join(lines()))
