"""Where a session stands, as its agent says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import _process
from .errors import visible

__all__ = ["Status"]


@dataclass(frozen=True)
class Status:
    """Where a session stands, by its agent's word alone. How a run ended is not said here."""

    stage: str
    filled: int
    total: int
    run: int | None
    value: dict[str, Any]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.stage in ("finished", "ended")

    def __str__(self) -> str:
        run = f", run {self.run}" if self.run else ""
        return f"{visible(self.stage)}: {self.filled} of {self.total} slots filled{run}"


def status_of(value: Any) -> Status:
    fields = _process.members(value)
    slots = _process.members(fields.get("slots") or {})
    run = _process.members(fields.get("run") or {})
    return Status(
        str(fields.get("stage", "")), slots.get("filled", 0), slots.get("total", 0), run.get("number"), fields
    )
