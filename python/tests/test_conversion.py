"""Every type of a column is converted exactly, or refused with the column's name and a hint."""

from __future__ import annotations

import datetime
import decimal
import os
import pathlib
import subprocess
import sys
import unittest
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import twocvm
from support import ROOT, InFolder
from twocvm import ConversionError, Refused, TwoCVMError

D = decimal.Decimal


class Conversion(InFolder):
    def convert(self, source: Any, format: Any = None) -> tuple[list[str], Any]:
        """The lines that are written, and the format."""
        made = twocvm.convert(source, "made.csv", format)
        return pathlib.Path("made.csv").read_text(encoding="utf-8").splitlines(), made

    def one(self, values: Any, format: Any = None) -> tuple[list[str], dict[str, Any]]:
        """The cells of one column, and what the format says of it. A second column keeps empty lines apart."""
        series = values if isinstance(values, pd.Series) else pd.Series(values)
        frame = pd.DataFrame({"x": series.reset_index(drop=True), "n": range(len(series))})
        if format is not None:
            format = twocvm.table(1000, x=format, n=twocvm.integer())
        lines, made = self.convert(frame, format)
        return [line.rsplit(",", 1)[0] for line in lines[1:]], made["columns"][0]

    def refused(self, source: Any, column: str, *, hint: str = "", format: Any = None) -> ConversionError:
        pathlib.Path("made.csv").unlink(missing_ok=True)
        with self.assertRaises(ConversionError) as caught:
            self.convert(source, format)
        error = caught.exception
        self.assertEqual(error.column, column)
        self.assertTrue(error.hint)
        self.assertIn(hint, error.hint or "")
        self.assertFalse(pathlib.Path("made.csv").exists())
        self.assertEqual([entry for entry in os.listdir() if entry.startswith(".made")], [])
        return error


