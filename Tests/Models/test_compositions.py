"""`2cvm run` against a model of what each component was given: TWOCVM_COMPOSITIONS says how many are drawn."""

import copy
import os
import pathlib
import random
import tempfile
import unittest

import compositions
import manifests

SEED = 20261127
COUNT = int(os.environ.get("TWOCVM_COMPOSITIONS", "25"))


def trial(drawn, steps, content, planted=None):
    """What came out and what had to, where the run is of another manifest than the model's."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        compositions.build(drawn, steps, folder)
        told = copy.deepcopy(drawn)
        if planted:
            planted(told)
        return compositions.run(told, content, folder), compositions.expected(drawn, steps, content)


class Compositions(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(int(os.environ.get("TWOCVM_SEED", SEED)))
        self.people = [manifests.participant(name, self.random) for name in ["ann", "bob", "cyd"]]

    def draw(self):
        return compositions.draw(self.random, self.people)

    def test_an_output_holds_what_its_components_were_given_and_nothing_else(self):
        failed = 0
        for number in range(COUNT):
            drawn, steps, content = self.draw()
            found, expected = trial(drawn, steps, content)
            self.assertEqual(found, expected, f"composition {number} of seed {SEED}: {steps}")
            failed += found is None
        self.assertLess(failed, COUNT // 2)
        print(f"{COUNT} compositions held, of which {failed} failed as they had to")

    def test_what_nobody_was_to_learn_changes_nothing(self):
        """Data that is mounted nowhere else changes in every byte: only what it reaches may change."""
        for _ in range(COUNT // 5):
            drawn, steps, content = self.draw()
            first, _ = trial(drawn, steps, content)
            name = self.random.choice(sorted(content))
            other = {**content, name: self.random.randbytes(self.random.randint(0, 64))}
            second, _ = trial(drawn, steps, other)
            before, after = (compositions.expected(drawn, steps, values) for values in (content, other))
            for output in drawn["outputs"]:
                key = output["name"]
                if before is not None and after is not None and before.get(key) == after.get(key):
                    self.assertEqual(first[key], second[key])

    def found_after(self, plant):
        """How many compositions it takes until a planted leak shows."""
        for number in range(1, 101):
            drawn, steps, content = self.draw()
            planted = plant(drawn)
            if planted:
                found, expected = trial(drawn, steps, content, planted)
                if found != expected:
                    return number
        return None

    def test_a_file_that_was_granted_to_nobody_is_found_within_100(self):
        def plant(drawn):
            given = {(c["component"], c["mount"]) for c in drawn["channels"] if "mount" in c}
            missing = [
                (component["name"], entry["name"])
                for component in drawn["components"]
                for entry in drawn["data"]
                if (component["name"], entry["name"]) not in given
            ]
            if not missing:
                return None
            component, name = self.random.choice(missing)
            return lambda told: told["channels"].append(compositions.mount(name, int(component[1:])))

        self.assertIsNotNone(self.found_after(plant))

    def test_an_output_that_goes_to_the_wrong_name_is_found_within_100(self):
        def plant(drawn):
            released = [index for index, c in enumerate(drawn["channels"]) if "release" in c]
            pairs = [
                (one, other)
                for one in released
                for other in released
                if one < other and drawn["channels"][one]["component"] == drawn["channels"][other]["component"]
            ]
            if not pairs:
                return None
            one, other = self.random.choice(pairs)

            def swap(told):
                first, second = told["channels"][one], told["channels"][other]
                first["path"], second["path"] = second["path"], first["path"]

            return swap

        self.assertIsNotNone(self.found_after(plant))

    def test_a_call_that_goes_to_another_component_is_found_within_100(self):
        def plant(drawn):
            links = [index for index, c in enumerate(drawn["channels"]) if "link" in c]
            pairs = [
                (one, other)
                for one in links
                for other in links
                if one < other and drawn["channels"][one]["importer"] == drawn["channels"][other]["importer"]
            ]
            if not pairs:
                return None
            one, other = self.random.choice(pairs)

            def swap(told):
                first, second = told["channels"][one], told["channels"][other]
                first["exporter"], second["exporter"] = second["exporter"], first["exporter"]

            return swap

        self.assertIsNotNone(self.found_after(plant))


if __name__ == "__main__":
    unittest.main()
