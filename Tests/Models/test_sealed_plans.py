"""Plans against the model: TWOCVM_PLANS says how many are drawn. Each is run twice, with another secret."""

import contextlib
import copy
import os
import pathlib
import tempfile
import unittest

import sealed
import shared

COUNT = int(os.environ.get("TWOCVM_PLANS", "1"))


class SealedPlans(sealed.DrawnTests):
    def run_plan(self, people, flows, drawn, contents):
        for _ in range(5):
            with tempfile.TemporaryDirectory() as name, contextlib.suppress(shared.Missed):
                return shared.Run(self.people, pathlib.Path(name)).run(people, flows, copy.deepcopy(drawn), contents)
        self.fail("in five runs of a plan somebody came too late to fetch")

    def test_who_comes_when_the_machines_have_gone_is_told_so(self):
        people, model = self.draw()
        with tempfile.TemporaryDirectory() as name:
            run = shared.Run(self.people, pathlib.Path(name))
            with contextlib.suppress(shared.Missed):
                run.run(people, model.flows, copy.deepcopy(model.drawn), model.contents[0])
            run.wait_for("end of its machines", run.is_over)
            late = run.start_fetching(people[0]["name"], run.folder / "late", home=run.folder / "empty-home")
            _, errors = late.communicate(timeout=120)
        self.assertEqual(late.returncode, 1, errors)
        self.assertIn("error[plan.gone]", errors)
        self.assertIn("ask the other participants", errors)

    def hold(self, drawn, views, ends):
        """Each finds what it was to receive of each session, and no more."""
        for name, by_session in views.items():
            for session, view in by_session.items():
                made, _ = ends[session]
                outputs = drawn[session][0]["outputs"]
                mine = {output["name"] for output in outputs if name in output["recipients"]}
                right = None if made is None else {key: made[key] for key in mine}
                self.assertEqual(view["outputs"], right, f"{name}, {session}")

    def draw(self):
        """The participants of a plan and the model of a pair of its runs."""
        people, flows, drawn = shared.draw(self.random, self.people.entries)
        who, other = shared.draw_other(self.random, drawn)
        contents = {session: content for session, (_, _, content) in drawn.items()}
        return people, shared.Model(flows, drawn, contents, other, who)

    def test_what_one_session_sends_to_another_brings_nobody_another_secret(self):
        differences = ran = failed = unable = 0
        for number in range(COUNT):
            people, model = self.draw()
            seen = [self.run_plan(people, model.flows, model.drawn, each) for each in model.contents]
            for (views, _), ends in zip(seen, model.ends):
                self.hold(model.drawn, views, ends)
            ran += len(model.drawn)
            failed += sum(made is None for made, _ in model.ends[0].values())
            unable += len({entry["name"] for entry in people} - {model.who} - model.learners)
            if found := model.differences(*seen):
                print(f"plan {number} of seed {sealed.SEED}: {found}")
                differences += 1
        print(
            f"{COUNT} plans held, each twice: {ran} sessions, {failed} released nothing; "
            f"{unable} participants could learn nothing by the manifests; {differences} differences"
        )
        self.assertEqual(differences, 0)

    def test_a_part_whose_size_tells_of_a_secret_is_found(self):
        """What one session sends to another is as long as its manifest says: here that says how long a secret is."""
        for _ in range(100):
            people, model = self.draw()
            site = model.drawn["site-0"][0]
            names = [entry["name"] for entry in site["data"] if entry["provider"] == model.who]
            lengths = [sum(len(each["site-0"][name]) for name in names) for each in model.contents]
            ends = [each["site-0"][0] is None for each in model.ends]
            if lengths[0] == lengths[1] or ends[0] != ends[1]:
                continue
            seen = []
            for each, length in zip(model.contents, lengths):
                drawn = copy.deepcopy(model.drawn)
                flow = model.flows[0]
                for entries, name in (
                    (drawn["site-0"][0]["outputs"], flow["output"]),
                    (drawn["pool"][0]["data"], flow["data"]),
                ):
                    next(entry for entry in entries if entry["name"] == name)["maximumBytes"] += length
                seen.append(self.run_plan(people, model.flows, drawn, each))
            found = model.differences(*seen)
            self.assertTrue(any(each.endswith(": sent") for each in found), found)
            return
        self.fail("none of a hundred plans could be tried")


if __name__ == "__main__":
    unittest.main()
