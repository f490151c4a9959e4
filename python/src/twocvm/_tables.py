"""Where a table comes from: a DataFrame, an Arrow table, or a Parquet file, as batches of columns.

Neither pandas nor pyarrow is needed until somebody brings such a table.
"""

from __future__ import annotations

import csv
import io
import os
import pathlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, Union

from ._arrow import arrow, arrow_kind, arrow_values, csv_batches, csv_text
from ._cells import Column, Digits, Kind
from .errors import ConversionError, Unavailable, Unreadable, WrongUse

if TYPE_CHECKING:
    import pandas

Source: TypeAlias = Union["pandas.DataFrame", str, os.PathLike[str], Any]
"""A DataFrame, an Arrow table or what can become one, or a file's path."""

BATCH = 1 << 16
"""Rows that are converted at a time."""
MAXIMUM_COLUMNS = 256
MAXIMUM_NAME = 64


class Table(Protocol):
    """Named columns, each with the kind that its type says, and their rows as CSV."""

    names: list[str]
    kinds: list[Kind | None]
    rows: int

    def batches(self, columns: Sequence[Column]) -> Iterator[tuple[int, bytes | memoryview]]:
        """How many rows, and their text: some at a time, each column's cells as the encoder in its place makes them."""
        ...


def table(source: Any) -> Table:
    """The table that somebody brings: a DataFrame, an Arrow table, or the path of a Parquet file."""
    pandas_module = sys.modules.get("pandas")
    if pandas_module is not None and isinstance(source, pandas_module.DataFrame):
        return FrameTable(source)
    if isinstance(source, (str, os.PathLike)):
        return ParquetTable(pathlib.Path(source))
    arrow_module = sys.modules.get("pyarrow")
    if arrow_module is not None and isinstance(source, arrow_module.Table):
        return ArrowTable(source)
    if hasattr(source, "__arrow_c_stream__"):
        return ArrowTable(arrow().table(source))
    raise WrongUse(
        "data.source",
        f"a {type(source).__name__} is no table",
        "bring a pandas DataFrame, a pyarrow Table, or the path of a CSV or Parquet file",
    )


def is_parquet(path: pathlib.Path) -> bool:
    """Whether a file begins as Parquet does, whatever its name is."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PAR1"
    except OSError as error:
        raise Unavailable("file.open", f"{path} cannot be read: {error.strerror}", "is the path right?") from None


def column_names(names: list[Any]) -> list[str]:
    """Names that a format can have."""
    if not names:
        raise ConversionError("", "there is no column", "bring a table with at least one", "data.columns")
    if len(names) > MAXIMUM_COLUMNS:
        raise ConversionError(
            str(names[MAXIMUM_COLUMNS]),
            f"is one of more than {MAXIMUM_COLUMNS}",
            "bring the columns that the question needs: df[[...]]",
            "data.columns",
        )
    seen: set[str] = set()
    for name in names:
        if not isinstance(name, str):
            raise ConversionError(
                repr(name), f"its name is a {type(name).__name__}", "df.columns = df.columns.map(str)", "data.name"
            )
        if not name or len(name) > MAXIMUM_NAME or not name.isprintable() or name != name.strip():
            raise ConversionError(
                repr(name),
                f"a name has 1 to {MAXIMUM_NAME} visible characters, and no space around them",
                f'rename it: df.rename(columns={{{name[:80]!r}: "..."}})',
                "data.name",
            )
        if name in seen:
            raise ConversionError(
                name,
                "there is another column of that name",
                "rename one, or df.loc[:, ~df.columns.duplicated()]",
                "data.name",
            )
        seen.add(name)
    return list(names)


def csv_lines(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows of cells as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _unsupported(name: str, described: str, hint: str) -> ConversionError:
    return ConversionError(name, f"its type is {described}, which no format has", hint)


# --- pandas ---


class FrameTable:
    """A DataFrame. A row's label is no data, unless the index has a name: then it is refused until it is a column."""

    def __init__(self, frame: pandas.DataFrame) -> None:
        self.frame = frame
        self.rows = len(frame)
        self.names = column_names(list(frame.columns))
        if frame.index.nlevels > 1 or frame.index.name is not None:
            name = frame.index.names[0]
            raise ConversionError(
                str(name),
                "it is the index, and not a column",
                "df.reset_index(), or df.reset_index(drop=True)",
                "data.index",
            )
        self.kinds = [self._kind(name) for name in self.names]

    def _kind(self, name: str) -> Kind | None:
        import pandas

        kind = self.frame[name].dtype
        if isinstance(kind, pandas.CategoricalDtype):
            kind = kind.categories.dtype
        if isinstance(kind, pandas.ArrowDtype):
            return arrow_kind(name, kind.pyarrow_dtype)
        types = pandas.api.types
        if types.is_bool_dtype(kind):
            return "boolean"
        if types.is_integer_dtype(kind):
            return "integer"
        if types.is_float_dtype(kind):
            return "decimal"
        if isinstance(kind, pandas.DatetimeTZDtype) or types.is_datetime64_dtype(kind):
            return "date"
        if isinstance(kind, pandas.StringDtype):
            return "text"
        if types.is_object_dtype(kind):
            return None
        hints = {
            "timedelta64": f"df[{name!r}].dt.total_seconds() makes a number",
            "period": f"df[{name!r}].dt.to_timestamp() makes a date",
            "interval": f"df[{name!r}].array.left makes a number",
            "complex": f"bring np.real(df[{name!r}]) and np.imag(df[{name!r}])",
        }
        hint = next((hint for start, hint in hints.items() if str(kind).startswith(start)), None)
        raise _unsupported(name, str(kind), hint or f'df[{name!r}].astype("string") makes text')

    def batches(self, columns: Sequence[Column]) -> Iterator[tuple[int, bytes | memoryview]]:
        for start in range(0, self.rows, BATCH):
            part = self.frame.iloc[start : start + BATCH]
            series = [part[column.name] for column in columns]
            if "pyarrow" in sys.modules:
                yield len(part), csv_text([_arrow_or_list(one) for one in series], columns)
            else:
                cells = [column.encode(series_values(one)) for column, one in zip(columns, series)]
                yield len(part), csv_lines(zip(*cells))


