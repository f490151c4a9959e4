"""What a person is told while something takes its time: one line in a terminal or below a notebook's cell.

Nothing is printed elsewhere. `twocvm.progress.show = False` keeps it quiet everywhere.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .errors import visible

show = True
"""Whether anything is told at all."""

DELAY = 0.4
"""Seconds that must have passed: what is over sooner needs no line."""
PERIOD = 0.25


class Meter:
    """One step: what happens, how far it is, and for how long."""

    def __init__(self, words: str, screen: _Screen | None) -> None:
        self._words = visible(words)
        self._screen = screen
        self._start = time.monotonic()
        self._told = 0.0
        self._count = 0
        self._total: int | None = None

    def tick(self) -> None:
        """Time has passed."""
        now = time.monotonic()
        if self._screen is None or now - self._start < DELAY or now - self._told < PERIOD:
            return
        self._told = now
        self._screen.write(self.line())

    def advance(self, count: int, total: int | None = None) -> None:
        """So many are done now, of so many in all."""
        self._count, self._total = count, total
        self.tick()

    def line(self) -> str:
        """What is shown."""
        seconds = f"{time.monotonic() - self._start:.0f} s"
        if self._total:
            share = min(self._count / self._total, 1.0)
            bar = "#" * int(share * 20)
            return f"{self._words} [{bar:<20}] {share:4.0%}, {seconds}"
        count = f", {self._count:,}" if self._count else ""
        return f"{self._words}{count}, {seconds}"


class _Screen:
    def write(self, line: str) -> None:
        raise NotImplementedError

    def clear(self) -> None:
        raise NotImplementedError


class _Terminal(_Screen):
    def write(self, line: str) -> None:
        sys.stderr.write(f"\r\x1b[K2cvm: {line[:100]}")
        sys.stderr.flush()

    def clear(self) -> None:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


class _Notebook(_Screen):
    """A display of plain text alone: whatever is in it, no browser reads it as markup."""

    def __init__(self) -> None:
        self._handle: Any = None

    def write(self, line: str) -> None:
        from IPython.display import display

        bundle = {"text/plain": f"2cvm: {line}"}
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)

    def clear(self) -> None:
        if self._handle is not None:
            self._handle.update({"text/plain": ""}, raw=True)


def in_notebook() -> bool:
    """Whether a kernel shows what is displayed."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module is not None and hasattr(module, "get_ipython") else None
    return shell is not None and getattr(shell, "kernel", None) is not None


def _screen() -> _Screen | None:
    if not show:
        return None
    if in_notebook():
        return _Notebook()
    return _Terminal() if sys.stderr is not None and sys.stderr.isatty() else None


@contextmanager
def step(words: str) -> Iterator[Meter]:
    """Tells of one step until the block ends."""
    screen = _screen()
    meter = Meter(words, screen)
    try:
        yield meter
    finally:
        if screen is not None and meter._told:
            screen.clear()
