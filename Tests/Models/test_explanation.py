"""`2cvm manifest explain` against a model of *who can learn what* written apart, and on the largest manifests."""

import collections
import concurrent.futures
import json
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import time
import unittest

import manifests

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build" / "release" / "2cvm"
SEED = 20261127
COUNT = 1000


def ways(manifest):
    """Each step that a channel grants, from a name to a name."""
    steps = collections.defaultdict(set)
    for channel in manifest["channels"]:
        if "mount" in channel:
            steps[channel["mount"]].add(channel["component"])
        elif "link" in channel:
            steps[channel["importer"]].add(channel["exporter"])
            steps[channel["exporter"]].add(channel["importer"])
        else:
            steps[channel["component"]].add(channel.get("release") or channel["log"])
    return steps


def distances(steps, source):
    found, open_ = {source: 0}, collections.deque([source])
    while open_:
        place = open_.popleft()
        for other in steps[place] - found.keys():
            found[other] = found[place] + 1
            open_.append(other)
    return found


def explain(manifest, *options):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "manifest.json"
        path.write_text(json.dumps(manifest))
        environment = {**os.environ, "TWOCVM_HOME": folder}
        run = subprocess.run(
            [PROGRAM, "manifest", "explain", path, *options], capture_output=True, env=environment, timeout=60
        )
    if run.returncode != 0:
        raise AssertionError(run.stderr.decode())
    return run.stdout.decode()


class Model(unittest.TestCase):
    def test_who_can_learn_what_is_what_a_model_written_apart_finds(self):
        drawing = random.Random(SEED)
        people = [manifests.participant(f"p{index}", drawing) for index in range(8)]
        drawn = [manifests.draw(drawing, people) for _ in range(COUNT)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            told = list(pool.map(lambda manifest: json.loads(explain(manifest, "--json")), drawn))
        reached = 0
        for index, (manifest, explanation) in enumerate(zip(drawn, told)):
            with self.subTest(seed=SEED, index=index):
                found = {entry["source"]: entry for entry in explanation["disclosures"]}
                expected = manifests.learners(manifest)
                self.assertEqual({name: set(entry["learners"]) for name, entry in found.items()}, expected)
                self.hold_routes(manifest, found)
                reached += sum(map(len, expected.values()))
        self.assertGreater(reached, 10 * COUNT)

    def hold_routes(self, manifest, found):
        """Each route is granted and a shortest one for its learners, and together they tell of every learner."""
        steps = ways(manifest)
        recipients = {output["name"]: output["recipients"] for output in manifest["outputs"]}
        for source, entry in found.items():
            distance = distances(steps, source)
            told = []
            for route in entry["routes"]:
                names = route["steps"]
                self.assertEqual((names[0], names[-1]), (source, route["output"]))
                self.assertEqual(len(names) - 1 + route["omittedSteps"], distance[route["output"]])
                for place, (one, other) in enumerate(zip(names, names[1:])):
                    if route["omittedSteps"] == 0 or place != 2:
                        self.assertIn(other, steps[one])
                for learner in route["learners"]:
                    nearest = min(
                        distance[output]
                        for output in recipients
                        if output in distance and learner in recipients[output]
                    )
                    self.assertEqual(distance[route["output"]], nearest)
                told += route["learners"]
            if len(entry["routes"]) < 4:
                self.assertEqual(sorted(told), sorted(entry["learners"]))
            else:
                self.assertLessEqual(set(told), set(entry["learners"]))


class Largest(unittest.TestCase):
    """Lines and bytes are bounded by what a manifest may hold. Times are printed, and no test hangs on them."""

    def test_the_largest_manifests_are_explained_in_bounded_space(self):
        for shape in ("chain", "crowd"):
            manifest = manifests.largest(random.Random(SEED), shape)
            self.assertLessEqual(len(json.dumps(manifest)), 1 << 20)
            for options in ((), ("--all",), ("--json",)):
                with self.subTest(shape=shape, options=options):
                    start = time.monotonic()
                    text = explain(manifest, *options)
                    seconds = time.monotonic() - start
                    print(
                        f"{shape} {' '.join(options)}: {text.count(chr(10))} lines, {len(text)} bytes, {seconds:.2f} s",
                        file=sys.stderr,
                    )
                    self.assertLess(len(text), 8 << 20)
                    if "--json" not in options:
                        self.assertLess(text.count("\n"), 20_000)
                        self.assertTrue(text.startswith("Who can learn what\n"))
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(f"most memory of a process: {memory >> 10} MiB", file=sys.stderr)
        self.assertLess(memory, 64 << 10)


if __name__ == "__main__":
    unittest.main()
