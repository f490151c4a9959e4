"""One column's values as the cells of a format: exactly, or refused with the column's name."""

from __future__ import annotations

import datetime
import decimal
import math
import re
from collections.abc import Callable, Sequence
from typing import Any, Literal, NoReturn

from .errors import ConversionError

Kind = Literal["integer", "decimal", "text", "date", "boolean"]

MAXIMUM_DIGITS = 18
"""Significant digits of a number in a format."""
MAXIMUM_CHARACTERS = 10_000
"""Of a cell of text in a format."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CONTROL_BYTES = bytes([*range(0x20), 0x7F])
_LONGER_CONTROL = re.compile(b"\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]")


def is_plain(text: bytes) -> bool:
    """Whether UTF-8 has none of the characters that do not show themselves, looked for in many cells at once."""
    if len(text.translate(None, _CONTROL_BYTES)) != len(text):
        return False
    return text.isascii() or not _LONGER_CONTROL.search(text)


class Digits(str):
    """A number of 32 bits, in the shortest digits that give the same one back: as 64 bits it would have more."""


class Column:
    """Encodes one column, batch after batch, and notes what its format has to say of it.

    Args:
        name: the column's name.
        kind: what its type says that it holds; `None` where only the values can say it.
        wanted: what the data's format demands.
        fraction_digits: of a decimal column, as the format has it.
    """

    def __init__(
        self, name: str, kind: Kind | None, wanted: Kind | None = None, fraction_digits: int | None = None
    ) -> None:
        self.name = name
        self.kind = kind
        self.wanted = wanted
        self.fraction_digits = fraction_digits
        self.has_empty = False
        self.integer_digits = 0
        self.most_fraction_digits = 0
        self.characters = 0
        if kind is not None:
            self._require_wanted(kind)

    def encode(self, values: Sequence[Any]) -> list[str]:
        """The cells of one batch; a missing value, which is `None` here, is an empty cell."""
        if None in values:
            self.has_empty = True
        if self.kind is None:
            first = next((value for value in values if value is not None), None)
            if first is None:
                return [""] * len(values)
            self.kind = self._kind_of(first)
            self._require_wanted(self.kind)
        return self._ENCODERS[self.kind](self, values)

    def finish(self) -> None:
        """All values were seen."""
        if self.kind is None:
            if self.wanted is None:
                self.refuse(
                    "is empty, and its type does not say what it could hold",
                    f'drop it, or give it a type: df[{self.name!r}].astype("string")',
                )
            self.kind = self.wanted
        if self.integer_digits + self.most_fraction_digits > MAXIMUM_DIGITS and self.kind == "decimal":
            self._refuse_digits()

    # --- what a value is ---

    def _kind_of(self, value: Any) -> Kind:
        for types, kind in (
            (bool, "boolean"),
            (int, "integer"),
            ((float, decimal.Decimal), "decimal"),
            (str, "text"),
            (datetime.date, "date"),
        ):
            if isinstance(value, types):
                return kind  # type: ignore[return-value]
        return self._refuse_type(value)

    def _require_wanted(self, kind: Kind) -> None:
        wanted = self.wanted
        if wanted is None or wanted == kind or {wanted, kind} == {"integer", "decimal"}:
            return
        hints = {
            "integer": f'df[{self.name!r}] = pd.to_numeric(df[{self.name!r}]).astype("Int64")',
            "decimal": f"df[{self.name!r}] = pd.to_numeric(df[{self.name!r}])",
            "text": f'df[{self.name!r}] = df[{self.name!r}].astype("string")',
            "date": f"df[{self.name!r}] = pd.to_datetime(df[{self.name!r}]).dt.normalize()",
            "boolean": f'df[{self.name!r}] = df[{self.name!r}].astype("boolean")',
        }
        self.refuse(f"holds {_NOUNS[kind]}, and its format says {wanted}", hints[wanted])

    # --- each kind ---

    def _booleans(self, values: Sequence[Any]) -> list[str]:
        cells = []
        for value in values:
            if value is True:
                cells.append("true")
            elif value is False:
                cells.append("false")
            elif value is None:
                cells.append("")
            else:
                self._refuse_mixture(value)
        return cells

    def _integers(self, values: Sequence[Any]) -> list[str]:
        bound = 10**MAXIMUM_DIGITS
        if set(map(type, values)) == {int} and -bound < min(values) and max(values) < bound:
            return list(map(str, values))
        cells = []
        for value in values:
            if value is None:
                cells.append("")
            elif not isinstance(value, int) or isinstance(value, bool):
                self._refuse_mixture(value)
            elif -bound < value < bound:
                cells.append(str(value))
            else:
                self.refuse(
                    f"holds a whole number of more than {MAXIMUM_DIGITS} digits",
                    f'bring it as text: df[{self.name!r}] = df[{self.name!r}].astype("string")',
                )
        return cells

    def _decimals(self, values: Sequence[Any]) -> list[str]:
        cells = []
        for value in values:
            if value is None:
                cells.append("")
                continue
            if isinstance(value, float):
                if not math.isfinite(value):
                    self._refuse_infinite()
                text = repr(value)
                if "e" not in text:
                    cells.append(self._plain(text))
                    continue
                number = decimal.Decimal(text)
            elif isinstance(value, Digits):
                number = decimal.Decimal(value)
            elif isinstance(value, decimal.Decimal):
                if not value.is_finite():
                    self._refuse_infinite()
                number = value
            elif isinstance(value, int) and not isinstance(value, bool):
                number = decimal.Decimal(value)
            else:
                self._refuse_mixture(value)
            cells.append(self._number(number))
        return cells

    def _number(self, number: decimal.Decimal) -> str:
        """Its digits without an exponent, and what they need of a format."""
        if abs(number.adjusted()) > 40 and number:
            self._refuse_digits()
        return self._plain(format(number, "f"))

    def _plain(self, text: str) -> str:
        whole, _, fraction = text.partition(".")
        fraction = fraction.rstrip("0")
        if whole == "-0" and not fraction:
            whole = "0"
        digits = len(whole.lstrip("-").lstrip("0"))
        if digits > self.integer_digits:
            self.integer_digits = digits
        if len(fraction) > self.most_fraction_digits:
            self.most_fraction_digits = len(fraction)
        if digits + len(fraction) > MAXIMUM_DIGITS or len(fraction) > MAXIMUM_DIGITS:
            self._refuse_digits()
        if fraction:
            if self.wanted == "integer":
                self.refuse(
                    "holds numbers with a fraction, and its format says integer",
                    f"round it: df[{self.name!r}] = df[{self.name!r}].round()",
                )
            if self.fraction_digits is not None and len(fraction) > self.fraction_digits:
                self.refuse(
                    f"holds numbers with more than {self.fraction_digits} digits behind the point",
                    f"round it: df[{self.name!r}] = df[{self.name!r}].round({self.fraction_digits})",
                )
            return f"{whole}.{fraction}"
        return whole if self.wanted == "integer" else f"{whole}.0"

    def _texts(self, values: Sequence[Any]) -> list[str]:
        if set(map(type, values)) == {str} and all(values):
            # Nothing in the batch needs a second look: the usual case, ten times as fast.
            whole = "".join(values)
            longest = max(map(len, values))
            if longest <= MAXIMUM_CHARACTERS and not _CONTROL.search(whole):
                self.characters = max(self.characters, longest)
                return list(values)
        cells = []
        for value in values:
            if value is None:
                cells.append("")
                continue
            if not isinstance(value, str):
                self._refuse_mixture(value)
            if not value:
                self.refuse(
                    "holds empty texts, which no reader could tell from missing ones",
                    f'make them missing: df[{self.name!r}] = df[{self.name!r}].replace("", None)',
                )
            if _CONTROL.search(value):
                self.refuse(
                    "holds a line break, or another character that does not show itself",
                    f'df[{self.name!r}] = df[{self.name!r}].str.replace(r"[\\x00-\\x1f]+", " ", regex=True)',
                )
            if len(value) > self.characters:
                self.characters = len(value)
            cells.append(value)
        if self.characters > MAXIMUM_CHARACTERS:
            self.refuse(
                f"holds a text of more than {MAXIMUM_CHARACTERS:,} characters",
                f"df[{self.name!r}] = df[{self.name!r}].str.slice(0, {MAXIMUM_CHARACTERS})",
            )
        return cells

    def _dates(self, values: Sequence[Any]) -> list[str]:
        cells = []
        for value in values:
            if value is None:
                cells.append("")
            elif isinstance(value, datetime.datetime):
                if value.tzinfo is not None:
                    self.refuse(
                        "holds times with a zone, and a format has dates alone",
                        f'say which day is meant: df[{self.name!r}].dt.tz_convert("UTC").dt.tz_localize(None)'
                        ".dt.normalize()",
                    )
                if value.time() != datetime.time() or bool(getattr(value, "nanosecond", 0)):
                    self.refuse(
                        "holds times of day, and a format has dates alone",
                        f"df[{self.name!r}].dt.normalize() keeps the date; "
                        f'df[{self.name!r}].dt.strftime("%Y-%m-%dT%H:%M:%S") makes text',
                    )
                cells.append(value.date().isoformat())
            elif isinstance(value, datetime.date):
                cells.append(value.isoformat())
            else:
                self._refuse_mixture(value)
        return cells

    _ENCODERS: dict[Kind, Callable[[Column, Sequence[Any]], list[str]]] = {
        "boolean": _booleans,
        "integer": _integers,
        "decimal": _decimals,
        "text": _texts,
        "date": _dates,
    }

    # --- refusals: none of them says what a cell holds ---

    def refuse(self, message: str, hint: str) -> NoReturn:
        raise ConversionError(self.name, message, hint)

    def _refuse_digits(self) -> NoReturn:
        self.refuse(
            f"needs more than {MAXIMUM_DIGITS} digits for its numbers",
            f"round it to the digits that mean something: df[{self.name!r}] = df[{self.name!r}].round(6)",
        )

    def _refuse_infinite(self) -> NoReturn:
        self.refuse(
            "holds an infinite number, or NaN where missing values have another mark",
            f"df[{self.name!r}] = df[{self.name!r}].replace([np.inf, -np.inf, np.nan], None)",
        )

    def _refuse_mixture(self, value: Any) -> NoReturn:
        self.refuse(
            f"holds {type(value).__name__} beside {_NOUNS[self.kind or 'text']}",
            f'make all of it one type, such as df[{self.name!r}].astype("string")',
        )

    def _refuse_type(self, value: Any) -> NoReturn:
        self.refuse(
            f"holds values of type {type(value).__name__}, which no format has",
            "make columns of numbers, texts, dates or booleans of it, or drop it",
        )


_NOUNS: dict[Kind, str] = {
    "integer": "whole numbers",
    "decimal": "numbers",
    "text": "texts",
    "date": "dates",
    "boolean": "booleans",
}
