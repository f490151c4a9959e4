"""Released CSV back into columns, by the output's format."""

from __future__ import annotations

import csv
import datetime
import decimal
import pathlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .errors import Unavailable, Unreadable

if TYPE_CHECKING:
    import pandas

_READERS: Mapping[str, Callable[[str], Any]] = {
    "integer": int,
    "decimal": decimal.Decimal,
    "text": str,
    "date": datetime.date.fromisoformat,
    "boolean": lambda text: {"true": True, "false": False}[text],
}
_TYPES: Mapping[str, str] = {
    "integer": "Int64",
    "decimal": "Float64",
    "text": "string",
    "date": "datetime64[s]",
    "boolean": "boolean",
}


def rows(path: pathlib.Path, format: Any) -> list[dict[str, Any]]:
    """The rows, each a dictionary: whole numbers, exact decimals, texts, dates, booleans; `None` for an empty cell."""
    columns = _columns(format)
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, strict=True)
        try:
            names = next(lines)
            readers = [columns.get(name, {}).get("type", "text") for name in names]
            functions = [_READERS[kind] for kind in readers]
            return [
                {
                    name: None if cell == "" else read(cell)
                    for name, read, cell in zip(names, functions, line, strict=True)
                }
                for line in lines
            ]
        except (StopIteration, ValueError, KeyError, ArithmeticError, csv.Error):
            raise Unreadable("output.table", f"{path.name} is not the table that its format says") from None


def frame(path: pathlib.Path, format: Any, exact: bool = False) -> pandas.DataFrame:
    """A DataFrame with the types of the format. Decimals are floats, or `decimal.Decimal` where it is `exact`."""
    try:
        import pandas
    except ImportError:
        raise Unavailable(
            "output.pandas", "a DataFrame needs pandas", "pip install 'twocvm[pandas]', or use .rows()"
        ) from None
    columns = _columns(format)
    values = rows(path, format)
    made: dict[str, Any] = {}
    for name, column in columns.items():
        kind = column.get("type", "text")
        cells = [row[name] for row in values]
        if kind == "decimal" and exact:
            made[name] = pandas.Series(cells, dtype="object")
        elif kind == "decimal":
            made[name] = pandas.Series([None if cell is None else float(cell) for cell in cells], dtype="Float64")
        else:
            made[name] = pandas.Series(cells, dtype=_TYPES[kind])
    return pandas.DataFrame(made)


def _columns(format: Any) -> dict[str, Mapping[str, Any]]:
    if not isinstance(format, Mapping) or format.get("kind") != "csv":
        raise Unreadable("output.table", "this output is no table", "use .text() or .path")
    return {column["name"]: column for column in format["columns"]}
