"""A plan of eight shards and a pool on a cluster that loses a task, a host and a link.

What is started is what a hospital's cluster would start, but for the processors: simulated agents. No seconds are
asserted: how soon Slurm notices is Slurm's.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "examples"), str(ROOT / "examples" / "cohort-regression"), str(ROOT / "Tests" / "Slurm")]

import cluster as slurm  # noqa: E402
import participants  # noqa: E402
import plan as cohort  # noqa: E402

PATIENCE = 240
MISSING = slurm.missing()


class Run:
    """A plan's run on a cluster: its scheduler, its participants, and what lies in its folder."""

    def __init__(self, folder, hosts):
        self.folder = folder
        self.hosts = hosts
        self.people = participants.Participants(folder)
        self.people.make_keys(cohort.NAMES)
        self.keys = folder / "simulated.keys"
        with self.people.agent("--keys", self.keys):
            # The root that all of the cluster's machines share.
            self.root = self.people.root
        self.plan = cohort.Plan(self.people, folder)
        self.plan.sign(self.plan.draft((3, 3, 2), attempts=8))
        self.output = folder / "run"
        self.processes = []

    def start(self, name, *words):
        """One participant's command, or the scheduler's, on the head."""
        environment = self.hosts.environment | {"TWOCVM_HOME": str(self.people.folder / f"home-{name}")}
        log = (self.folder / f"{name}-{words[0]}-{len(self.processes)}.log").open("w+")
        command = self.hosts.command("head", participants.COMMAND, *words)
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        process.log = log
        self.processes.append(process)
        return process

    def schedule(self):
        words = ["--manifests", self.plan.manifests, "--output", self.output, "--driver", "slurm", "--keys", self.keys]
        return self.start("scheduler", "plan", "run", self.plan.signed, *words)

    def submit(self, name, *words):
        words = ["--plan", self.plan.signed, "--manifests", self.plan.manifests, "--run", self.output, *words]
        words += ["--as", name, "--key", self.people.key(name), "--simulated-root", self.root]
        return self.start(name, "submit", *words)

    def end(self):
        for process in self.processes:
            process.kill()
            process.wait()
            process.log.close()
        self.hosts.run("scancel", "--user=root")

    def sessions(self):
        """The sessions' folders in the schedule's order: the pool is the first."""
        schedule = json.loads((self.output / "schedule.json").read_text())
        return [self.output / "sessions" / session["bound"] for session in schedule["sessions"]]

    def files(self, ending):
        """For each session the attempts that have a file with this ending."""
        dots = ending.count(".")
        return [
            {int(file.name.split(".")[0]) for file in folder.glob(f"*{ending}") if file.name.count(".") == dots}
            for folder in self.sessions()
        ]

    def host_of(self, session, attempt):
        record = self.sessions()[session] / f"{attempt}.json"
        number = int(json.loads(record.read_text())["url"].split("//")[1].split(":")[0].split(".")[-1])
        return next(host for host, own in slurm.HOSTS.items() if own == number)

    def keepers_of(self, session):
        """The numbers of the processes that stay with a session's machines."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"machine" in words and str(self.output).encode() in words:
                if words[words.index(b"--session") + 1] == str(session).encode():
                    found.append(int(entry.name))
        return found

    def wait(self, what, holds, process=None):
        end = time.monotonic() + PATIENCE
        while not holds():
            if process is not None and process.poll() not in (None, 0):
                raise AssertionError(f"{what}: {self.words(process)}")
            if time.monotonic() > end:
                raise AssertionError(f"{what}: not after {PATIENCE} s\n{self.state()}")
            time.sleep(0.2)

    def words(self, process):
        process.log.seek(0)
        return process.log.read()[-4000:]

    def state(self):
        queue = self.hosts.run("squeue", "--array", "--format", "%i %T %r %N")
        tails = "\n".join(f"{process.args[4:6]}: {self.words(process)[-600:]}" for process in self.processes)
        return f"{queue}\n{tails}"


@unittest.skipIf(MISSING, f"a cluster needs {MISSING}")
class PlanOnAClusterTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir="/var/tmp", prefix="2cvm-slurm-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.hosts = self.enterContext(slurm.Cluster(self.folder / "cluster"))

    def test_gives_the_pooled_fit_though_a_task_a_host_and_a_link_are_lost(self):
        run = Run(self.folder, self.hosts)
        self.addCleanup(run.end)
        scheduler = run.schedule()
        pool = 0
        run.wait("the run begins", (run.output / "schedule.json").exists, scheduler)
        run.wait("the pool starts", lambda: run.files(".json")[pool], scheduler)
        run.wait("shards start", lambda: sum(map(bool, run.files(".json"))) >= 4, scheduler)

        self.lose_a_task(run)
        spare = next(node for node in slurm.GUESTS if node != run.host_of(pool, 1))
        self.lose_a_host(run, spare)
        self.bring_rows(run)
        self.lose_a_link(run, spare)
        self.bring_rows(run)
        self.bring_code(run)
        run.wait("the run ends", lambda: scheduler.poll() is not None)
        self.assertEqual(scheduler.returncode, 0, run.words(scheduler))
        self.assertEqual(run.files(".json")[pool], {1}, "the pool was there once")
        self.require_pooled_fit(run)

    def lose_a_task(self, run):
        session = next(number for number, attempts in enumerate(run.files(".json")) if number and attempts)
        os.kill(run.keepers_of(session)[0], signal.SIGKILL)
        run.wait("another machine takes the part", lambda: 2 in run.files(".claim")[session])

    def lose_a_host(self, run, node):
        lost = [
            number
            for number, attempts in enumerate(run.files(".json"))
            if attempts and run.host_of(number, max(attempts)) == node
        ]
        self.assertTrue(lost, "the host had machines")
        before = {number: max(run.files(".claim")[number]) for number in lost}
        self.hosts.lose_power(node)
        self.hosts.start(node)
        # A task of it is put back, or started anew.
        run.wait(
            "its machines start again",
            lambda: any(max(run.files(".claim")[number]) > attempt for number, attempt in before.items()),
        )

    def bring_rows(self, run):
        data = ROOT / "examples" / "cohort-regression" / "data"
        for hospital in cohort.HOSPITALS:
            run.submit(hospital, "--split", f"patients={data / hospital}.csv", "--stay")

    def bring_code(self, run):
        code = {"moments": "moments", "writer": "moments-writer", "regression": "regression"}
        code |= {f"moments-{hospital[-1]}": "moments-reader" for hospital in cohort.HOSPITALS}
        words = [f"{name}={cohort.GUESTS / guest}.wasm" for name, guest in code.items()]
        run.submit("statistician", *(word for pair in words for word in ("--component", pair)), "--stay")
        fetch = ["--manifests", run.plan.manifests, "--run", run.output, "--wait", "--output", self.folder / "fetched"]
        fetch += ["--as", "statistician", "--key", run.people.key("statistician"), "--simulated-root", run.root]
        self.fetch = run.start("statistician", "plan", "fetch", run.plan.signed, *fetch)

    def lose_a_link(self, run, node):
        """Slurm starts elsewhere what it cannot see, and the machine beyond the link goes on: a task runs twice."""
        # The other host takes nothing new, so that a task which is lost comes to this one.
        other = next(host for host in slurm.GUESTS if host != node)
        self.hosts.run("scontrol", "update", f"NodeName={other}", "State=DRAIN", "Reason=full")
        shard = next(number for number, attempts in enumerate(run.files(".json")) if number and attempts)
        newest = max(run.files(".claim")[shard])
        os.kill(run.keepers_of(shard)[0], signal.SIGKILL)
        run.wait("a machine comes to the host", lambda: max(run.files(".json")[shard], default=0) > newest)
        self.assertEqual(run.host_of(shard, max(run.files(".json")[shard])), node)
        self.hosts.run("scontrol", "update", f"NodeName={other}", "State=RESUME")
        count, keepers = len(run.files(".claim")[shard]), set(run.keepers_of(shard))
        self.hosts.link(node, "down")
        self.addCleanup(self.hosts.link, node, "up")
        # Another machine takes the part, and nobody has ended the one that cannot be seen.
        run.wait(
            "a task runs twice",
            lambda: len(run.files(".claim")[shard]) > count and keepers & set(run.keepers_of(shard)),
        )
        self.hosts.link(node, "up")

    def require_pooled_fit(self, run):
        run.wait("the statistician has everything", lambda: self.fetch.poll() is not None)
        self.assertEqual(self.fetch.returncode, 0, run.words(self.fetch))
        found = list((self.folder / "fetched").rglob("coefficients"))
        self.assertEqual(len(found), 1)
        expected = json.loads((ROOT / "examples" / "cohort-regression" / "expected.json").read_text())
        got = json.loads(found[0].read_text())
        self.assertEqual(got["rows"], expected["rows"])
        for one, other in zip(got["coefficients"], expected["coefficients"], strict=True):
            self.assertEqual(one["name"], other["name"])
            self.assertAlmostEqual(one["estimate"], other["estimate"], places=5)
            self.assertAlmostEqual(one["standardError"], other["standardError"], places=5)


if __name__ == "__main__":
    unittest.main()
