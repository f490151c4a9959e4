"""Sealed sessions against the model: TWOCVM_SEALED says how many are drawn. Each is run twice, with another secret."""

import copy
import os
import pathlib
import random
import tempfile
import unittest

import compositions
import sealed

SEED = 20261128
COUNT = int(os.environ.get("TWOCVM_SEALED", "3"))
MEASURED = {"kind": "simulated", "binding": "lock", "measurements": [sealed.MEASUREMENT]}
MINUTES = {"compileSeconds": 60, "wallTimeSeconds": 60, "admissionSeconds": 3600, "retentionSeconds": 3600, "runs": 1}


class SealedCompositions(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(int(os.environ.get("TWOCVM_SEED", SEED)))
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.people = sealed.People(pathlib.Path(self.folder.name), ["ann", "bob", "cyd"])

    def session(self, drawn, steps, content, planted=None):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            told = copy.deepcopy(drawn)
            told["platform"], told["limits"] = MEASURED, MINUTES
            # Another agreement each time: the ledger refuses a second session of one.
            told["salt"] = self.random.randbytes(32).hex()
            if planted:
                planted(told)
            compositions.build(told, steps, folder)
            return sealed.run(self.people, told, content, folder)

    def hold(self, drawn, views, expected):
        """Each finds what it was to receive, and no more."""
        for name, view in views.items():
            mine = {output["name"] for output in drawn["outputs"] if name in output["recipients"]}
            right = None if expected is None else {key: value for key, value in expected.items() if key in mine}
            self.assertEqual(view["outputs"], right, name)

    def test_each_participant_sees_what_the_model_says_and_nothing_that_depends_on_another_secret(self):
        differences = failed = 0
        for _ in range(COUNT):
            drawn, steps, content = compositions.draw(self.random, self.people.entries)
            name = self.random.choice(sorted(content))
            other = {**content, name: self.random.randbytes(self.random.randint(0, 64))}
            before, after = (compositions.expected(drawn, steps, values)[0] for values in (content, other))
            (first, status), (second, later) = (self.session(drawn, steps, values) for values in (content, other))
            self.hold(drawn, first, before)
            self.hold(drawn, second, after)
            failed += before is None
            # What anyone can ask for is equal whatever came of the run.
            public = ("stage", "slots", "run")
            self.assertEqual([status[key] for key in public], [later[key] for key in public])
            for person, view in first.items():
                if (before is None) != (after is None):
                    continue
                mine = [output["name"] for output in drawn["outputs"] if person in output["recipients"]]
                if before is None or all(before[key] == after[key] for key in mine):
                    differences += strip(view) != strip(second[person])
        self.assertEqual(differences, 0)
        print(f"{COUNT} sealed sessions held, each twice, of which {failed} failed as they had to")

    def test_an_output_that_also_goes_to_somebody_else_is_found(self):
        for _ in range(100):
            drawn, steps, content = compositions.draw(self.random, self.people.entries)
            expected, _ = compositions.expected(drawn, steps, content)
            names = {entry["name"] for entry in drawn["participants"]}
            missing = [(index, names - set(output["recipients"])) for index, output in enumerate(drawn["outputs"])]
            missing = [(index, min(others)) for index, others in missing if others]
            if expected is None or not missing:
                continue
            index, other = missing[0]
            views, _ = self.session(
                drawn, steps, content, lambda told: told["outputs"][index]["recipients"].append(other)
            )
            with self.assertRaises(AssertionError):
                self.hold(drawn, views, expected)
            return
        self.fail("none of a hundred compositions could be tried")


def strip(view):
    """Without the one digest that differs since the two are different agreements."""
    return {**view, "receipt": {key: value for key, value in view["receipt"].items() if key != "manifest"}}


if __name__ == "__main__":
    unittest.main()
