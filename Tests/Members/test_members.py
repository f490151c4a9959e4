"""What participants and auditors do with a plan, through the built commands, with simulated machines."""

import json
import pathlib
import tempfile
import unittest

import scene as staging

PROGRAMS = ("2cvm", "2cvm-agent-simulated", "2cvm-worker", "2cvm-gate")


class Members(unittest.TestCase):
    def setUp(self):
        for program in PROGRAMS:
            self.assertTrue((staging.COMMANDS / program).exists(), f"{program}: run `make build`")
        if not staging.SQL.exists():
            self.skipTest("the runtime of queries is not built: run `make sql`")
        folder = pathlib.Path(tempfile.mkdtemp(prefix="2cvm-members-"))
        self.addCleanup(staging.remove, folder)
        self.scene = staging.Scene(folder)
        self.addCleanup(self.scene.end)

    def test_a_plan_is_brought_fetched_and_verified_and_its_result_is_the_pooled_one(self):
        scene = self.scene
        for session in scene.bound:
            scene.start(session)
        # A scheduler starts some tasks twice.
        scene.start("site-a-1", attempt=2)
        # Nobody waits for anybody: each begins before there is anything to do.
        fetch = scene.begin("statistician", *scene.fetching("statistician", "--wait"))
        submissions = [scene.begin(who, *scene.submission(who), "--stay") for who in staging.PEOPLE]
        self.addCleanup(lambda: [process.kill() for process in (fetch, *submissions)])
        scene.until(lambda: fetch.poll() is not None)
        said = fetch.communicate()
        self.assertEqual(fetch.returncode, 0, said)
        told = [process.communicate(timeout=staging.PATIENCE) for process in submissions]
        self.assertEqual([process.returncode for process in submissions], [0, 0, 0], told)
        self.assertIn("site-a-1: patients, 50 rows", told[0][0])
        self.assertIn("site-a-2: patients, 51 rows", told[0][0])

        ages = [20 + row % 60 for count in staging.ROWS.values() for row in range(count)]
        total = (scene.folder / "statistician/results/pool/total").read_text()
        self.assertEqual(total, f"patients,age\n{len(ages)},{sum(ages)}\n")
        verified = scene.command("statistician", *scene.verifying("results"))
        self.assertIn("the receipts of 5 of the plan's 5 sessions hold, and agree with each other", verified)

        # What the second machine left lies beside it, and both were given the same.
        scene.until(lambda: all(pair in scene.done for pair in scene.pairs()))
        scene.command("statistician", *scene.fetching("statistician"))
        folder = scene.folder / "statistician/results/site-a-1"
        self.assertEqual(len(list(folder.glob("attempt.*"))), 1)
        verified = json.loads(scene.command("statistician", *scene.verifying("results"), "--json"))
        self.assertEqual((verified["holds"], len(verified["machines"])), (True, 6))
        self.assertEqual((verified["faults"], verified["missing"]), ([], []))
        # Each commits to its sums under a salt of its own, and neither file is here.
        self.assertEqual([entry["code"] for entry in verified["differences"]], ["attempts.output"])

        # Again: nothing is replaced, fetched or sent twice.
        kept = (scene.folder / "statistician/results/pool/receipt.json").stat().st_mtime_ns
        scene.command("statistician", *scene.fetching("statistician"))
        self.assertEqual((scene.folder / "statistician/results/pool/receipt.json").stat().st_mtime_ns, kept)
        for who in staging.PEOPLE:
            scene.command(who, *scene.submission(who))

        # A hospital gets each receipt, and no output that is not its own.
        scene.command("hospital-a", *scene.fetching("hospital-a"))
        self.assertFalse((scene.folder / "hospital-a/results/pool/total").exists())
        scene.command("hospital-a", *scene.verifying("results", scene.folder / "statistician/results"))

    def test_a_second_machine_gets_the_same_bytes_and_salts_and_other_content_is_refused(self):
        scene = self.scene
        first = scene.start("site-a-1")
        scene.start("site-a-2")
        scene.command("hospital-a", *scene.submission("hospital-a"))
        first.end()
        scene.machines.remove(first)
        changed = scene.folder / "hospital-a/patients.csv"
        content = changed.read_text()
        second = scene.start("site-a-1", attempt=2)
        changed.write_text(content.replace("said", "sang", 1))
        refused = scene.command("hospital-a", *scene.submission("hospital-a"), status=1)
        self.assertIn("error[ledger.content]: patients.csv", refused)
        self.assertEqual(second.status()["slots"]["filled"], 0)
        changed.write_text(content)
        scene.command("hospital-a", *scene.submission("hospital-a"))
        self.assertEqual(second.status()["slots"]["filled"], 1)
        ledger = [json.loads(line) for line in (scene.folder / "hospital-a/home/ledger.jsonl").read_text().splitlines()]
        given = [entry for entry in ledger if entry["bound"] == scene.bound["site-a-1"]]
        self.assertEqual(len({entry["session"] for entry in given}), 2)
        self.assertEqual(len({(entry["content"], entry["salt"]) for entry in given}), 1)

    def test_the_same_command_in_two_terminals_gives_the_same(self):
        scene = self.scene
        machines = [scene.start(session) for session in ("site-a-1", "site-a-2")]
        both = [scene.begin("hospital-a", *scene.submission("hospital-a"), "--json") for _ in range(2)]
        told = [process.communicate(timeout=staging.PATIENCE) for process in both]
        self.assertEqual([process.returncode for process in both], [0, 0], told)
        given = [json.loads(line) for out, _ in told for line in out.splitlines()]
        self.assertEqual({(entry["session"], entry["rows"]) for entry in given}, {("site-a-1", 50), ("site-a-2", 51)})
        self.assertEqual([machine.status()["slots"]["filled"] for machine in machines], [1, 1])

    def test_a_machine_that_is_another_sessions_gets_nothing(self):
        scene = self.scene
        scene.start("site-a-2")
        pool = scene.start("pool")
        statistician = scene.begin("statistician", *scene.submission("statistician"))
        self.addCleanup(statistician.kill)
        scene.until(lambda: pool.status()["stage"] == "admitting")
        # The host shows the pool's machine as a shard.
        for attempt in (1, 2):
            scene.publish("site-a-1", attempt, pool.url)
        refused = scene.command("hospital-a", *scene.submission("hospital-a"), status=1)
        self.assertIn("error[appraisal.contraindicated]", refused)
        self.assertIn("for site-a-1", refused)
        statistician.kill()
        statistician.communicate()

    def test_what_a_machine_left_in_the_runs_folder_is_opened_by_who_appraised_it(self):
        scene = self.scene
        for session in scene.bound:
            scene.start(session)
        submissions = [scene.begin(who, *scene.submission(who)) for who in staging.PEOPLE]
        self.addCleanup(lambda: [process.kill() for process in submissions])
        scene.until(lambda: all(machine.status()["stage"] == "finished" for machine in scene.machines))
        for process in submissions:
            process.communicate(timeout=staging.PATIENCE)
        scene.until(lambda: all(pair in scene.done for pair in scene.pairs()))
        scene.store("statistician")
        scene.end()
        scene.machines.clear()
        scene.command("statistician", *scene.fetching("statistician"))
        verified = scene.command("statistician", *scene.verifying("results"))
        self.assertIn("the receipts of 5 of the plan's 5 sessions hold, and agree with each other", verified)
        self.assertNotIn("missing", verified)
        refused = scene.command("hospital-b", *scene.fetching("hospital-b"), status=3)
        self.assertIn("error[plan.unfinished]", refused)


if __name__ == "__main__":
    unittest.main()
