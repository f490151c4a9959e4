"""What the programs that run questions can hold: said before anything is submitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import Refused

BYTES = 4 << 30
"""What 32-bit memory can hold at the most. A query needs more than its tables, so that the true bound is lower."""
RUNTIMES = frozenset(("sql", "python"))
"""Their components' names, as a draft has them."""


def require_room(name: str, count: int) -> None:
    """Refuses so many bytes of tables.

    Args:
        name: the table with which they are so many.
        count: how many they are together.
    """
    if count > BYTES:
        raise Refused(
            "data.address-space",
            f"with {name} there are more than 4 GiB of text, and what runs a question has 32-bit memory",
            "bring fewer rows or columns, or aggregate them before; a component of your own can read in parts",
        )


def is_read_by_runtime(document: Mapping[str, Any], name: str) -> bool:
    """Whether a runtime reads this data, under this manifest."""
    return any(
        channel.get("mount") == name and channel.get("component") in RUNTIMES for channel in document["channels"]
    )
