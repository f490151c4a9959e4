"""The example holds what its page says. Needs what Guests/Tests/test_python_run.py needs, and skips without it."""

import json
import os
import pathlib
import pickle
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1] / "Guests" / "Tests")]

import rehearsal  # noqa: E402
from participants import AGENT  # noqa: E402
from python_runtime import STORE, NeedsRuntime  # noqa: E402
from sealed import Session  # noqa: E402


class PrivateModel(NeedsRuntime):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        os.environ["TWOCVM_RUNTIMES"] = str(STORE)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.rehearsal = rehearsal.Rehearsal(folder.name)
        cls.files = cls.rehearsal.train()
        cls.script = HERE / "predict.py"
        cls.agreed = cls.rehearsal.manifest(cls.script)

    def predict(self, script=None, manifest=None, **changes):
        brought = {"model": self.files["model"], "patients": self.files["patients"]} | changes
        return self.rehearsal.run(manifest or self.agreed, script or self.script, **brought)

    def refused(self, status, code, *, script=None, manifest=None, **changes):
        found, said, texts = self.predict(script, manifest, **changes)
        self.assertEqual((found, texts), (status, {}), said)
        self.assertIn(code, said)

    def test_each_prediction_is_the_models_own_and_most_are_right(self):
        status, said, texts = self.predict()
        self.assertEqual(status, 0, said)
        equal, count, right = rehearsal.score(texts["predictions"], self.files["truth"])
        self.assertEqual((equal, count), (284, 284))
        self.assertGreater(right, 0.9 * count)
        self.assertEqual(texts["count"], "predictions\n284\n")

    def test_another_script_than_was_signed_is_refused(self):
        self.refused(1, "content.digest", script=HERE / "cheat.py")

    def test_a_pickle_is_no_model(self):
        file = self.rehearsal.folder / "model.pkl"
        file.write_bytes(pickle.dumps({"intercept": 0, "features": []}))
        self.refused(1, "content.format", model=file)

    def test_a_cheat_that_both_signed_unread_leaves_nothing(self):
        cheat = HERE / "cheat.py"
        self.refused(4, "run.output.refused", script=cheat, manifest=self.rehearsal.manifest(cheat))

    def test_a_model_of_other_measurements_fails_and_names_no_value(self):
        model = json.loads(self.files["model"].read_text())
        model["features"][0]["name"] = "another"
        file = self.rehearsal.folder / "other.json"
        file.write_text(json.dumps(model))
        self.refused(4, "model and patients have other measurements", model=file)

    def test_no_output_carries_a_measurement_or_a_weight(self):
        texts = self.predict()[2]
        weights = [entry["weight"] for entry in json.loads(self.files["model"].read_text())["features"]]
        told = "".join(texts.values())
        for weight in weights:
            self.assertNotIn(f"{weight:.6f}", told)
        first = self.files["patients"].read_text().splitlines()[1].split(",")[1:]
        for value in first:
            if len(value) > 5:
                self.assertNotIn(value, told)


@unittest.skipUnless(AGENT.exists(), "2cvm-agent-simulated was not built")
class Sealed(NeedsRuntime):
    """The same in a session, on a machine that holds the runtime."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        os.environ["TWOCVM_RUNTIMES"] = str(STORE)
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.session = Session(folder.name)

    def test_nobody_submits_the_runtime_and_each_receives_what_was_agreed(self):
        session = self.session
        with session.agent():
            session.step("clinic", "lock")
            self.assertEqual((session.slots()["filled"], session.slots()["total"]), (1, 4))
            # Its slot is filled: whoever brings the component comes too late.
            component = STORE.parent / "python" / "component.wasm"
            with self.assertRaises(RuntimeError) as refused:
                session.step("model-owner", "submit", "--component", f"python={component}")
            self.assertIn("session.slot.filled", str(refused.exception))
            results = session.finish()
        self.assertEqual(set(results), {("clinic", "predictions"), ("model-owner", "count")})
        equal, count, _ = rehearsal.score(results["clinic", "predictions"], session.files["truth"])
        self.assertEqual((equal, count), (284, 284))
        self.assertEqual(results["model-owner", "count"], "predictions\n284\n")

    def test_the_reservation_counts_the_runtimes_own_figures(self):
        # 85 MB of code, 48 bytes for each: too much for this, unless the machine holds them compiled.
        with self.session.agent("--memory", "3000"):
            self.session.step("clinic", "lock")
            self.assertEqual(self.session.slots()["filled"], 1)
        with tempfile.TemporaryDirectory() as empty, self.session.agent("--memory", "3000", "--runtimes", empty):
            with self.assertRaises(RuntimeError) as refused:
                self.session.step("clinic", "lock")
            self.assertIn("session.capacity", str(refused.exception))
            self.assertEqual(self.session.slots()["filled"], 0)


if __name__ == "__main__":
    unittest.main()
