"""What a file may be: the names and types of its columns, and the values that they can have.

A format is plain JSON, as docs/FORMATS.md has it. These functions write it with fewer quotation marks:

    stays = twocvm.table(
        1000, ward=twocvm.text(["cardiology", "surgery"]), days=twocvm.integer(0, 365, optional=True))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Format: TypeAlias = Mapping[str, Any]
"""A format, as a manifest has it."""

FormatOrAny: TypeAlias = Mapping[str, Any] | str
"""A format, or `"any"`: whatever bytes, which can tell all of them."""


def table(maximum_rows: int, columns: Mapping[str, Format] | None = None, /, **more: Format) -> Format:
    """A table of at most so many rows.

    Args:
        maximum_rows: 1 to 100,000,000.
        columns: names that are no words of Python.
        more: columns by name.
    """
    named = {**(columns or {}), **more}
    return {
        "kind": "csv",
        "maximumRows": maximum_rows,
        "columns": [{"name": name, **column} for name, column in named.items()],
    }


def integer(minimum: int | None = None, maximum: int | None = None, *, optional: bool = False) -> Format:
    """Whole numbers of at most 18 digits."""
    return _column("integer", optional, minimum=minimum, maximum=maximum)


def decimal(
    fraction_digits: int, minimum: str | None = None, maximum: str | None = None, *, optional: bool = False
) -> Format:
    """Numbers with so many digits behind the point. Bounds are text, such as `"0.5"`: no digit gets lost."""
    return _column("decimal", optional, fractionDigits=fraction_digits, minimum=minimum, maximum=maximum)


def text(
    values: Sequence[str] | None = None,
    *,
    maximum_characters: int | None = None,
    characters: str = "ascii",
    optional: bool = False,
) -> Format:
    """One of the listed values, or so many characters of `digits`, `identifier`, `ascii`, `latin` or `unicode`."""
    if values is not None:
        return _column("text", optional, values=list(values))
    return _column("text", optional, maximumCharacters=maximum_characters or 200, characters=characters)


def date(minimum: str | None = None, maximum: str | None = None, *, optional: bool = False) -> Format:
    """Days, as `YYYY-MM-DD`."""
    return _column("date", optional, minimum=minimum, maximum=maximum)


def boolean(*, optional: bool = False) -> Format:
    """True or false."""
    return _column("boolean", optional)


def _column(kind: str, optional: bool, **keys: Any) -> Format:
    column = {"type": kind, **{name: value for name, value in keys.items() if value is not None}}
    return {**column, "optional": True} if optional else column