def _arrow_or_list(series: pandas.Series[Any]) -> Any:
    """The values as Arrow has them, where its types are these ones; or else as Python's own."""
    import pandas

    kind = series.dtype
    types = pandas.api.types
    is_number = types.is_numeric_dtype(kind) and str(kind).lower() != "float16"
    if is_number or types.is_datetime64_dtype(kind) or isinstance(kind, (pandas.StringDtype, pandas.ArrowDtype)):
        array = arrow().array(series, from_pandas=not isinstance(kind, pandas.ArrowDtype))
        return array.combine_chunks() if hasattr(array, "combine_chunks") else array
    return series_values(series)


def series_values(series: pandas.Series[Any]) -> list[Any]:
    """A column's values as Python's own, with `None` for each missing one."""
    import pandas

    kind = series.dtype
    if isinstance(kind, pandas.CategoricalDtype):
        known = series_values(pandas.Series(kind.categories))
        return [None if code < 0 else known[code] for code in series.cat.codes.tolist()]
    if isinstance(kind, pandas.ArrowDtype):
        array: Any = series.array
        return [value for chunk in array.__arrow_array__().chunks for value in arrow_values(chunk)]
    if str(kind).lower() in ("float16", "float32"):
        return [None if missing else _shortest(value) for value, missing in _with_missing(series)]
    values = series.tolist()
    if series.hasnans or not series.notna().all():
        values = [_or_missing(value) if missing else value for value, missing in zip(values, series.isna().tolist())]
    return values


def _with_missing(series: pandas.Series[Any]) -> Iterator[tuple[Any, bool]]:
    return zip(series.array, series.isna().tolist())


def _shortest(value: Any) -> Any:
    number = float(value)
    return Digits(value) if number - number == 0 else number


def _or_missing(value: Any) -> Any:
    """`None` for what stands for a missing value. A decimal NaN says that something went wrong, and stays."""
    import decimal

    return value if isinstance(value, decimal.Decimal) else None


# --- pyarrow ---


class ArrowTable:
    """An Arrow table in memory."""

    def __init__(self, table: Any) -> None:
        self.table = table
        self.rows = table.num_rows
        self.names = column_names(table.schema.names)
        self.kinds = [arrow_kind(field.name, field.type) for field in table.schema]

    def batches(self, columns: Sequence[Column]) -> Iterator[tuple[int, bytes | memoryview]]:
        return csv_batches(self.table.to_batches(max_chunksize=BATCH), columns)


class ParquetTable:
    """A Parquet file, read some rows at a time."""

    def __init__(self, path: pathlib.Path) -> None:
        pa = arrow()
        import pyarrow.parquet

        if not is_parquet(path):
            raise Unreadable("data.parquet", f"{path} is not a Parquet file", "CSV needs no conversion")
        try:
            # Without a buffer of its own each column of a group of rows is read whole, however large the group is.
            self.file = pyarrow.parquet.ParquetFile(path, buffer_size=1 << 20, memory_map=False, pre_buffer=False)
            schema = self.file.schema_arrow
        except (pa.ArrowException, OSError, ValueError) as error:
            raise Unreadable("data.parquet", f"{path} cannot be read: {_line(error)}", "write the file again") from None
        self.rows = self.file.metadata.num_rows
        self.names = column_names(schema.names)
        self.kinds = [arrow_kind(field.name, field.type) for field in schema]

    def batches(self, columns: Sequence[Column]) -> Iterator[tuple[int, bytes | memoryview]]:
        return csv_batches(self._read(), columns)

    def _read(self) -> Iterator[Any]:
        try:
            yield from self.file.iter_batches(batch_size=BATCH, use_threads=False)
        except (arrow().ArrowException, OSError) as error:
            raise Unreadable(
                "data.parquet", f"it cannot be read to its end: {_line(error)}", "write it again"
            ) from None


def _line(error: BaseException) -> str:
    return str(error).split("\n", 1)[0][:200]
