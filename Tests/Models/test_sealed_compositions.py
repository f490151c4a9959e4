"""Sealed sessions against the model: TWOCVM_SEALED says how many are drawn. Each is run twice, with another secret."""

import copy
import os
import pathlib
import tempfile
import unittest

import assembled
import compositions
import manifests
import sealed
import sessions

COUNT = int(os.environ.get("TWOCVM_SEALED", "3"))


class SealedCompositions(sealed.DrawnTests):
    def draw(self):
        """A manifest, the steps of each component, contents and answers, and others with one participant's secrets."""
        drawn, steps, contents, answers = sessions.draw(self.random, self.people.entries)
        who, *others = sessions.draw_other(self.random, drawn, contents, answers)
        return drawn, steps, (contents, answers), tuple(others), who

    def session(self, drawn, steps, secrets, planted=None):
        """What is seen of a session, which may be of another manifest and other steps than the model's."""
        told, done = copy.deepcopy(drawn), [list(each) for each in steps]
        # Another agreement each time: the ledger refuses a second session of one.
        told["salt"] = os.urandom(32).hex()
        if planted:
            planted(told, done, secrets)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            assembled.build(told, done, folder)
            return sealed.Session(self.people, told, folder).run(*secrets)

    def hold(self, drawn, views, secrets, ends):
        """Each finds and is shown what it was to receive and to decide on, and no more."""
        for run, (made, left, _) in enumerate(ends):
            for name, view in views[run].items():
                mine = {output["name"] for output in drawn["outputs"] if name in output["recipients"]}
                right = None if left is None else {key: value for key, value in left.items() if key in mine}
                self.assertEqual(view["outputs"], right, f"run {run + 1}, {name}")
                self.assertEqual(view["code"], 4 if left is None else 0)
                if name not in sessions.concerned(drawn):
                    self.assertIsNone(view["notice"])
                asked = {key: secrets[0][run][key] for key in self.decided(drawn["data"], name)}
                held = self.decided(drawn["outputs"], name)
                shown = view["shown"]
                self.assertEqual(shown["question"] and shown["question"]["shown"], asked or None)
                # Results are shown beside the question, and where there are none, the question alone.
                right = asked | ({} if made is None else {key: made[key] for key in held})
                self.assertEqual(shown["result"] and shown["result"]["shown"], right if held else None)

    def decided(self, entries, name):
        return [entry["name"] for entry in entries if name in manifests.readers(entry)]

    def test_each_participant_sees_what_the_model_says_and_nothing_that_depends_on_another_secret(self):
        differences = runs = failed = refused = unable = 0
        for number in range(COUNT):
            pair, seen = self.pair()
            for (views, _), secrets, ends in zip(seen, pair.secrets, pair.ends):
                self.hold(pair.drawn, views, secrets, ends)
            runs += len(pair.ends[0])
            refused += sum("refused by" in str(why) for _, _, why in pair.ends[0])
            failed += sum(made is None and "refused by" not in str(why) for made, _, why in pair.ends[0])
            unable += len(pair.unable)
            if found := pair.differences(*seen):
                print(f"session {number} of seed {sealed.SEED}: {found}")
                differences += 1
        print(
            f"{COUNT} sealed sessions held, each twice: {runs} runs, {failed} failed and {refused} were refused; "
            f"{unable} participants could learn nothing by the manifest; {differences} differences"
        )
        self.assertEqual(differences, 0)

    def pair(self, plant=None):
        """Two sessions with different secrets. With `plant` they hold a leak, or are `None` where it does not fit."""
        pair = sessions.Pair(*self.draw())
        planted = plant and plant(pair)
        if plant and not planted:
            return pair, None
        return pair, [self.session(pair.drawn, pair.steps, each, planted) for each in pair.secrets]

    def leaked(self, plant):
        """What differs where a leak was planted, in the first of a hundred drawings in which it fits."""
        for _ in range(100):
            pair, seen = self.pair(plant)
            if seen:
                return pair.differences(*seen)
        return None

    def secret(self, pair):
        """A secret whose length is odd in one of two sessions of one run that both release something."""
        (contents, _), (contents_then, _) = pair.secrets
        if len(contents) > 1 or any(left is None for each in pair.ends for _, left, _ in each):
            return None
        lengths = {name: (len(value), len(contents_then[0][name])) for name, value in contents[0].items()}
        return next((name for name, (one, other) in sorted(lengths.items()) if one % 2 != other % 2), None)

    def test_a_stream_whose_size_tells_of_a_secret_is_found(self):
        def plant(pair):
            name = self.secret(pair)
            return name and (
                lambda told, _, secrets: told["outputs"][0].update(maximumBytes=4096 + len(secrets[0][0][name]))
            )

        self.assertIn("anyone: sizes", self.leaked(plant))

    def test_an_order_that_tells_of_a_secret_is_found(self):
        def plant(pair):
            name = self.secret(pair)
            if name is None or len(pair.drawn["outputs"]) < 2:
                return None
            return lambda told, _, secrets: told["outputs"].sort(
                key=lambda output: output["name"], reverse=len(secrets[0][0][name]) % 2 == 1
            )

        found = self.leaked(plant)
        self.assertTrue(any(each.endswith(": receipt") for each in found), found)

    def test_a_code_that_tells_of_a_secret_is_found(self):
        def plant(pair):
            name = self.secret(pair)
            given = {c["component"] for c in pair.drawn["channels"] if name and c.get("mount") == name}
            free = [index for index in range(len(pair.steps)) if f"c{index}" not in given]
            if name is None or not free:
                return None

            def leak(told, done, _):
                told["channels"].append(compositions.mount(name, free[0]))
                done[free[0]].append(("exit", f"/data/{name}"))

            return leak

        found = self.leaked(plant)
        self.assertTrue(any(each.endswith(": code") for each in found), found)

    def test_an_output_that_also_goes_to_somebody_else_is_found(self):
        for _ in range(100):
            drawn, steps, secrets, *_ = self.draw()
            ends = sessions.expected(drawn, steps, *secrets)
            names = {entry["name"] for entry in drawn["participants"]}
            missing = [(index, names - set(output["recipients"])) for index, output in enumerate(drawn["outputs"])]
            missing = [(index, min(others)) for index, others in missing if others]
            if len(ends) > 1 or ends[0][1] is None or not missing:
                continue
            index, other = missing[0]
            views, _ = self.session(
                drawn, steps, secrets, lambda told, *_: told["outputs"][index]["recipients"].append(other)
            )
            with self.assertRaises(AssertionError):
                self.hold(drawn, views, secrets, ends)
            return
        self.fail("none of a hundred compositions could be tried")


if __name__ == "__main__":
    unittest.main()
