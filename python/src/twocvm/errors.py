"""What can go wrong. Every error has a stable `code`, a `message`, and often a `hint`: the next thing to do.

The programs end with a status that says of what kind a fault is, and each kind is a class here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def visible(text: str, keeping: str = "") -> str:
    """Text of others as a terminal may print it: a character that does not show itself is written as `\\u{CODE}`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\\u{{{ord(c):X}}}" if unicodedata.category(c) in _HIDDEN and c not in keeping else c for c in text)


class TwoCVMError(Exception):
    """The base of all errors of this package.

    `place` is the file at fault, with line and column where it is JSON.
    """

    def __init__(self, code: str, message: str, hint: str | None = None, *, place: str | None = None) -> None:
        self.code = visible(code)
        self.message = visible(message)
        self.hint = None if hint is None else visible(hint, keeping="\n")
        self.place = None if place is None else visible(place)
        super().__init__(self.code, self.message)

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        hint = f"\nhint: {self.hint}" if self.hint else ""
        return f"{place}{self.message} [{self.code}]{hint}"


class Refused(TwoCVMError):
    """It was understood, and a rule says no. Nothing was sent or written, unless the error says otherwise."""


class Unreadable(TwoCVMError):
    """A file or an answer was read and is not of its form."""


class Unavailable(TwoCVMError):
    """A file cannot be opened, or a program or an agent does not answer. The same call may succeed later."""


class WrongUse(TwoCVMError):
    """A call that no state of the world would make right."""


class Interrupted(TwoCVMError):
    """A program was interrupted from outside."""


class ProgramsMissing(Unavailable):
    """There is no `2cvm` here."""


class VersionMismatch(Refused):
    """The `2cvm` here is of another version than this package."""


class ConversionError(Refused):
    """A column that cannot be converted exactly. `column` is its name, as text."""

    def __init__(self, column: str, message: str, hint: str, code: str = "data.column") -> None:
        self.column = visible(column)
        super().__init__(code, f"column {self.column}: {message}", hint)


class Contraindicated(Refused):
    """A session's evidence is not what the manifest demands. `findings` has every reason."""

    def __init__(self, findings: Sequence[Mapping[str, Any]], hint: str | None = None) -> None:
        self.findings = tuple(findings)
        reasons = [f for f in self.findings if isinstance(f, Mapping) and f.get("severity") == "contraindicated"]
        texts = "; ".join(str(f.get("message", "")) for f in reasons[:8])
        first = next((str(f["hint"]) for f in reasons if f.get("hint")), None)
        super().__init__("evidence.contraindicated", texts or "the evidence does not hold", hint or first)


class RunFailed(TwoCVMError):
    """A run released nothing. A rehearsal says why: `reason`, and what the code printed in `logs`."""

    reason: str | None = None
    logs: tuple[tuple[str, str], ...] = ()
    results: Any = None
    """What a sealed run left all the same: its receipt."""

    def __str__(self) -> str:
        printed = [f"{visible(name)} printed:\n{visible(text, keeping=chr(10))}" for name, text in self.logs if text]
        return "\n".join([super().__str__(), *printed])


_BY_STATUS: Mapping[int, type[TwoCVMError]] = {
    1: Refused,
    2: Unreadable,
    3: Unavailable,
    4: RunFailed,
    64: WrongUse,
    130: Interrupted,
}


def of_status(status: int, code: str, message: str, hint: str | None = None, place: str | None = None) -> TwoCVMError:
    """The error that a program's exit status stands for."""
    return _BY_STATUS.get(status, Unavailable)(code, message, hint, place=place)
