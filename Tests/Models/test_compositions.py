"""`2cvm run` against a model of what each component was given: TWOCVM_COMPOSITIONS says how many are drawn."""

import copy
import os
import pathlib
import random
import tempfile
import unittest

import assembled
import compositions
import manifests

SEED = int(os.environ.get("TWOCVM_SEED", "20261127"))
COUNT = int(os.environ.get("TWOCVM_COMPOSITIONS", "25"))


def trial(drawn, steps, contents, planted=None):
    """What came out for each content, where the run may be of another manifest and other steps than the model's."""
    told, done = (copy.deepcopy(drawn), steps) if planted is None else planted
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        assembled.build(told, done, folder)
        return [compositions.run(told, content, folder) for content in contents]


class Compositions(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(SEED)
        self.people = [manifests.participant(name, self.random) for name in ["ann", "bob", "cyd"]]

    def draw(self):
        """A composition, its content, the names of one participant's data, and content with other secrets of theirs."""
        drawn, steps, content = compositions.draw(self.random, self.people)
        provider = self.random.choice(sorted({entry["provider"] for entry in drawn["data"]}))
        secret = {entry["name"] for entry in drawn["data"] if entry["provider"] == provider}
        other = {name: self.random.randbytes(self.random.randint(0, 64)) for name in sorted(secret)}
        return drawn, steps, content, secret, {**content, **other}

    def test_an_output_holds_what_its_components_were_given_and_another_secret_changes_only_what_it_reaches(self):
        failed = differences = equal = 0
        for number in range(COUNT):
            drawn, steps, *contents, secret, other = self.draw()
            contents.append(other)
            runs = trial(drawn, steps, contents)
            for (found, told), content in zip(runs, contents):
                expected = compositions.expected(drawn, steps, content)
                self.assertEqual((found, told.get("reason")), expected, f"composition {number} of seed {SEED}: {steps}")
            failed += runs[0][0] is None
            model = compositions.reach(drawn, steps, contents[0], secret)
            equal += len(drawn["outputs"]) - len(model.reached_outputs())
            if found_differences := compositions.differences(model, *runs):
                print(f"composition {number} of seed {SEED}: {found_differences} differ by {sorted(secret)}: {steps}")
                differences += 1
        print(
            f"{COUNT} compositions held, each twice: {failed} failed as they had to, "
            f"{equal} outputs were out of reach, {differences} differences"
        )
        self.assertEqual(differences, 0)
        self.assertLess(failed, COUNT * 2 // 3)

    def found_after(self, plant):
        """How many compositions it takes until what is planted shows as another output than the model's."""
        for number in range(1, 101):
            drawn, steps, content, *_ = self.draw()
            planted = plant(drawn)
            if planted:
                told = copy.deepcopy(drawn)
                planted(told)
                [(found, _)] = trial(drawn, steps, [content], (told, steps))
                if found != compositions.expected(drawn, steps, content)[0]:
                    return number
        return None

    def leaked_after(self, leak):
        """How many compositions it takes until a leak shows as a difference between two runs.

        One component gets a file that the manifest gives it not, and a step that nobody agreed on. The model knows
        neither, so it says that the secret reaches nothing of what differs.
        """
        for number in range(1, 101):
            drawn, steps, content, secret, other = self.draw()
            given = {(c["component"], c["mount"]) for c in drawn["channels"] if "mount" in c}
            model = compositions.reach(drawn, steps, content, secret)
            for index, name in [(index, name) for index in range(len(steps)) for name in sorted(secret)]:
                if (f"c{index}", name) in given or len(content[name]) == len(other[name]):
                    continue
                step = leak(drawn, index, name, model)
                if step is None:
                    continue
                told, done = copy.deepcopy(drawn), [list(each) for each in steps]
                told["channels"].append(compositions.mount(name, index))
                done[index].append(step)
                if compositions.differences(model, *trial(drawn, steps, [content, other], (told, done))):
                    return number
                break
        return None

    def output_out_of_reach(self, drawn, index, model):
        """An output of this component that takes any bytes and that the secret cannot reach."""
        free = {entry["name"] for entry in drawn["outputs"] if entry["format"] == "any"}
        places = [c["release"] for c in drawn["channels"] if "release" in c and c["component"] == f"c{index}"]
        return next((name for name in places if name in free - model.reached_outputs()), None)

    def test_a_size_that_tells_of_a_secret_is_found_within_100(self):
        def leak(drawn, index, name, model):
            output = self.output_out_of_reach(drawn, index, model)
            return output and ("pad", f"/data/{name}", output)

        self.assertIsNotNone(self.leaked_after(leak))

    def test_an_order_that_tells_of_a_secret_is_found_within_100(self):
        def leak(drawn, index, name, model):
            output = self.output_out_of_reach(drawn, index, model)
            return output and ("order", f"/data/{name}", output)

        self.assertIsNotNone(self.leaked_after(leak))

    def test_a_code_that_tells_of_a_secret_is_found_within_100(self):
        def leak(drawn, index, name, model):
            return None if model.fails_by_secret else ("exit", f"/data/{name}")

        self.assertIsNotNone(self.leaked_after(leak))

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
