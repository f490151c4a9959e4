"""Tables and charts from figures that are known: python3 -B -m unittest discover --start-directory Benchmarks/Tests"""

import pathlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import charts
import compute

COLUMNS = ["native", "native-huge", "native-march", *compute.SETTINGS]


def row(kernel, kind="irregular", size="256 MiB", **times):
    return {
        "kernel": kernel,
        "class": kind,
        "workingSet": size,
        "nanoseconds": {name: times.get(name.replace("-", "_"), [1_000_000] * 11) for name in COLUMNS},
    }


def every_class(**times):
    return [row("BFS" if kind == "irregular" else "triad", kind, **times) for kind in compute.CLASSES]


class Ratios(unittest.TestCase):
    def test_are_taken_pair_by_pair(self):
        figures = row("GUPS", native=[100, 1000, 10], engine=[200, 2000, 20])
        self.assertEqual(compute.Ratio(figures, "engine").median, 2)

    def test_of_the_fastest_runs_leave_disturbances_out(self):
        figures = row("GUPS", native=[100, 900, 100], engine=[900, 150, 900])
        self.assertEqual(compute.Ratio(figures, "engine").best, 1.5)

    def test_of_settings_are_against_our_own(self):
        table = compute.setting_table(every_class(engine=[2_000_000] * 11, fuel=[6_000_000] * 11))
        self.assertIn("| 3.00 |", table[2])


class Promises(unittest.TestCase):
    def test_are_missed_when_median_and_fastest_are_above(self):
        self.assertIn("missed", compute.target_table([row("BFS", engine=[1_100_000] * 11)])[2])

    def test_are_kept_at_the_bound(self):
        self.assertIn("kept", compute.target_table([row("BFS", engine=[1_050_000] * 11)])[2])

    def test_are_made_for_some_kernels_only(self):
        self.assertEqual(len(compute.target_table([row("CSV parse")])), 2)

    def test_of_huge_pages_are_not_made_within_a_cache(self):
        within = compute.target_table([row("index chase", size="512 KiB")])
        beyond = compute.target_table([row("index chase")])
        self.assertEqual((len(within), len(beyond)), (3, 4))


class Charts(unittest.TestCase):
    def test_are_well_formed_whatever_the_names(self):
        points = [charts.Row("a < b & c", "<class>", {name: 9 for name in compute.SETTINGS}, (0.1, 9), 2.0)]
        root = ElementTree.fromstring(charts.ratios(points, "a & b"))
        self.assertIn("a < b & c", [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")])
        ElementTree.fromstring(charts.settings([("<all>", [("a & b", 0.1), ("c", 9)])], "<machine>"))

    def test_keep_everything_on_the_page(self):
        points = [
            charts.Row("k", "g", {name: ratio for name in compute.SETTINGS}, (ratio, ratio), None)
            for ratio in (0.001, 1, 1000)
        ]
        root = ElementTree.fromstring(charts.ratios(points, ""))
        places = [float(dot.get("cx")) for dot in root.iter("{http://www.w3.org/2000/svg}circle")]
        self.assertTrue(places and all(0 < place < 760 for place in places))

    def test_are_written_for_every_row(self):
        with tempfile.TemporaryDirectory() as folder:
            compute.write_charts(every_class(), pathlib.Path(folder), "machine")
            text = (pathlib.Path(folder) / "compute.svg").read_text()
            self.assertEqual(text.count("triad, 256 MiB"), 3)
            self.assertTrue((pathlib.Path(folder) / "settings.svg").exists())

    def test_mark_the_papers_figure_once(self):
        with tempfile.TemporaryDirectory() as folder:
            rows = [*every_class(), row("pointer chase"), row("pointer chase", size="512 KiB")]
            compute.write_charts(rows, pathlib.Path(folder), "machine")
            # One in the legend, one in the row.
            self.assertEqual((pathlib.Path(folder) / "compute.svg").read_text().count('class="paper"'), 2)


if __name__ == "__main__":
    unittest.main()
