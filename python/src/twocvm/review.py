"""What waits for your yes or no."""

from __future__ import annotations

import base64
import binascii
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import _html
from .errors import Unreadable, visible

__all__ = ["Review"]


@dataclass(frozen=True)
class Review:
    """A question before it runs, or results before they leave: read it, then answer with its `digest`."""

    run: int
    """Which run it is of."""
    subject: str
    """`question` or `result`."""
    digest: str
    """What `approve` and `refuse` take: over all that was shown, and nothing else."""
    shown: Mapping[str, bytes]
    """What waits, by name, as it would run or leave."""
    is_empty: bool
    """Whether there is nothing to decide: a run that failed. `2cvm` has answered it already."""
    value: dict[str, Any] = field(repr=False, default_factory=dict)
    page: str = field(repr=False, default="")
    """All of it as a page: what differs from earlier questions, who receives what, and how much that can tell."""

    def text(self, name: str) -> str:
        """What waits under a name, with characters that hide themselves written as `\\u{CODE}`."""
        return visible(self.shown[name].decode(errors="replace"), keeping="\n")

    def differs_from(self, earlier: Review) -> str:
        """What is new beside an earlier review, line by line. Two questions that differ little can be subtracted."""
        lines: list[str] = []
        for name in self.shown:
            before = earlier.text(name).splitlines() if name in earlier.shown else []
            now = self.text(name).splitlines()
            lines += difflib.unified_diff(before, now, f"run {earlier.run}", f"run {self.run}", lineterm="")
        return "\n".join(lines)

    def __str__(self) -> str:
        lines = [f"run {self.run}: {self.subject}"]
        for name in self.shown:
            lines += [f"{visible(name)}:", *(f"  | {line}" for line in self.text(name).splitlines())]
        lines.append("nothing to decide" if self.is_empty else f"digest {self.digest}")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        if self.page:
            return _html.frame(self.page, "What waits for your answer", height=560)
        parts = [_html.paragraph(f"run {self.run}: the {self.subject} waits for your answer")]
        for name in self.shown:
            parts += [_html.paragraph(name), _html.text(self.text(name))]
        parts.append(_html.paragraph("nothing to decide" if self.is_empty else f"digest {self.digest}"))
        return _html.frame(_html.page("Review", parts), "What waits for your answer", height=320)


def of_value(value: dict[str, Any], page: str = "") -> Review:
    """What `2cvm review` tells."""
    try:
        shown = {entry["name"]: base64.b64decode(entry["content"], validate=True) for entry in value["shown"]}
        return Review(value["run"], value["subject"], value["digest"], shown, value["empty"], value, page)
    except (KeyError, TypeError, binascii.Error):
        raise Unreadable("programs.answer", "2cvm showed a review of another form", "this is a fault of ours") from None
