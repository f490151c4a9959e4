"""What a plan costs: sixteen shards and a pool, on machines that are pinned to one processor or to two.

Each machine is a simulated agent behind `2cvm plan machine`, pinned by taskset; participants and the scheduler run
wherever there is room. The clock runs from when every machine listens and everybody begins to submit until every
participant's sealed outputs lie in the run's folder.
"""

import contextlib
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

from workshop import ROOT, machine

sys.path[:0] = [str(ROOT / "examples"), str(ROOT / "examples" / "cohort-regression")]

import participants  # noqa: E402
import plan as cohort  # noqa: E402

# Of each hospital.
SHARDS = (6, 5, 5)
SMALL, LARGE = 1_000, 1_000_000
AT_SCALE = 10_000_000
REPEATS = 5
ASKED = 0.3
LINE = "{age},{sex},{bmi:.1f},{bp},{s1},{s2:.1f},{s3},{s4},{s5:.4f},{s6},{progression}\n"


def write_rows(path, count, seed):
    """A hospital's table. At most 20,000 rows differ: what is measured does not depend on what they say."""
    draw = random.Random(seed)
    lines = []
    for _ in range(min(count, 20_000)):
        row = {"age": draw.randint(19, 79), "sex": draw.randint(1, 2), "bmi": draw.uniform(18, 42)}
        row |= {"bp": draw.randint(62, 133), "s1": draw.randint(97, 301), "s2": draw.uniform(41, 242)}
        row |= {"s3": draw.randint(22, 99), "s4": draw.randint(2, 9), "s5": draw.uniform(3, 6)}
        row |= {"s6": draw.randint(58, 124), "progression": draw.randint(25, 346)}
        lines.append(LINE.format(**row))
    with path.open("w") as file:
        file.write("age,sex,bmi,bp,s1,s2,s3,s4,s5,s6,progression\n")
        block = "".join(lines)
        for _ in range(count // len(lines)):
            file.write(block)
        file.writelines(lines[: count % len(lines)])


class Scene:
    """Participants with keys and one signed plan, for any number of runs of it."""

    def __init__(self, folder, rows):
        self.folder = pathlib.Path(folder)
        self.people = participants.Participants(self.folder)
        self.people.make_keys(cohort.NAMES)
        self.keys = self.folder / "simulated.keys"
        with self.people.agent("--keys", self.keys):
            self.root = self.people.root
        per_shard = rows // len(SHARDS) // min(SHARDS) + 1
        # 45 bytes a row, and as much again in memory for what is read of it.
        self.plan = cohort.Plan(self.people, self.folder, rows=60 * per_shard + 4096, memory=32 + per_shard // 4000)
        self.plan.sign(self.plan.draft(SHARDS))
        for number, hospital in enumerate(cohort.HOSPITALS):
            write_rows(self.folder / f"{hospital}.csv", rows // len(SHARDS), number)
        self.count = 0

    def start(self, name, *words):
        environment = os.environ | {"TWOCVM_HOME": str(self.folder / f"home-{name}-{self.count}")}
        log = (self.folder / f"{name}-{words[0]}-{self.count}.log").open("w")
        with log:
            return subprocess.Popen(
                [participants.COMMAND, *map(str, words)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
            )

    def run(self, processors):
        """Seconds of one run, its machines on these processors in turn."""
        self.count += 1
        output = self.folder / f"run-{self.count}"
        words = ["--manifests", self.plan.manifests, "--output", output, "--driver", "none"]
        with contextlib.ExitStack() as stack:
            scheduler = self.start("scheduler", "plan", "run", self.plan.signed, *words)
            stack.callback(scheduler.kill)
            schedule = output / "schedule.json"
            self.wait(schedule.exists)
            sessions = json.loads(schedule.read_text())["sessions"]
            for number, _ in enumerate(sessions):
                words = ["taskset", "-c", processors[number % len(processors)], participants.COMMAND, "plan", "machine"]
                words += [output, "--session", number, "--address", "127.0.0.1", "--keys", self.keys]
                machine = subprocess.Popen(
                    [*map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
                stack.callback(machine.wait)
                stack.callback(machine.terminate)
            self.wait(lambda: all((output / "sessions" / each["bound"] / "1.json").exists() for each in sessions))
            start = time.monotonic()
            for name, words in self.submissions():
                common = ["--plan", self.plan.signed, "--manifests", self.plan.manifests, "--run", output]
                common += ["--as", name, "--key", self.people.key(name), "--simulated-root", self.root]
                stack.callback(self.start(name, "submit", *common, *words).kill)
            if scheduler.wait(timeout=1200) != 0:
                sys.exit(
                    "benchmarks: error: plan run: " + (self.folder / f"scheduler-plan-{self.count}.log").read_text()
                )
            return time.monotonic() - start, len(sessions)

    def submissions(self):
        for hospital in cohort.HOSPITALS:
            yield hospital, ["--split", f"patients={self.folder / hospital}.csv"]
        code = {"moments": "moments", "writer": "moments-writer", "regression": "regression"}
        code |= {f"moments-{hospital[-1]}": "moments-reader" for hospital in cohort.HOSPITALS}
        words = [f"{name}={cohort.GUESTS / guest}.wasm" for name, guest in code.items()]
        yield "statistician", [word for pair in words for word in ("--component", pair)]

    @staticmethod
    def wait(holds):
        end = time.monotonic() + 120
        while not holds():
            if time.monotonic() > end:
                sys.exit("benchmarks: error: the machines do not start")
            time.sleep(0.05)


def measured(rows, processors, repeats=REPEATS):
    """Medians of so many runs: seconds, and how many sessions."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        scene = Scene(folder, rows)
        runs = [scene.run(processors) for _ in range(repeats)]
        return statistics.median(seconds for seconds, _ in runs), runs[0][1]


def lines():
    """The tables of docs/SCALE.md."""
    small, sessions = measured(SMALL, ["0", "1"])
    one, _ = measured(LARGE, ["0"])
    two, _ = measured(LARGE, ["0", "1"])
    large, _ = measured(AT_SCALE, ["0", "1"], repeats=1)
    each = small / sessions
    slope = (two - small) / (LARGE - SMALL)
    modelled = small + slope * (AT_SCALE - SMALL)
    rate = one / two
    return [
        f"Measured with `Benchmarks/run.py --only plans` on {machine()}: medians of {REPEATS}, the last row once.",
        "",
        "| what | figure | asked |",
        "|---|---|---|",
        f"| {sessions} sessions of {SMALL:,} rows in all, for each: everything, compiling included | {each:.2f} s "
        f"| at most {ASKED} s, {'kept' if each <= ASKED else 'missed'} |",
        f"| {LARGE:,} rows, one host | {one:.1f} s | |",
        f"| {LARGE:,} rows, two hosts | {two:.1f} s, {rate:.2f} times the rate | 1.7 times the rate |",
        f"| {AT_SCALE:,} rows, two hosts | {large:.1f} s, where the model says {modelled:.1f} s | |",
    ]


if __name__ == "__main__":
    print("\n".join(lines()))
