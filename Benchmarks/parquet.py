"""What it takes to convert 10 GB of Parquet: time and memory, and when it is said that no query can hold so much.

`python3 -B Benchmarks/run.py --only parquet --write` writes it into docs/BENCHMARKS.md. `make bench` leaves it out: it
takes 30 GB of room in TMPDIR, and minutes. `PARQUET_BYTES` asks for less.
"""

import json
import os
import pathlib
import shutil
import sys
import tempfile

import python_package
from workshop import COMMAND, machine, timed

BYTES = int(os.environ.get("PARQUET_BYTES", 10**10))

# Texts that no compression makes shorter by much, days, counts, and amounts of two digits behind the point.
WRITING = """
import sys, numpy as np, os, pyarrow as pa, pyarrow.parquet as pq
path, least, step = sys.argv[1], int(sys.argv[2]), 250_000
drawn, rows = np.random.default_rng(1), 0
letters = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:;/0123456789", dtype=np.uint8)
def texts(width):
    data = letters[drawn.integers(0, len(letters), step * width, dtype=np.uint8)]
    offsets = np.arange(0, (step + 1) * width, width, dtype=np.int32)
    return pa.StringArray.from_buffers(step, pa.py_buffer(offsets), pa.py_buffer(data))
fields = dict(person=pa.string(), day=pa.date32(), count=pa.int64(), cost=pa.float64(), note=pa.string())
with pq.ParquetWriter(path, pa.schema(fields)) as writer:
    while os.path.getsize(path) < least:
        columns = [
            texts(32), pa.array(drawn.integers(0, 20000, step, dtype=np.int32)).cast(pa.date32()),
            drawn.integers(0, 10**9, step), drawn.integers(0, 10**8, step) / 100, texts(64),
        ]
        writer.write_table(pa.table(columns, schema=pa.schema(fields)))
        rows += step
print(rows)
"""

DRAFTING = """
import os, sys, time, twocvm
os.chdir(sys.argv[2])
me = twocvm.Identity.create("me", home="home")
steps = twocvm.Collaboration("large").participant(me)
steps.data("rows", sys.argv[1], provider="me").sql("select count(*) as n from rows")
steps.output("n", recipients=["me"], format=twocvm.table(1, n=twocvm.integer()))
start = time.perf_counter()
try:
    steps.draft()
except twocvm.Refused as error:
    print(time.perf_counter() - start, error.code)
"""


def rows():
    """The table's rows: what, figure, bound."""
    python = python_package.tools()
    with tempfile.TemporaryDirectory() as place:
        free = shutil.disk_usage(place).free
        if free < 3 * BYTES:
            sys.exit(f"benchmarks: error: {place} has {free / 1e9:.0f} GB left, and this needs {3 * BYTES / 1e9:.0f}")
        folder = pathlib.Path(place)
        file, made = folder / "t.parquet", folder / "t.csv"
        count = int(python_package.run(python, WRITING, file, BYTES))
        read = file.stat().st_size
        seconds, size, memory, describing = json.loads(
            python_package.run(python, python_package.CONVERTING, file, made)
        )
        _, resident = timed(COMMAND, "data", "describe", "--json", made)
        made.unlink()
        # Nothing, where PARQUET_BYTES asked for so few that they fit.
        refused = python_package.run(python, DRAFTING, file, folder).split()
    yield (
        f"{read / 1e9:.1f} GB of Parquet to {size / 1e9:.1f} GB of CSV, {count:,} rows of five columns",
        f"{seconds:.0f} s, {read / seconds / 1e6:.0f} MB/s of Parquet, {size / seconds / 1e6:.0f} MB/s of CSV",
        "-",
    )
    yield (
        "of which the format's draft, `2cvm data describe` of that CSV",
        f"{describing:.0f} s",
        "-",
    )
    yield (
        "memory of the two processes",
        f"{memory / (1 << 20):.0f} and {resident / (1 << 20):.0f} MiB resident",
        "constant",
    )
    if refused:
        yield (
            "the same file as the data of a query, which has 32-bit memory",
            f"refused after {float(refused[0]):.0f} s: `{refused[1]}`",
            "before there is a draft",
        )


def lines():
    """As docs/BENCHMARKS.md has them."""
    table = ["| what | measured | bound |", "|---|---|---|"]
    table += [" | ".join(["", *row, ""]).strip() for row in rows()]
    return [f"Measured with `python3 -B Benchmarks/run.py --only parquet` on {machine()}: once.", "", *table]
