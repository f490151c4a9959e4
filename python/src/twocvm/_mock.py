"""Rows that are made up, for those who write questions to data that they may not see."""

from __future__ import annotations

import json
import pathlib
import sys
import tempfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import _frames, _process
from ._tables import FrameTable
from .errors import WrongUse
from .formats import Format, table

if TYPE_CHECKING:
    import pandas

__all__ = ["mock"]


def mock(
    source: Format | pandas.DataFrame, rows: int = 100, seed: int = 1, *, format: Format | None = None
) -> pandas.DataFrame:
    """Makes up a table.

    `2cvm` draws it, as for a rehearsal's stand-ins: it says nothing but what the format says, and the same seed draws
    the same rows.

    Args:
        source: a format; or a DataFrame, of which the names and types of the columns are taken, and nothing else.
        rows: how many, as far as the format allows so many.
        seed: what they are drawn from.
        format: beside a DataFrame: where ranges and values come from, for the columns that it has.
    """
    pandas_module = sys.modules.get("pandas")
    if pandas_module is not None and isinstance(source, pandas_module.DataFrame):
        source = _format_of(source, rows, format)
    elif format is not None:
        raise WrongUse("usage", "a format stands beside a DataFrame alone", "twocvm.mock(format, rows)")
    if not isinstance(source, Mapping) or source.get("kind") != "csv":
        raise WrongUse("data.format", "no table can be made up from this", "give a format: twocvm.table(...)")
    with tempfile.TemporaryDirectory(prefix="twocvm-") as folder:
        form, made = pathlib.Path(folder, "format.json"), pathlib.Path(folder, "made.csv")
        form.write_text(json.dumps(source), encoding="utf-8")
        words: list[_process.Word] = ["data", "stand-in", "--json", "--format", form, "--output", made]
        _process.call([*words, "--rows", str(rows), "--seed", str(seed)], step="making rows up")
        return _frames.frame(made, source)


def _format_of(frame: pandas.DataFrame, rows: int, format: Format | None) -> Format:
    """Names and types of columns. No row is looked at, nor a category's values."""
    given = {column["name"]: column for column in (format or {}).get("columns", ())}
    empty = FrameTable(frame.iloc[:0])
    columns: dict[str, Any] = {}
    for name, kind in zip(empty.names, empty.kinds):
        if name in given:
            columns[name] = {key: value for key, value in given[name].items() if key != "name"}
        else:
            columns[name] = {"type": kind or "text", **_USUAL.get(kind or "text", {})}
    return table(max(rows, 1), columns)


_USUAL: Mapping[str, Mapping[str, Any]] = {
    "decimal": {"fractionDigits": 2},
    "text": {"maximumCharacters": 20, "characters": "identifier"},
}
