"""Arrow's columns are written many cells at a time, and as if each were written alone."""

from __future__ import annotations

import decimal
import pathlib
import random
import struct
import sys
import types
import unittest
from typing import Any
from unittest import mock

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import twocvm
from support import InFolder
from twocvm import ConversionError, _arrow, _tables
from twocvm._cells import Column

D = decimal.Decimal
DAYS = (-719_162, 2_932_896)


def one_by_one(column: Column, array: Any) -> list[str]:
    return column.encode(_arrow.arrow_values(array))


def at_once(column: Column, array: Any) -> list[str]:
    return [cell or "" for cell in _arrow._cells(column, array).to_pylist()]


def outcome(way: Any, array: Any, wanted: Any, digits: int | None) -> Any:
    """The cells and what was noted of the column, or the refusal."""
    try:
        column = Column("x", _arrow.arrow_kind("x", array.type), wanted, digits)
        cells = way(column, array)
    except ConversionError as error:
        return str(error)
    return cells, column.has_empty, column.integer_digits, column.most_fraction_digits, column.characters


class Batches(unittest.TestCase):
    def same(self, array: Any, wanted: Any = None, digits: int | None = None) -> bool:
        """Whether it was written, and not refused."""
        first, second = (outcome(way, array, wanted, digits) for way in (one_by_one, at_once))
        self.assertEqual(first, second, f"{array.type}: {array.to_pylist()}, {wanted}")
        return not isinstance(first, str)

    def many(self, draw: Any, make: Any, options: Any = ((None, None),)) -> None:
        """Batches of many lengths, a third with missing values, slices among them."""
        drawn = random.Random(7)
        written = refused = 0
        for count in [0, 1, 1, 2, 3, 5, 8] * 60:
            values = [draw(drawn) for _ in range(count)]
            if drawn.random() < 0.3:
                values = [None if drawn.random() < 0.3 else value for value in values]
            array = make(values)
            if drawn.random() < 0.3:
                array = array.slice(count // 3, count // 2)
            for wanted, digits in options:
                if self.same(array, wanted, digits):
                    written += 1
                else:
                    refused += 1
        self.assertGreater(written, 50)

    def test_floats(self) -> None:
        def draw(drawn: random.Random) -> float:
            whole: float = struct.unpack("d", struct.pack("Q", drawn.getrandbits(64)))[0]
            return drawn.choices(
                [
                    round(drawn.gauss(0, 1000), drawn.randint(0, 6)),
                    float(drawn.randint(-1000, 1000)),
                    drawn.choice([0.0, -0.0, 1e-5, 9.9e-6, 1e15, 1e16, 1e17, 1e18, 0.5, -0.5, 5e-324]),
                    drawn.gauss(0, 1) * 10.0 ** drawn.randint(-9, 18),
                    whole,
                ],
                [8, 4, 4, 1, 0.2],
            )[0]

        options = [(None, None), ("decimal", 2), ("integer", None)]
        self.many(draw, lambda values: pa.array(values, pa.float64()), options)
        self.many(
            lambda drawn: min(max(draw(drawn), -1e30), 1e30), lambda values: pa.array(values, pa.float32()), options
        )

    def test_decimals(self) -> None:
        for scale in (0, 2, 12, 18, -3):

            def draw(drawn: random.Random, scale: int = scale) -> D:
                return D(drawn.choice([0, 10, 100, drawn.randint(-(10**5), 10**5)])).scaleb(-scale)

            def make(values: list[Any], scale: int = scale) -> Any:
                return pa.array(values, pa.decimal128(30, scale))

            self.many(draw, make, [(None, None), ("integer", None), ("decimal", 1)])

    def test_whole_numbers_and_booleans(self) -> None:
        def near(drawn: random.Random) -> int:
            return drawn.choice([0, drawn.randint(-9, 9), drawn.choice([-1, 1]) * (10**18 - drawn.randint(-1, 1))])

        self.many(near, lambda values: pa.array(values, pa.int64()), [(None, None), ("decimal", 2)])
        self.many(lambda drawn: drawn.randint(0, 255), lambda values: pa.array(values, pa.uint8()))
        self.many(lambda drawn: drawn.random() < 0.5, lambda values: pa.array(values, pa.bool_()))

    def test_texts(self) -> None:
        odd = ["", "\x85", "\u2028", "a\n", "\x7f", "x" * 10_001]
        good = ["a", "a,b", 'say "x"', "ü€😀", "\u0101", "\u2027", " ", "NULL", '"', ","]

        def draw(drawn: random.Random) -> str:
            return drawn.choice(odd) if drawn.random() < 0.03 else drawn.choice(good)

        for kind in (pa.string(), pa.large_string(), pa.string_view()):
            self.many(draw, lambda values, kind=kind: pa.array(values, kind))
        self.many(draw, lambda values: pa.array(values, pa.string()).dictionary_encode())

    def test_days(self) -> None:
        def draw(drawn: random.Random) -> int:
            return drawn.choice([0, drawn.randint(-9999, 9999), *DAYS])

        self.many(draw, lambda values: pa.array(values, pa.int32()).cast(pa.date32()))
        for unit, per_day in _arrow._PER_DAY.items():

            def moments(values: list[Any], unit: str = unit, per_day: int = per_day) -> Any:
                counts = [None if value is None else value % 9999 * per_day for value in values]
                return pa.array(counts, pa.int64()).cast(pa.timestamp(unit))

            self.many(draw, moments)
            self.assertFalse(self.same(pa.array([0, 1], pa.int64()).cast(pa.timestamp(unit))))
            self.assertFalse(self.same(pa.array([0], pa.int64()).cast(pa.timestamp(unit, "UTC"))))


class Tables(InFolder):
    def lines(self, table: Any) -> list[str]:
        twocvm.convert(table, "made.csv")
        return pathlib.Path("made.csv").read_text(encoding="utf-8").split("\n")

    def test_a_row_of_one_missing_value_is_no_empty_line(self) -> None:
        self.assertEqual(self.lines(pa.table({"x": ["a", None, "b"]})), ["x", "a", '""', "b", ""])
        self.assertEqual(self.lines(pa.table({"x": ["a,b", None]})), ["x", '"a,b"', '""', ""])

    def test_a_day_that_no_format_has_is_refused(self) -> None:
        for day in (DAYS[0] - 1, DAYS[1] + 1):
            array = pa.array([0, day], pa.int32()).cast(pa.date32())
            with self.subTest(day), self.assertRaises(ConversionError):
                self.lines(pa.table({"x": array}))

    def test_bytes_that_are_no_text_are_refused(self) -> None:
        # Each value is not UTF-8, though both together are.
        cut = pa.Array.from_buffers(
            pa.string(), 2, [None, pa.py_buffer(struct.pack("3i", 0, 2, 3)), pa.py_buffer("€".encode())]
        )
        pq.write_table(pa.table({"x": cut}), "t.parquet")
        for source in (pa.table({"x": cut}), "t.parquet"):
            with self.assertRaises(ConversionError) as caught:
                self.lines(source)
            self.assertIn("UTF-8", str(caught.exception))

    def test_a_frame_is_written_alike_with_and_without_arrow(self) -> None:
        count = 1000
        kinds = "int8 int64 uint64 float16 float32 float64 bool Int32 UInt64 Float32 Float64 boolean string".split()
        numbers = [drawn / 8 for drawn in random.Random(3).choices(range(-80, 80), k=count)]
        columns: dict[str, Any] = {}
        for kind in kinds:
            values: Any = pd.Series(numbers)
            if "int" in kind.lower():
                values = values.abs().round()
            elif "bool" in kind:
                values = values > 0
            columns[kind] = values.astype("float64").astype(kind) if "string" not in kind else values.astype(kind)
            if kind[0].isupper() or kind in ("boolean", "string", "float32", "float64"):
                columns[kind] = columns[kind].mask(values == 1)
        columns["object"] = pd.Series([None, "a,b"] * (count // 2), dtype="object")
        columns["category"] = pd.Series([None, "a"] * (count // 2), dtype="category")
        columns["day"] = pd.to_datetime(pd.Series(["2020-02-29", None] * (count // 2)))
        columns["arrow"] = pd.Series(numbers, dtype=pd.ArrowDtype(pa.float64())).mask(pd.Series(numbers) == 1)
        frame = pd.DataFrame(columns)
        first = self.lines(frame)
        without = {name: module for name, module in sys.modules.items() if name != "pyarrow"}
        with mock.patch.object(_tables, "sys", types.SimpleNamespace(modules=without)):
            self.assertEqual(self.lines(frame), first)
        self.assertEqual(len(first), count + 2)

    def test_a_batch_of_many_long_texts_is_cut_into_smaller_ones(self) -> None:
        long = pa.DictionaryArray.from_arrays(pa.array([0, 1] * 5000, pa.int8()), pa.array(["x" * 10_000, "y" * 9_999]))
        batch = pa.record_batch({"x": long, "n": list(range(10_000))})
        column = [Column(name, _arrow.arrow_kind(name, batch.schema.field(name).type)) for name in ("x", "n")]
        parts = [(count, len(text)) for count, text in _arrow.csv_batches(iter([batch]), column)]
        self.assertEqual(sum(count for count, _ in parts), 10_000)
        self.assertLess(max(size for _, size in parts), 2 * _arrow.MAXIMUM_BYTES)


if __name__ == "__main__":
    unittest.main()