class Types(Conversion):
    def test_whole_numbers_of_every_width_keep_each_digit(self) -> None:
        for kind in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "Int64", "UInt8"):
            with self.subTest(kind):
                cells, column = self.one(pd.Series([0, 1, 127], dtype=kind))
                self.assertEqual((cells, column["type"]), (["0", "1", "127"], "integer"))
        cells, _ = self.one([999_999_999_999_999_999, -999_999_999_999_999_999])
        self.assertEqual(cells, ["999999999999999999", "-999999999999999999"])

    def test_a_nullable_number_is_empty_where_it_is_missing(self) -> None:
        cells, column = self.one(pd.Series([1, None, 3], dtype="Int64"))
        self.assertEqual((cells, column["type"], column["optional"]), (["1", "", "3"], "integer", True))

    def test_floats_are_the_shortest_digits_that_give_the_same_number_back(self) -> None:
        values = [0.1, 1e-7, 123456.789, -2.5, 3.0, 5e9, -0.0]
        cells, column = self.one(values)
        self.assertEqual([float(cell) for cell in cells], [value + 0.0 for value in values])
        self.assertEqual(cells[1], "0.0000001")
        self.assertEqual(cells[6], "0.0")
        self.assertNotIn("e", "".join(cells).lower())
        self.assertEqual(column["type"], "decimal")

    def test_floats_of_32_bits_are_not_given_digits_that_they_do_not_have(self) -> None:
        for series in (pd.Series([0.1, None], dtype="float32"), pd.Series([0.1, None], dtype="Float32")):
            cells, _ = self.one(series)
            self.assertEqual(cells, ["0.1", ""])
        table = pa.table({"x": pa.array([0.1, 1e-7, None], pa.float32()), "n": [1, 2, 3]})
        self.assertEqual(self.convert(table)[0][1:], ["0.1,1", "0.0000001,2", ",3"])

    def test_nan_is_a_missing_value_in_pandas_and_refused_in_arrow(self) -> None:
        cells, column = self.one([1.5, float("nan")])
        self.assertEqual((cells, column.get("optional")), (["1.5", ""], True))
        self.refused(pa.table({"x": [1.5, float("nan")]}), "x", hint="replace")

    def test_infinity_is_refused(self) -> None:
        for value in (np.inf, -np.inf):
            self.refused(pd.DataFrame({"x": [1.0, value]}), "x", hint="np.inf")
        self.refused(pa.table({"x": pa.array([np.inf], pa.float32())}), "x")

    def test_more_digits_than_a_format_has_are_refused(self) -> None:
        self.refused(pd.DataFrame({"x": [10**18]}), "x", hint="string")
        self.refused(pd.DataFrame({"x": pd.Series([2**64 - 1], dtype="uint64")}), "x")
        self.refused(pd.DataFrame({"x": [1e-300]}), "x", hint="round")
        self.refused(pd.DataFrame({"x": [1e300]}), "x", hint="round")
        # Each alone would do, and both in one column need 12 digits before the point and 17 behind.
        self.refused(pd.DataFrame({"x": [123456789012.0, 0.1 + 0.2]}), "x", hint="round")

    def test_decimals_keep_their_digits(self) -> None:
        cells, column = self.one(pd.Series([D("1.10"), D("-0.005"), None, D("1E+3")], dtype="object"))
        self.assertEqual([D(cell) if cell else None for cell in cells], [D("1.1"), D("-0.005"), None, D(1000)])
        self.assertEqual((column["type"], column["fractionDigits"]), ("decimal", 3))
        self.refused(pd.DataFrame({"x": [D("NaN")]}), "x")
        self.refused(pd.DataFrame({"x": [D("Infinity")]}), "x")
        self.refused(pd.DataFrame({"x": [D("0.1234567890123456789")]}), "x")
        table = pa.table({"x": pa.array([D("12.345"), None], pa.decimal128(10, 3)), "n": [1, 2]})
        self.assertEqual(self.convert(table)[0][1:], ["12.345,1", ",2"])

    def test_booleans_are_true_and_false(self) -> None:
        for kind in ("bool", "boolean", "object"):
            cells, column = self.one(pd.Series([True, False], dtype=kind))
            self.assertEqual((cells, column["type"]), (["true", "false"], "boolean"))
        cells, column = self.one(pd.Series([True, None], dtype="boolean"))
        self.assertEqual((cells, column["optional"]), (["true", ""], True))

    def test_a_text_of_digits_stays_a_text(self) -> None:
        cells, column = self.one(["007", "12", "3"])
        self.assertEqual((cells, column["type"]), (["007", "12", "3"], "text"))
        cells, column = self.one(["2020-01-01", "true"])
        self.assertEqual(column["type"], "text")

    def test_texts_are_quoted_where_csv_demands_it(self) -> None:
        cells, _ = self.one(["a,b", 'say "yes"', " c ", "ü€😀", "=1+1"])
        self.assertEqual(cells, ['"a,b"', '"say ""yes"""', " c ", "ü€😀", "=1+1"])

    def test_an_empty_text_is_not_taken_for_a_missing_one(self) -> None:
        self.refused(pd.DataFrame({"x": ["a", ""]}), "x", hint="None")
        cells, column = self.one(pd.Series(["a", None, pd.NA], dtype="string"))
        self.assertEqual((cells, column["optional"]), (["a", "", ""], True))

    def test_characters_that_hide_are_refused(self) -> None:
        for text in ("a\nb", "a\r", "a\0", "\x1b[31m", "\x85", "\u2028", "a\tb"):
            with self.subTest(repr(text)):
                self.refused(pd.DataFrame({"x": [text]}), "x")

    def test_a_lone_surrogate_is_refused_and_no_crash(self) -> None:
        self.refused(pd.DataFrame({"x": pd.Series(["\ud800"], dtype="object")}), "x")

    def test_a_text_that_no_format_has_room_for_is_refused(self) -> None:
        self.refused(pd.DataFrame({"x": ["a" * 10_001]}), "x", hint="slice")

    def test_categories_are_their_values(self) -> None:
        cells, column = self.one(pd.Series(["b", "a", None, "b"], dtype="category"))
        self.assertEqual((cells, column["type"]), (["b", "a", "", "b"], "text"))
        self.assertNotIn("values", column)
        cells, column = self.one(pd.Series(pd.Categorical([2, 1, 2], ordered=True)))
        self.assertEqual((cells, column["type"]), (["2", "1", "2"], "integer"))
        table = pa.table({"x": pa.array(["b", None, "a"]).dictionary_encode(), "n": [1, 2, 3]})
        self.assertEqual(self.convert(table)[0][1:], ["b,1", ",2", "a,3"])

    def test_days_are_dates(self) -> None:
        for values in (
            pd.to_datetime(pd.Series(["2020-02-29", None])),
            pd.Series([datetime.date(2020, 2, 29), None], dtype="object"),
            pd.Series([datetime.datetime(2020, 2, 29), pd.NaT], dtype="object"),
            pd.Series([datetime.date(2020, 2, 29), None]).astype(pd.ArrowDtype(pa.date32())),
        ):
            cells, column = self.one(values)
            self.assertEqual((cells, column["type"], column["optional"]), (["2020-02-29", ""], "date", True))
        cells, _ = self.one(pd.Series(np.array(["0001-01-01", "9999-12-31"], dtype="datetime64[s]")))
        self.assertEqual(cells, ["0001-01-01", "9999-12-31"])
        for unit in ("s", "ms", "us", "ns"):
            table = pa.table(
                {"x": pa.array([86400 * 10 ** {"s": 0, "ms": 3, "us": 6, "ns": 9}[unit]], pa.timestamp(unit))}
            )
            self.assertEqual(self.convert(table)[0][1:], ["1970-01-02"])

    def test_times_of_day_and_zones_are_refused(self) -> None:
        self.refused(pd.DataFrame({"x": pd.to_datetime(["2020-01-01T00:00:00.000000001"])}), "x", hint="normalize")
        self.refused(pd.DataFrame({"x": pd.to_datetime(["2020-01-01T12:00"])}), "x", hint="strftime")
        self.refused(pd.DataFrame({"x": pd.to_datetime(["2020-01-01"], utc=True)}), "x", hint="tz_convert")
        self.refused(pa.table({"x": pa.array([1], pa.timestamp("ns"))}), "x")
        self.refused(pa.table({"x": pa.array([0], pa.timestamp("s", tz="Europe/Berlin"))}), "x", hint="UTC")
        self.refused(pa.table({"x": pa.array([2**62], pa.timestamp("s"))}), "x")

    def test_nested_and_other_types_are_refused(self) -> None:
        others: dict[str, Any] = {
            "list": [[1], [2]],
            "dict": [{"a": 1}],
            "bytes": [b"a"],
            "complex": [1j],
            "timedelta": pd.to_timedelta(["1s"]),
            "period": pd.period_range("2020", periods=1, freq="M"),
            "interval": pd.interval_range(0, 1),
            "time": [datetime.time(1)],
            "object": [object()],
        }
        for name, values in others.items():
            with self.subTest(name):
                self.refused(pd.DataFrame({"x": values}), "x")
        nested: list[Any] = [
            pa.array([[1]]),
            pa.array([{"a": 1}]),
            pa.array([b"a"]),
            pa.array([1], pa.time32("s")),
            pa.array([1], pa.duration("s")),
            pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())),
        ]
        for array in nested:
            with self.subTest(str(array.type)):
                self.refused(pa.table({"x": array}), "x")

    def test_a_mixture_is_refused_wherever_it_stands(self) -> None:
        for values in ([1, "a"], ["a", 1], [1, True], [True, 1], [1, 2.5], [D(1), "a"], [datetime.date(2020, 1, 1), 1]):
            with self.subTest(values):
                self.refused(pd.DataFrame({"x": pd.Series(values, dtype="object")}), "x", hint="one type")
        far = pd.Series(["a"] * 70_000 + [7], dtype="object")
        self.refused(pd.DataFrame({"x": far}), "x")

    def test_a_column_without_values_and_type_is_refused(self) -> None:
        self.refused(pd.DataFrame({"x": pd.Series([None, None], dtype="object")}), "x", hint="astype")
        self.refused(pa.table({"x": pa.nulls(2)}), "x")
        cells, _ = self.one(pd.Series([None, None], dtype="object"), twocvm.text(optional=True))
        self.assertEqual(cells, ["", ""])

    def test_no_error_holds_what_a_cell_holds(self) -> None:
        secret = "4711-secret"
        for values in ([secret + "\n"], [1, secret], [secret * 1000], [D("0.4711471147114711471147")]):
            error = self.refused(pd.DataFrame({"x": pd.Series(values, dtype="object")}), "x")
            self.assertNotIn("4711", str(error))


