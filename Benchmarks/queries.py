"""The runtime `sql` against the sqlite3 shell: the same file, the same query, each in turn with the other.

The runtime's time is that of the run alone, as `2cvm run --json` tells it, and the shell's that of its whole process.
Compiling is told apart, and so is a whole `2cvm run` of a small file.
"""

import json
import random
import shutil
import statistics
import sys

from workshop import COMMAND, ROOT, component, manifest, run, spread, timed

REPEATS = 5
ROWS = 1_000_000
QUERY = (
    "select region, count(*) n, round(avg(x), 3) m, sum(x) s from t"
    " group by region having count(*) > 10 order by n desc"
)
REGIONS = ["north", "south", "east", "west", "centre"]
FORMAT = {
    "kind": "csv",
    "maximumRows": ROWS,
    "columns": [
        {"name": "id", "type": "integer"},
        {"name": "region", "type": "text", "maximumCharacters": 9, "characters": "ascii"},
        {"name": "x", "type": "decimal", "fractionDigits": 2},
    ],
}
IMPORT = ["create table t(id integer, region text, x real)", ".mode csv"]


def write_rows(file, count):
    draw = random.Random(1)
    with file.open("w") as stream:
        stream.write("id,region,x\n")
        for index in range(count):
            stream.write(f"{index},{draw.choice(REGIONS)},{draw.random() * 1000:.2f}\n")


class Queries:
    """One query over some files, again and again."""

    def __init__(self, workshop):
        self.workshop, self.runtime = workshop, ROOT / ".build" / "runtimes" / "sql.wasm"
        self.query = workshop.folder / "query.sql"
        self.query.write_text(QUERY)

    def words(self, files):
        """What is said to `2cvm` to run the query over files by the name that they have in /data."""
        mounts = {"query": ("/code/result.sql", self.query)}
        mounts |= {f"d{index}": (f"/data/{name}", file) for index, (name, file) in enumerate(files.items())}
        document = manifest(
            self.workshop.participant,
            "sql",
            [component("sql", ["twocvm:guest/files"], memory=1024, file=self.runtime)],
            data=[
                {"name": name, "provider": "bench", "commitment": "any", "maximumBytes": file.stat().st_size}
                for name, (_, file) in mounts.items()
            ],
            channels=[{"mount": name, "component": "sql", "path": path} for name, (path, _) in mounts.items()],
        )
        document["channels"][-1]["path"] = "/output/result.csv"
        place = self.workshop.folder / "queries.json"
        place.write_text(json.dumps(document))
        words = ["run", place, "--component", f"sql={self.runtime}"]
        return words + [word for name, (_, file) in mounts.items() for word in ("--data", f"{name}={file}")]

    def rehearse(self, files):
        """Seconds of the run alone, and its component's peak of memory."""
        output = self.workshop.folder / "queried"
        shutil.rmtree(output, ignore_errors=True)
        said = json.loads(run(*self.words(files), "--output", output, "--json"))
        return said["microseconds"]["run"] / 1e6, said["memory"][0]["peakBytes"]


MOST = 1.3


def against(queries, files, shell):
    """One row of the table: both in turn, the ratio of each turn."""
    ours, theirs, ratios, peaks, resident = [], [], [], [], []
    for _ in range(REPEATS):
        seconds, peak = queries.rehearse(files)
        native, memory = timed(*shell)
        ours.append(seconds)
        theirs.append(native)
        ratios.append(seconds / native)
        peaks.append(peak)
        resident.append(memory)
    verdict = "kept" if statistics.median(ratios) <= MOST else "missed"
    memory = f"{max(peaks) >> 20} MiB, the shell's process {max(resident) >> 20} MiB"
    figures = spread(ours, "{:.2f} s"), spread(theirs, "{:.2f} s"), spread(ratios, "{:.2f}")
    return *figures, f"at most {MOST}: {verdict}", memory


def table(workshop):
    """The lines of docs/BENCHMARKS.md."""
    native = shutil.which("sqlite3")
    if native is None:
        print("skipped: queries (there is no sqlite3: apt-get install sqlite3)", file=sys.stderr)
        return ["Not measured: this machine has no sqlite3."]
    large, small, database = (workshop.folder / name for name in ("large.csv", "small.csv", "large.db"))
    write_rows(large, ROWS)
    write_rows(small, 10_000)
    form = workshop.folder / "large.format.json"
    form.write_text(json.dumps(FORMAT))
    loading = [*IMPORT, f".import --skip 1 {large} t"]
    timed(native, database, *loading)
    queries = Queries(workshop)
    files = {"t.csv": large, "t.csv.format.json": form}
    lines = ["| what | `sql`, the run alone | sqlite3 shell | ratio | against | memory |", "|---|---|---|---|---|---|"]
    from_csv, from_database = [native, ":memory:", *loading, QUERY], [native, database, QUERY]
    for name, mounted, shell in [
        ("1,000,000 CSV rows of a format loaded, GROUP BY", files, from_csv),
        ("the same, types seen from the rows", {"t.csv": large}, from_csv),
        ("the same rows in a `.db`, GROUP BY", {"t.db": database}, from_database),
    ]:
        row = against(queries, mounted, shell)
        lines.append("| " + " | ".join([name, *row]) + " |")
        print(lines[-1], file=sys.stderr)
    whole = []
    words = queries.words({"t.csv": small})
    for index in range(REPEATS):
        whole.append(timed(COMMAND, *words, "--output", workshop.folder / f"whole-{index}")[0])
    verdict = "kept" if statistics.median(whole) <= 0.7 else "missed"
    lines += [
        "",
        f"`2cvm run` over 10,000 CSV rows, whole process, compiling included: {spread(whole, '{:.2f} s')};"
        f" at most 0.7 s: {verdict}.",
    ]
    return lines
