"""The runtime `python` against the same Python packages as they are installed natively, with one thread.

One script times its own parts on the machine's clock, in turn natively and as `2cvm run` runs it. A whole `2cvm run` of
a small script is timed as a user sees it, and so is a script of nothing.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time

from workshop import COMMAND, ROOT, manifest, spread

REPEATS = 5
PACKAGE = ROOT / ".build" / "runtimes" / "python"
STORE = ROOT / ".build" / "runtimes" / "installed"
NATIVE = ROOT / ".deps" / "science"
ENVIRONMENT = {**os.environ, "TWOCVM_RUNTIMES": str(STORE)}
BOUNDS = {"group-by, 2,000,000 rows": 2.5, "sort, 2,000,000 rows": 2.5, "merge, 2,000,000 rows": 2.5}
GROUP_BY = """import pandas as pd
pd.read_csv("/data/rows.csv").groupby("region").x.agg(["count", "mean", "std"]).to_csv("/output/result")
"""
NOTHING = 'import time\nopen("/output/result", "w").write(str(time.time()))\n'
IMPORTS = """
    wasi:cli/environment wasi:cli/exit wasi:cli/stderr wasi:cli/stdin wasi:cli/stdout wasi:cli/terminal-input
    wasi:cli/terminal-output wasi:cli/terminal-stderr wasi:cli/terminal-stdin wasi:cli/terminal-stdout
    wasi:clocks/monotonic-clock wasi:clocks/wall-clock wasi:filesystem/preopens wasi:filesystem/types wasi:io/error
    wasi:io/poll wasi:io/streams wasi:random/random
""".split()


class Scripts:
    """Runs scripts in the runtime."""

    def __init__(self, workshop):
        self.workshop = workshop
        self.digest = json.loads((PACKAGE / "runtime.json").read_text())["component"]

    def command(self, *words):
        return subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, env=ENVIRONMENT, check=False)

    def install(self):
        """Seconds that compiling took, where it was not done before."""
        if self.digest in self.command("runtime", "list").stdout:
            return None
        start = time.perf_counter()
        done = self.command("runtime", "install", PACKAGE)
        if done.returncode != 0:
            sys.exit(f"benchmarks: error: the runtime was not installed: {done.stderr}")
        return time.perf_counter() - start

    def run(self, script, clock="virtual", **files):
        """Seconds of a whole `2cvm run`, when it began, its own figures, and its output."""
        place = self.workshop.folder / "script.py"
        place.write_text(script)
        mounts = {"script": ("/code/main.py", place)}
        mounts |= {name: (f"/data/{name}.csv", file) for name, file in files.items()}
        python = {
            "name": "python",
            "provider": "bench",
            "digest": self.digest,
            "maximumBytes": 128 << 20,
            "imports": IMPORTS,
            "memoryMiB": 2048,
            "randomness": "repeatable",
            "features": ["exceptions"],
            "clock": clock,
        }
        document = manifest(
            self.workshop.participant,
            "python",
            [python],
            data=[
                {"name": name, "provider": "bench", "commitment": "any", "maximumBytes": file.stat().st_size}
                for name, (_, file) in mounts.items()
            ],
            channels=[{"mount": name, "component": "python", "path": path} for name, (path, _) in mounts.items()],
        )
        document["channels"][-1]["path"] = "/output/result"
        agreed = self.workshop.folder / "scripts.json"
        agreed.write_text(json.dumps(document))
        output = self.workshop.folder / "scripted"
        shutil.rmtree(output, ignore_errors=True)
        words = ["run", agreed, "--output", output, "--json"]
        words += [word for name, (_, file) in mounts.items() for word in ("--data", f"{name}={file}")]
        begun, start = time.time(), time.perf_counter()
        done = self.command(*words)
        seconds = time.perf_counter() - start
        if done.returncode != 0:
            sys.exit(f"benchmarks: error: a script failed: {done.stdout}{done.stderr}")
        result = next(file for file in output.iterdir())
        return seconds, begun, json.loads(done.stdout)["microseconds"], result.read_text()


def native(workshop):
    """The figures of science.py as it runs outside."""
    file = workshop.folder / "native.json"
    environment = {"PYTHONPATH": str(NATIVE), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PATH": ""}
    script = ROOT / "Benchmarks" / "science.py"
    subprocess.run([sys.executable, "-B", script, file], check=True, env=environment, cwd=workshop.folder)
    return json.loads(file.read_text())


def table(workshop):
    """The lines of docs/BENCHMARKS.md."""
    if not PACKAGE.exists() or not NATIVE.exists():
        print(
            "skipped: scripts (scripts/python-runtime, and pip install --target .deps/science pandas==3.0.* "
            "scikit-learn==1.9.* statsmodels==0.15.*)",
            file=sys.stderr,
        )
        return ["Not measured: this machine has no runtime `python`, or no pandas to compare it with."]
    scripts = Scripts(workshop)
    compiled = scripts.install()
    science = (ROOT / "Benchmarks" / "science.py").read_text()
    ours, theirs = [], []
    for _ in range(REPEATS):
        ours.append(json.loads(scripts.run(science, clock="real")[3]))
        theirs.append(native(workshop))
        print(f"scripts: {len(ours)} of {REPEATS}", file=sys.stderr)
    lines = ["| what | `python` | native, one thread | ratio | against |", "|---|---|---|---|---|"]
    for name in (name for name in ours[0] if name != "begun"):
        ratios = [one[name] / other[name] for one, other in zip(ours, theirs)]
        verdict = "printed, not promised"
        if name in BOUNDS:
            verdict = f"at most {BOUNDS[name]}: {'kept' if statistics.median(ratios) <= BOUNDS[name] else 'missed'}"
        figures = (spread([entry[name] for entry in side], "{:.3f} s") for side in (ours, theirs))
        lines.append("| " + " | ".join([name, *figures, spread(ratios, "{:.2f}"), verdict]) + " |")
    rows = workshop.folder / "rows.csv"
    with rows.open("w") as stream:
        stream.write("region,id,x\n")
        for index in range(200_000):
            stream.write(f"{['north', 'south', 'east', 'west'][index * 7919 % 4]},{index},{index % 977}.5\n")
    whole = [scripts.run(GROUP_BY, rows=rows) for _ in range(REPEATS)]
    nothing = [scripts.run(NOTHING, clock="real") for _ in range(REPEATS)]
    verdict = "kept" if statistics.median(entry[0] for entry in whole) <= 3 else "missed"
    first = [float(entry[3]) - entry[1] for entry in nothing]
    compiling = [entry[2]["compile"] / 1e6 for entry in nothing]
    worker = [(entry[2]["compile"] + entry[2]["run"]) / 1e6 for entry in nothing]
    began = "kept" if statistics.median(worker) <= 0.2 else "missed"
    lines += [
        "",
        f"`2cvm run` of a group-by over 200,000 rows, whole process: {spread([e[0] for e in whole], '{:.2f} s')};"
        f" at most 3 s: {verdict}.",
        "",
        f"From the start of `2cvm run` to the script's first statement: {spread(first, '{:.2f} s')}. Of that the worker"
        f" takes {spread(worker, '{:.2f} s')}; at most 0.2 s: {began}."
        f" Until machine code is loaded and the rest compiled: {spread(compiling, '{:.2f} s')}.",
    ]
    if compiled is not None:
        lines += ["", f"`2cvm runtime install`, which compiles once: {compiled:.0f} s on this machine."]
    return lines
