"""The made-up code that compiling is measured with."""

import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import compiling  # noqa: E402
import workshop  # noqa: E402


class CodeTests(unittest.TestCase):
    def test_is_the_same_each_time_and_of_its_size(self):
        module = compiling.core_module(100_000)
        self.assertEqual(module, compiling.core_module(100_000))
        self.assertLess(abs(len(module) - 100_000), 5_000)

    def test_is_a_component_that_runs(self):
        with tempfile.TemporaryDirectory() as name:
            shop = workshop.Workshop(name)
            file = compiling.make(50_000, shop.folder / "code.wasm")
            listed = json.loads(workshop.run("component", "inspect", file, "--json"))
            self.assertEqual(listed["imports"], [])
            self.assertGreater(compiling.composed(shop, file)["compile"], 0)


if __name__ == "__main__":
    unittest.main()
