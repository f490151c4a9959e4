"""`2cvm plan explain` against a model of *who can learn what* over many sessions, written apart."""

import collections
import concurrent.futures
import hashlib
import json
import math
import os
import pathlib
import random
import subprocess
import tempfile
import unittest

import manifests

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build" / "release" / "2cvm"
SEED = 20261128
COUNT = 300


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def draw(random, people):
    """A plan of a few sessions, each of which may feed any after it, and their manifests."""
    people = random.sample(people, random.randint(1, 5))
    names = [person["name"] for person in people]
    count = random.randint(1, 7)
    sessions = [f"s{index}" for index in range(count)]
    drawn, flows = {}, []
    fed = collections.defaultdict(list)
    for index, session in enumerate(sessions):
        data = [
            {"name": f"d{number}", "provider": random.choice(names), "commitment": "any", "maximumBytes": 9}
            for number in range(random.randint(0, 2))
        ]
        data += fed[session]
        outputs = []
        for number in range(random.randint(0, 3)):
            size = random.choice([1, 2, 5, 30])
            later = sessions[index + 1 :]
            receivers = random.sample(later, min(len(later), random.choice([0, 1, 1, 2])))
            recipients = random.sample(names, random.randint(0 if receivers else 1, min(2, len(names))))
            for receiver in receivers:
                slot = f"in{len(fed[receiver])}"
                fed[receiver].append(
                    {"name": slot, "provider": {"session": session}, "commitment": "any", "maximumBytes": size}
                )
                flows.append({"from": session, "output": f"o{number}", "to": receiver, "data": slot})
            outputs.append(
                {
                    "name": f"o{number}",
                    "recipients": recipients + [{"session": receiver} for receiver in receivers],
                    "format": "any",
                    "maximumBytes": size,
                }
            )
        channels = [{"mount": entry["name"], "component": "c0", "path": f"/data/{entry['name']}"} for entry in data]
        channels += [
            {"release": entry["name"], "component": "c0", "path": f"/output/{entry['name']}"} for entry in outputs
        ]
        components = [manifests.component("c0", random.choice(names))]
        manifest = manifests.manifest([], components, data, outputs, channels, "c0")
        del manifest["participants"], manifest["platform"]
        manifest |= {"plan": True, "name": session, "salt": hashlib.sha256(session.encode()).hexdigest()}
        drawn[session] = manifest
    plan = {
        "version": 1,
        "name": "drawn",
        "purpose": "Drawn for a test.",
        "salt": "5a" * 32,
        "participants": people,
        "platforms": [
            {"name": "machines", "platform": {"kind": "simulated", "binding": "lock", "measurements": ["00" * 48]}}
        ],
        "sessions": [
            {
                "name": session,
                "manifest": "sha256:" + hashlib.sha256(canonical(manifest)).hexdigest(),
                "platform": "machines",
                "attempts": 1,
            }
            for session, manifest in drawn.items()
        ],
        "flows": flows,
        "evidence": {"revocationNotBefore": "2026-11-27", "policy": "none"},
    }
    return plan, drawn


def explain(plan, drawn):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "manifests").mkdir()
        (folder / "plan.json").write_text(json.dumps(plan))
        for session, manifest in drawn.items():
            (folder / "manifests" / f"{session}.json").write_text(json.dumps(manifest))
        run = subprocess.run(
            [PROGRAM, "plan", "explain", folder / "plan.json", "--json"],
            capture_output=True,
            env={**os.environ, "TWOCVM_HOME": str(folder)},
            timeout=60,
        )
    if run.returncode != 0:
        raise AssertionError(run.stderr.decode())
    return json.loads(run.stdout)


def capacity(size):
    """The logarithm of the number of files of at most so many bytes, in bits."""
    return math.log2(sum(256**length for length in range(size + 1)))


def readers(output):
    return {name for name in output["recipients"] if isinstance(name, str)}