class Names(Conversion):
    def test_names_that_are_no_texts_are_refused(self) -> None:
        for name in (1, 1.5, None, ("a", "b"), b"a", datetime.date(2020, 1, 1)):
            with self.subTest(repr(name)):
                frame = pd.DataFrame([[1]])
                frame.columns = pd.Index([name], dtype="object", tupleize_cols=False)
                self.refused(frame, repr(name), hint="map(str)")

    def test_two_columns_of_one_name_are_refused(self) -> None:
        self.refused(pd.DataFrame([[1, 2]], columns=["a", "a"]), "a", hint="duplicated")
        self.refused(pa.table([pa.array([1]), pa.array([2])], names=["a", "a"]), "a")

    def test_names_that_need_quoting_stay_as_they_are(self) -> None:
        names = ["a,b", 'say "x"', "a'b", "select", "ü", "a b", "../x", "$(x)", "-x", "<b>"]
        lines, format = self.convert(pd.DataFrame([range(len(names))], columns=names))
        self.assertEqual([column["name"] for column in format["columns"]], names)
        self.assertTrue(lines[0].startswith('"a,b","say ""x""",a\'b,select'))

    def test_names_that_hide_something_are_refused(self) -> None:
        for name in ("", " ", "a\n", "a\0", "a\u202e", "a" * 65, " a", "\ufeffa"):
            with self.subTest(repr(name)), self.assertRaises(ConversionError):
                self.convert(pd.DataFrame([[1]], columns=[name]))

    def test_an_index_that_is_data_is_refused_and_labels_of_rows_are_not_data(self) -> None:
        frame = pd.DataFrame({"a": [1, 2]})
        self.refused(frame.set_index(pd.Index([5, 6], name="key")), "key", hint="reset_index")
        self.refused(frame.set_index(pd.MultiIndex.from_tuples([(1, 2), (3, 4)])), "None", hint="reset_index")
        self.assertEqual(self.convert(frame[frame.a > 1])[0], ["a", "2"])

    def test_no_columns_or_too_many_are_refused(self) -> None:
        with self.assertRaises(ConversionError):
            self.convert(pd.DataFrame(index=[0, 1]))
        with self.assertRaises(ConversionError):
            self.convert(pd.DataFrame([range(257)], columns=[f"c{i}" for i in range(257)]))


