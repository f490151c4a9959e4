"""What isolation costs: the kernels of Benchmarks/Kernels natively and in the engine, as tables and as charts."""

import json
import math
import pathlib
import statistics
import subprocess
import sys

import charts

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROUNDS = 5

CLASSES = {
    "sequential": "sequential",
    "dense": "dense compute",
    "irregular": "irregular",
    "branching": "branches and allocation",
}
# Each departure from the worker's settings, and what it is called.
SETTINGS = {
    "engine": "ours on 4 KiB pages",
    "huge-pages": "ours on huge pages",
    "epochs": "epochs",
    "fuel": "fuel",
    "no-signals": "no signal traps",
    "no-reservation": "no reservation",
    "memory64": "64-bit memory",
}
# What the ratios are to be at most, on a quiet machine: `engine` against native, `huge-pages` against native on 4 KiB.
TARGETS = {
    ("triad", "engine"): 1.05,
    ("matmul", "engine"): 1.35,
    ("hash join", "engine"): 1.20,
    ("index chase", "engine"): 1.05,
    ("pointer chase", "engine"): 1.05,
    ("BFS", "engine"): 1.05,
    ("index chase", "huge-pages"): 0.85,
    ("pointer chase", "huge-pages"): 0.85,
    ("BFS", "huge-pages"): 0.95,
}
# Nothing is won by larger pages where small ones cover what is read at random: 4 MiB of the smaller graph.
WITHIN_REACH = {"512 KiB", "38 MiB"}
# Thijsman et al., arXiv 2606.10615: "about twice" beyond the caches. Read there, not measured here.
PAPER = {"pointer chase, 256 MiB": 2.0}


def stop(message):
    sys.exit(f"benchmarks: error: {message}")


def measure():
    """Every time of every column. The benchmark itself refuses to tell any when two columns computed differently."""
    if subprocess.run([ROOT / "Benchmarks/Kernels/build"]).returncode != 0:
        stop("the kernels could not be built")
    done = subprocess.run(
        [ROOT / ".build/release/compute-benchmark", ROOT / ".build/kernels", str(ROUNDS)],
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        stop(done.stderr.strip())
    return json.loads(done.stdout)


class Ratio:
    """One column against another, run by run: both ran within the same second, in the same process."""

    def __init__(self, row, column, base="native"):
        above, below = row["nanoseconds"][column], row["nanoseconds"][base]
        ratios = sorted(a / b for a, b in zip(above, below))
        self.median = statistics.median(ratios)
        self.low, self.high = ratios[len(ratios) // 10], ratios[-1 - len(ratios) // 10]
        self.best = min(above) / min(below)

    def __str__(self):
        return f"{self.median:.2f}"

    def with_range(self):
        return f"{self.median:.2f} ({self.low:.2f} to {self.high:.2f})"


def title(row):
    return f"{row['kernel']}, {row['workingSet']}"


def speed_table(rows):
    """The first table: what a guest of ours takes, for each millisecond that native code takes."""
    names = ["kernel, working set", "class", "native", "wasm / native", "on huge pages", "native on huge", "`-march`"]
    lines = ["| " + " | ".join(names) + " |", "|---" * len(names) + "|"]
    for row in rows:
        native = f"{statistics.median(row['nanoseconds']['native']) / 1e6:.1f} ms"
        cells = [
            title(row),
            CLASSES[row["class"]],
            native,
            Ratio(row, "engine").with_range(),
            Ratio(row, "huge-pages").with_range(),
            str(Ratio(row, "native-huge")),
            str(Ratio(row, "native-march")),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def setting_table(rows):
    """The second table: what each engine setting costs, against our own settings and not against native code."""
    names = [name for name in SETTINGS if name != "engine"]
    lines = [
        "| kernel, working set | " + " | ".join(SETTINGS[name] for name in names) + " |",
        "|---" * (len(names) + 1) + "|",
    ]
    for row in rows:
        lines.append(f"| {title(row)} | " + " | ".join(str(Ratio(row, name, "engine")) for name in names) + " |")
    for kind in CLASSES:
        means = [mean([Ratio(row, name, "engine").median for row in rows if row["class"] == kind]) for name in names]
        lines.append(f"| **{CLASSES[kind]}**, geometric mean | " + " | ".join(f"{value:.2f}" for value in means) + " |")
    return lines


def mean(values):
    return math.exp(statistics.fmean(map(math.log, values)))


def target_table(rows):
    """What was promised, and whether this run kept it: by the better of the median and the quotient of the minima."""
    lines = ["| kernel, working set | against | at most | median | of the fastest runs |", "|---|---|---|---|---|"]
    for row in rows:
        for name, words in (("engine", "native"), ("huge-pages", "native on 4 KiB pages, wasm on huge ones")):
            most = TARGETS.get((row["kernel"], name))
            if most is None or (name == "huge-pages" and row["workingSet"] in WITHIN_REACH):
                continue
            ratio = Ratio(row, name)
            verdict = "kept" if min(ratio.median, ratio.best) <= most + 0.005 else "missed"
            lines.append(f"| {title(row)} | {words} | {most:.2f} | {ratio.median:.2f} | {ratio.best:.2f}, {verdict} |")
    return lines


def write_charts(rows, folder, machine):
    folder.mkdir(parents=True, exist_ok=True)
    points = [
        charts.Row(
            title(row),
            CLASSES[row["class"]],
            {name: Ratio(row, name).median for name in SETTINGS},
            (Ratio(row, "engine").low, Ratio(row, "engine").high),
            PAPER.get(title(row)),
        )
        for row in rows
    ]
    (folder / "compute.svg").write_text(charts.ratios(points, machine))
    bars = [
        (
            SETTINGS[name],
            [
                (CLASSES[kind], mean([Ratio(row, name).median for row in rows if row["class"] == kind]))
                for kind in CLASSES
            ],
        )
        for name in SETTINGS
    ]
    (folder / "settings.svg").write_text(charts.settings(bars, machine))


def sections(machine, charts_folder=None):
    """Markdown of this part, and the charts if there is a folder for them."""
    rows = measure()
    if charts_folder:
        write_charts(rows, charts_folder, machine)
    runs = len(rows[0]["nanoseconds"]["native"])
    return [
        f"Ratios of {runs} interleaved pairs of runs each, medians; the range leaves out a tenth at each end.",
        "",
        *speed_table(rows),
        "",
        "### Against what was promised",
        "",
        *target_table(rows),
        "",
        "### What each engine setting costs",
        "",
        "Time against *ours on 4 KiB pages*, so 1.00 is free. One setting departs in each column.",
        "",
        *setting_table(rows),
        "",
    ]
