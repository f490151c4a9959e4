"""Tables into CSV, by the data's format, some rows at a time."""

from __future__ import annotations

import json
import os
import pathlib
import tempfile
from collections.abc import Mapping
from typing import Any, BinaryIO

from . import _process, progress
from ._cells import Column
from ._tables import Source, Table, csv_lines, table
from .errors import ConversionError, Refused, WrongUse
from .formats import Format

__all__ = ["convert", "describe"]


def convert(
    source: Source,
    path: str | os.PathLike[str],
    format: Format | None = None,
    *,
    maximum_bytes: int | None = None,
) -> Format:
    """Writes a DataFrame, an Arrow table or a Parquet file as the CSV that runtimes read, in constant memory.

    Every value is written exactly, or nothing is: a column that no format has, or that the given one does not allow, is
    refused by its name. An existing file is replaced once all is written.

    Args:
        source: the table.
        path: where to write, for your eyes only (mode 0600).
        format: the data's format in the manifest. Without one it is drafted: names and types, and nothing of values.
        maximum_bytes: refuse as soon as the file would be longer.

    Returns:
        The format that the file is of.

    Raises:
        ConversionError: a column cannot be converted exactly.
        Refused: the file is not of the given format, or too long.
    """
    given = _given_columns(format)
    rows = table(source)
    _require_same(rows.names, given)
    columns = [
        Column(
            name,
            kind,
            given[name]["type"] if given else None,
            given[name].get("fractionDigits") if given else None,
        )
        for name, kind in zip(rows.names, rows.kinds)
    ]
    target = pathlib.Path(path).absolute()
    descriptor, part = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            _write(rows, columns, file, maximum_bytes)
        if format is None:
            format = _drafted(columns, describe(part))
        else:
            check(part, format)
        os.replace(part, target)
    except BaseException:
        os.unlink(part)
        raise
    return format


def describe(path: str | os.PathLike[str]) -> Format:
    """Drafts the format of a CSV file: names and types of columns, and nothing that tells of single values."""
    done = _process.call(
        ["data", "describe", "--json", "--", os.fspath(pathlib.Path(path).absolute())], step="describing the data"
    )
    return _process.members(done.value())


def check(path: str | os.PathLike[str], format: Format) -> None:
    """Holds a file against a format.

    Raises:
        Refused: it is not of the format. The error says where, by row and column, and never what stands there.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "format.json")
        file.write_text(json.dumps(format), encoding="utf-8")
        _process.call(
            ["data", "check", "--json", "--format", file, "--", pathlib.Path(path).absolute()], step="checking the data"
        )


def _given_columns(format: Format | None) -> dict[str, Mapping[str, Any]]:
    if format is None:
        return {}
    if not isinstance(format, Mapping) or format.get("kind") != "csv":
        raise WrongUse("data.format", "a table needs a format of the kind csv", "twocvm.table(...) makes one")
    try:
        return {column["name"]: column for column in format["columns"]}
    except (KeyError, TypeError):
        raise WrongUse("data.format", "the format has no columns", "twocvm.table(...) makes one") from None


def _require_same(names: list[str], given: Mapping[str, Any]) -> None:
    if not given:
        return
    for name in names:
        if name not in given:
            raise ConversionError(name, "the format has no such column", f"df.drop(columns={name!r})", "data.columns")
    for name in given:
        if name not in names:
            raise ConversionError(
                name, "the format has it, and the table has not", f"add it: df[{name!r}] = ...", "data.columns"
            )


def _write(rows: Table, columns: list[Column], file: BinaryIO, maximum_bytes: int | None) -> None:
    written = file.write(csv_lines([rows.names]))
    done = 0
    with progress.step("converting") as meter:
        for count, text in rows.batches(columns):
            _process.raise_if_cancelled()
            written += file.write(text)
            done += count
            meter.advance(done, rows.rows)
            if maximum_bytes is not None and written > maximum_bytes:
                raise Refused(
                    "data.size",
                    f"the table is longer than {maximum_bytes:,} bytes as text, and no longer one is taken",
                    "bring fewer rows or columns, or aggregate them before",
                )
    for column in columns:
        column.finish()


def _drafted(columns: list[Column], described: Format) -> Format:
    """The draft of the programs, with the types that the table itself has: a text of digits stays a text."""
    by_name = {column["name"]: column for column in described["columns"]}
    drafted = []
    for column in columns:
        entry = by_name[column.name]
        if entry["type"] != column.kind:
            entry = {"name": column.name, "type": column.kind}
            if column.kind == "text":
                entry |= {"maximumCharacters": 200, "characters": "ascii"}
            elif column.kind == "decimal":
                entry["fractionDigits"] = 1
            if column.has_empty:
                entry["optional"] = True
        drafted.append(entry)
    return {**described, "columns": drafted}