class Formats(Conversion):
    FORMAT = twocvm.table(10, days=twocvm.integer(0, 365), ward=twocvm.text(["a", "b"]))

    def test_the_format_of_the_manifest_decides(self) -> None:
        frame = pd.DataFrame({"ward": ["a", "b"], "days": [1.0, 2.0]})
        lines, format = self.convert(frame, self.FORMAT)
        self.assertEqual((lines, format), (["ward,days", "a,1", "b,2"], self.FORMAT))

    def test_what_the_format_does_not_allow_is_refused(self) -> None:
        good = {"ward": ["a"], "days": [1]}
        self.refused(pd.DataFrame({**good, "more": [1]}), "more", format=self.FORMAT, hint="drop")
        self.refused(pd.DataFrame({"ward": ["a"]}), "days", format=self.FORMAT)
        self.refused(pd.DataFrame({**good, "days": [1.5]}), "days", format=self.FORMAT, hint="round")
        self.refused(pd.DataFrame({**good, "days": ["1"]}), "days", format=self.FORMAT, hint="to_numeric")
        self.refused(pd.DataFrame({**good, "ward": [1]}), "ward", format=self.FORMAT, hint="string")
        self.refused(pd.DataFrame({"x": [0.125]}), "x", format=twocvm.table(1, x=twocvm.decimal(2)), hint="round(2)")
        for other in ({**good, "days": [366]}, {**good, "ward": ["c"]}, {"ward": ["a"] * 11, "days": [1] * 11}):
            with self.subTest(other), self.assertRaises(Refused) as caught:
                self.convert(pd.DataFrame(other), self.FORMAT)
            self.assertTrue(caught.exception.code.startswith("format."))
            self.assertFalse(pathlib.Path("made.csv").exists())

    def test_what_is_no_table_is_refused(self) -> None:
        for source in (None, 7, [[1]], {"a": [1]}):
            with self.subTest(source), self.assertRaises(TwoCVMError):
                self.convert(source)

    def test_a_draft_takes_names_and_types_and_no_value(self) -> None:
        frame = pd.DataFrame({"ward": ["cardiology", "surgery"], "days": [4, 365], "cost": [12.5, 3.25]})
        text = str(self.convert(frame)[1])
        for value in ("cardiology", "surgery", "365", "12.5", "3.25"):
            self.assertNotIn(value, text)

    def test_every_draft_fits_its_own_file(self) -> None:
        frame = pd.DataFrame(
            {
                "a": pd.Series([1, None], dtype="Int64"),
                "b": [0.25, np.nan],
                "c": ["007", None],
                "d": pd.to_datetime(pd.Series(["2020-01-01", None])),
                "e": pd.Series([True, None], dtype="boolean"),
                "f": pd.Series([None, None], dtype="string"),
                "g": ["ü", "😀"],
            }
        )
        _, format = self.convert(frame)
        self.convert(frame, format)


