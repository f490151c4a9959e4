"""Stand-in data says nothing but what a format says."""

from __future__ import annotations

import datetime
import unittest
from typing import Any

import numpy as np
import pandas as pd
import twocvm
from support import InFolder

FORMAT = twocvm.table(
    500,
    ward=twocvm.text(["cardiology", "surgery"]),
    days=twocvm.integer(3, 9),
    cost=twocvm.decimal(2, "1.5", "2.5", optional=True),
    born=twocvm.date("1950-01-01", "1950-12-31"),
    smokes=twocvm.boolean(),
)


class Mock(InFolder):
    def test_ranges_and_values_are_those_of_the_format(self) -> None:
        made = twocvm.mock(FORMAT, rows=200, seed=3)
        self.assertEqual(len(made), 200)
        self.assertEqual(set(made.ward), {"cardiology", "surgery"})
        self.assertTrue(made.days.between(3, 9).all())
        self.assertTrue(made.cost.dropna().between(1.5, 2.5).all())
        self.assertTrue(made.cost.isna().any())
        self.assertEqual(set(made.born.dt.year), {1950})
        self.assertEqual(
            [str(kind) for kind in made.dtypes], ["string", "Int64", "Float64", "datetime64[s]", "boolean"]
        )

    def test_the_same_seed_draws_the_same_rows_and_another_others(self) -> None:
        first, again, other = (twocvm.mock(FORMAT, rows=50, seed=seed) for seed in (1, 1, 2))
        pd.testing.assert_frame_equal(first, again)
        self.assertFalse(first.equals(other))

    def test_a_made_up_table_is_of_its_format(self) -> None:
        twocvm.convert(twocvm.mock(FORMAT, rows=500), "made.csv", FORMAT)

    def test_no_value_of_a_frame_appears(self) -> None:
        secrets: dict[str, Any] = {
            "text": [f"secret-{n}" for n in range(50)],
            "number": [4_711_000_000 + n for n in range(50)],
            "float": [4711.125 + n for n in range(50)],
            "object": pd.Series([f"hidden-{n}" for n in range(50)], dtype="object"),
            "category": pd.Categorical([f"kind-{n % 5}" for n in range(50)]),
            "day": pd.date_range("1817-03-04", periods=50),
        }
        frame = pd.DataFrame(secrets)
        for seed in range(20):
            made = twocvm.mock(frame, rows=100, seed=seed)
            self.assertEqual(list(made.columns), list(frame.columns))
            for name in frame.columns:
                values = {str(value) for value in frame[name]}
                self.assertEqual(values & {str(value) for value in made[name]}, set(), name)
            for word in ("secret", "hidden", "kind-"):
                self.assertNotIn(word, made.to_csv())
        self.assertEqual([str(kind) for kind in made.dtypes][:3], ["string", "Int64", "Float64"])

    def test_a_frame_with_other_rows_makes_the_same_rows_up(self) -> None:
        one = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
        two = pd.DataFrame({"a": [900, -5, 3], "b": ["zzz", None, "q"]})
        pd.testing.assert_frame_equal(twocvm.mock(one, 30, 5), twocvm.mock(two, 30, 5))
        pd.testing.assert_frame_equal(twocvm.mock(one, 30, 5), twocvm.mock(one.iloc[:0], 30, 5))

    def test_beside_a_frame_ranges_come_from_the_format(self) -> None:
        frame = pd.DataFrame({"days": [900], "more": [datetime.date(2020, 1, 1)]})
        made = twocvm.mock(frame, 40, format=FORMAT)
        self.assertTrue(made.days.between(3, 9).all())
        self.assertEqual(str(made.dtypes["more"]), "string")

    def test_what_makes_no_table_is_refused(self) -> None:
        for source in ("any", {"kind": "json"}, {}, None, 7, {"kind": "csv", "columns": []}):
            with self.subTest(source), self.assertRaises(twocvm.TwoCVMError):
                twocvm.mock(source)  # type: ignore[arg-type]
        with self.assertRaises(twocvm.TwoCVMError):
            twocvm.mock(FORMAT, rows=-1)
        with self.assertRaises(twocvm.WrongUse):
            twocvm.mock(FORMAT, format=FORMAT)
        with self.assertRaises(twocvm.ConversionError):
            twocvm.mock(pd.DataFrame({"a": [np.complex128(1)]}))


if __name__ == "__main__":
    unittest.main()
