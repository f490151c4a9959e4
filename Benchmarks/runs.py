"""What a session of several runs costs: from the last answer to the streams, and what many runs leave behind.

One participant brings all and decides on its own questions, through the built commands, over loopback.
"""

import hashlib
import http.client
import json
import os
import pathlib
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests/Soak"))

from machine import Machine  # noqa: E402
from queries import FORMAT, write_rows  # noqa: E402
from workshop import spread  # noqa: E402

RUNTIME = ROOT / ".build/runtimes/sql.wasm"
QUESTION = "select region, count(*) as n, sum(x) as s from t group by region order by region\n"
ROWS = 10_000
REPEATS = 11
RUNS = int(os.environ.get("SESSION_RUNS", "1000"))
MOST_MILLISECONDS = 150


class Watch:
    """Asks for the status again and again, and notes when each stage was first seen."""

    def __init__(self, machine):
        self.machine, self.seen, self.wanted = machine, [], True
        self.thread = threading.Thread(target=self.look, daemon=True)
        self.thread.start()

    def look(self):
        connection = http.client.HTTPConnection(self.machine.host, self.machine.port, timeout=20)
        while self.wanted:
            try:
                connection.request("GET", "/v1/status")
                stage = json.loads(connection.getresponse().read())["stage"]
            except http.client.RemoteDisconnected:
                # An agent answers so many requests on one connection, and then wants another.
                connection.close()
                continue
            if not self.seen or self.seen[-1][0] != stage:
                self.seen.append((stage, time.perf_counter()))
            time.sleep(0.002)
        connection.close()

    def stop(self):
        self.wanted = False
        self.thread.join()
        return self.seen


class Runs:
    """A session whose question is a query, of as many runs as wanted."""

    def __init__(self, machine, count, approved):
        self.machine, self.number = machine, 0
        machine.make_keys()
        self.rows = machine.folder / "t.csv"
        write_rows(self.rows, ROWS)
        manifest = machine.manifest()
        digest = hashlib.sha256(RUNTIME.read_bytes()).hexdigest()
        manifest["components"] = [
            {
                "name": "sql",
                "provider": "soak",
                "digest": f"sha256:{digest}",
                "maximumBytes": RUNTIME.stat().st_size,
                "imports": ["twocvm:guest/files"],
                "memoryMiB": 64,
            }
        ]
        text = {"kind": "text", "maximumCharacters": 4000, "maximumLineCharacters": 120}
        question = {"name": "question", "provider": "soak", "commitment": "any", "maximumBytes": 4096, "per": "run"}
        approval = {"approval": {"by": ["soak"], "seconds": 60}} if approved else {}
        form = FORMAT | {"maximumRows": ROWS}
        manifest["data"] = [
            {"name": "t", "provider": "soak", "commitment": "any", "maximumBytes": 1 << 20, "format": form},
            question | {"format": text} | approval,
        ]
        columns = [
            {"name": "region", "type": "text", "maximumCharacters": 9, "characters": "ascii"},
            {"name": "n", "type": "integer", "minimum": 0, "maximum": ROWS},
            {"name": "s", "type": "decimal", "fractionDigits": 2},
        ]
        form = {"kind": "csv", "maximumRows": 100, "columns": columns}
        manifest["outputs"] = [{"name": "result", "recipients": ["soak"], "format": form, "maximumBytes": 65536}]
        manifest["channels"] = [
            {"mount": "t", "component": "sql", "path": "/data/t.csv"},
            {"mount": "question", "component": "sql", "path": "/code/result.sql"},
            {"release": "result", "component": "sql", "path": "/output/result.csv"},
        ]
        manifest["run"]["component"] = "sql"
        manifest["limits"]["runs"] = count
        machine.sign(manifest)
        machine.lock(prepared=True)
        machine.command("submit", machine.url, *machine.sender(), f"--component=sql={RUNTIME}", f"--data=t={self.rows}")
        self.question = machine.folder / "question.sql"
        self.question.write_text(QUESTION)

    def ask(self):
        self.number += 1
        machine = self.machine
        machine.command("ask", machine.url, *machine.sender(), "--data", f"question={self.question}")

    def approve(self):
        """Milliseconds from the stage that follows the answer to the stage in which the streams are there."""
        machine = self.machine
        digest = json.loads(machine.command("review", machine.url, *machine.sender(), "--wait", "--json"))["digest"]
        # The next worker has compiled by now: what is measured is a run, not its preparation.
        time.sleep(3)
        watch = Watch(machine)
        machine.command("approve", digest, machine.url, *machine.sender())
        self.fetch()
        seen = watch.stop()
        begin = next(when for stage, when in seen if stage == "executing")
        end = next(when for stage, when in seen if when > begin and stage != "executing")
        return (end - begin) * 1000

    def fetch(self):
        machine, folder = self.machine, self.machine.folder / f"results-{self.number}"
        words = ["--run", self.number, "--wait", "--output", folder]
        machine.command("fetch", machine.url, *machine.sender(), *words)
        if not (folder / "result").exists():
            sys.exit("benchmarks: error: a run released nothing")


def table(folder):
    """The figures as a table."""
    lines = ["| what | figure | against |", "|---|---|---|"]
    return lines + [f"| {what} | {figure} | {bound} |" for what, figure, bound in rows(folder)]


def rows(folder):
    """The figures' rows."""
    (folder / "answers").mkdir()
    with Machine(folder / "answers") as machine:
        runs = Runs(machine, REPEATS + 1, approved=True)
        times = []
        for _ in range(REPEATS + 1):
            runs.ask()
            times.append(runs.approve())
    verdict = "kept" if sorted(times[1:])[REPEATS // 2] <= MOST_MILLISECONDS else "missed"
    yield (
        f"a run of `sql` on {ROWS:,} rows with the next worker ready: from the last answer to the streams",
        spread(times[1:], "{:.0f} ms"),
        f"at most {MOST_MILLISECONDS} ms, {verdict}",
    )
    yield flatness(folder, RUNS)


def flatness(folder, count):
    """What many runs of one session leave behind in the agent."""
    (folder / "many").mkdir()
    with Machine(folder / "many") as machine:
        runs = Runs(machine, count, approved=False)
        marks = []
        for number in range(1, count + 1):
            runs.ask()
            runs.fetch()
            if number in (count // 10, count):
                marks.append((machine.anonymous_bytes(), machine.descriptors(), len(list(machine.files.rglob("*")))))
    (memory, descriptors, files), (later, more_descriptors, more_files) = marks
    is_flat = later <= memory * 1.25 and more_descriptors <= descriptors and more_files <= files
    return (
        f"{count:,} runs of one session: the agent's memory, open files and files after a tenth, and at the end",
        f"{memory / 1e6:.0f} and {later / 1e6:.0f} MB; {descriptors} and {more_descriptors}; {files} and {more_files}",
        "flat: " + ("kept" if is_flat else "missed"),
    )