class Files(Conversion):
    def test_parquet_comes_out_as_the_table_in_it(self) -> None:
        table = pa.table({"a": [1, None, 3], "b": ["x", "y", None]})
        pq.write_table(table, "t.parquet", row_group_size=2)
        self.assertEqual(self.convert("t.parquet")[0], ["a,b", "1,x", ",y", "3,"])

    def test_a_parquet_file_that_is_cut_or_is_something_else_is_refused(self) -> None:
        pq.write_table(pa.table({"a": list(range(1000))}), "t.parquet")
        whole = pathlib.Path("t.parquet").read_bytes()
        for content in (whole[:100], whole[:-1], whole[:4] + b"\0" * 100 + whole[104:], b"", b"a,b\n1,2\n"):
            pathlib.Path("cut.parquet").write_bytes(content)
            with self.subTest(len(content)), self.assertRaises(TwoCVMError):
                self.convert("cut.parquet")
        with self.assertRaises(TwoCVMError):
            self.convert("absent.parquet")

    def test_what_is_longer_than_a_bound_is_refused_before_it_is_whole(self) -> None:
        frame = pd.DataFrame({"a": range(400_000)})
        with self.assertRaises(Refused) as caught:
            twocvm.convert(frame, "made.csv", maximum_bytes=500_000)
        self.assertEqual(caught.exception.code, "data.size")
        self.assertEqual(os.listdir(), [])

    def test_a_file_is_for_its_owner_alone(self) -> None:
        self.convert(pd.DataFrame({"a": [1]}))
        self.assertEqual(pathlib.Path("made.csv").stat().st_mode & 0o777, 0o600)

    def test_memory_does_not_grow_with_the_file(self) -> None:
        def peak(rows: int, group: int = 100_000) -> int:
            with pq.ParquetWriter("big.parquet", pa.schema([("a", pa.int64()), ("b", pa.string())])) as writer:
                for start in range(0, rows, group):
                    numbers = range(start, start + group)
                    table = pa.table({"a": numbers, "b": [f"text {n}" for n in numbers]})
                    writer.write_table(table, row_group_size=group)
            # Of the process itself; getrusage would count what its parent had when it was started.
            code = (
                "import re, twocvm; twocvm.convert('big.parquet', 'made.csv');"
                "print(re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1])"
            )
            variables = {**os.environ, "PYTHONPATH": str(ROOT / "python" / "src")}
            done = subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, env=variables, check=True
            )
            return int(done.stdout)

        small, large, whole = peak(400_000), peak(1_600_000), peak(1_600_000, 1_600_000)
        for found in (large, whole):
            self.assertLess(found, small * 1.25 + 16_000, f"{small} KiB, then {found} KiB")


if __name__ == "__main__":
    unittest.main()