class Network:
    """Sessions, and each output as a pipe of its capacity. What can flow at most is a narrowest cut."""

    def __init__(self):
        self.room = collections.defaultdict(lambda: collections.defaultdict(float))

    def pipe(self, one, other, width):
        self.room[one][other] += width
        self.room[other][one] += 0.0

    def maximum(self, source, sink):
        total = 0.0
        while True:
            before, waiting = {source: None}, collections.deque([source])
            while waiting and sink not in before:
                place = waiting.popleft()
                for other, width in self.room[place].items():
                    if width > 1e-9 and other not in before:
                        before[other] = place
                        waiting.append(other)
            if sink not in before:
                return total
            way, place = [], sink
            while before[place] is not None:
                way.append((before[place], place))
                place = before[place]
            width = min(self.room[one][other] for one, other in way)
            for one, other in way:
                self.room[one][other] -= width
                self.room[other][one] += width
            total += width


def narrowest_cut(plan, drawn, brought, is_reader):
    """What sessions were given, and how much of it can come to such readers."""
    network = Network()
    for session in brought:
        network.pipe("source", session, math.inf)
    receivers = collections.defaultdict(set)
    for flow in plan["flows"]:
        receivers[flow["from"], flow["output"]].add(flow["to"])
    for session, manifest in drawn.items():
        for output in manifest["outputs"]:
            place = (session, output["name"])
            network.pipe(session, place, capacity(output["maximumBytes"]))
            if any(map(is_reader, readers(output))):
                network.pipe(place, "sink", math.inf)
            for receiver in receivers[place]:
                network.pipe(place, receiver, math.inf)
    return network.maximum("source", "sink")


def reached(plan, brought):
    """Facts that spread along flows until nothing new is known."""
    known, changed = set(brought), True
    while changed:
        changed = False
        for flow in plan["flows"]:
            if flow["from"] in known and flow["to"] not in known:
                known.add(flow["to"])
                changed = True
    return known


class Model(unittest.TestCase):
    def test_who_can_learn_what_over_a_plan_is_what_a_model_written_apart_finds(self):
        drawing = random.Random(SEED)
        people = [manifests.participant(f"p{index}", drawing) for index in range(8)]
        drawn = [draw(drawing, people) for _ in range(COUNT)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            told = list(pool.map(lambda pair: explain(*pair), drawn))
        ways = narrower = 0
        for index, ((plan, sessions), explanation) in enumerate(zip(drawn, told)):
            with self.subTest(seed=SEED, index=index):
                found = {(entry["owner"], entry["kind"]): entry for entry in explanation["tellings"]}
                expected = self.brought(plan, sessions)
                self.assertEqual({key: set(entry["sessions"]) for key, entry in found.items()}, expected)
                for (owner, kind), brought in expected.items():
                    entry = found[owner, kind]
                    bits = {telling["reader"]: telling["maximumBits"] for telling in entry["told"]}
                    known = reached(plan, brought)
                    outputs = [output for name in known for output in sessions[name]["outputs"]]
                    learners = set().union(*map(readers, outputs)) - {owner}
                    self.assertEqual(set(bits), learners)
                    for learner in learners:
                        self.hold(plan, sessions, brought, outputs, bits[learner], lambda name: name == learner)
                        ways += 1
                    narrower += self.hold(
                        plan, sessions, brought, outputs, entry["maximumBitsOfOthers"], lambda name: name != owner
                    )
        self.assertGreater(ways, COUNT)
        self.assertGreater(narrower, COUNT // 10, "flows are the narrowest place in some plans")

    def brought(self, plan, sessions):
        found = collections.defaultdict(set)
        for session, manifest in sessions.items():
            for entry in manifest["data"]:
                if isinstance(entry["provider"], str):
                    found[entry["provider"], "data"].add(session)
            for entry in manifest["components"]:
                found[entry["provider"], "component"].add(session)
        return found

    def hold(self, plan, sessions, brought, outputs, bits, is_reader):
        """Never less than the narrowest cut, and never more than all that such readers read.

        Returns whether it is less than that.
        """
        cut = narrowest_cut(plan, sessions, brought, is_reader)
        whole = sum(capacity(output["maximumBytes"]) for output in outputs if any(map(is_reader, readers(output))))
        self.assertGreaterEqual(bits + 1e-6, cut)
        self.assertLessEqual(bits, math.ceil(whole + 0.01))
        return bits < math.floor(whole)


if __name__ == "__main__":
    unittest.main()
