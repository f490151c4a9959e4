"""What a session says of what ran on what, and what that is worth."""

from __future__ import annotations

import os
import pathlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import _html, _process
from ._asynchronous import asynchronous

if TYPE_CHECKING:
    from .manifest import Manifest

__all__ = ["Receipt", "Verification"]


@dataclass(frozen=True)
class Verification:
    """What holds, compared by `2cvm` offline. A page proves nothing: this was the check."""

    outcome: str
    """`completed` or `failed`."""
    run: int
    ended: bool
    """Whether a receipt says that no other run followed. Without it, there were at least `newest_run`."""
    newest_run: int
    is_simulated: bool
    """Whether no processor stands behind it."""
    value: dict[str, Any]
    page: str

    def __str__(self) -> str:
        runs = (
            f"the session ended after run {self.newest_run}"
            if self.ended
            else (f"the session had at least {self.newest_run} runs")
        )
        simulated = "; SIMULATED: no processor stands behind it" if self.is_simulated else ""
        return f"the receipt holds: {self.outcome}; {runs}{simulated}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return _html.frame(self.page, "What was verified", height=480)


class Receipt:
    """The folder that `results` left, or the folders of several runs, with the manifest that all signed.

    Args:
        folders: one for each run.
        manifest: with everyone's signatures.
        simulated_root: of a simulated machine, as its agent prints it.
        options: more words for `2cvm receipt verify`, such as `--crl FILE`.
    """

    def __init__(
        self,
        folders: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
        manifest: Manifest,
        *,
        simulated_root: str | None = None,
        options: Sequence[str] = (),
        home: pathlib.Path | None = None,
    ) -> None:
        several = [folders] if isinstance(folders, (str, os.PathLike)) else folders
        self.folders = tuple(pathlib.Path(folder).absolute() for folder in several)
        self.manifest = manifest
        self._options = [*options, *([] if simulated_root is None else ["--simulated-root", simulated_root])]
        self._home = home

    @property
    def path(self) -> pathlib.Path:
        """The first run's receipt itself: a DSSE envelope, which can be shown to anyone."""
        return self.folders[0] / "receipt.json"

    def verify(self) -> Verification:
        """Checks everything that was kept, offline, today or years later.

        Raises:
            Refused: something does not hold.
        """
        start: list[str | os.PathLike[str]] = ["receipt", "verify", "--manifest", self.manifest.path, *self._options]
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder, "page.html")
            words = [*start, "--json", "--html", page, "--", *self.folders]
            value = _process.members(_process.call(words, step="verifying the receipt", home=self._home).value())
            newest = value["runs"][-1] if isinstance(value.get("runs"), list) and value["runs"] else value
            return Verification(
                newest["outcome"],
                newest["run"],
                value["ended"],
                value["newestRun"],
                value.get("simulated", newest.get("simulated", False)),
                value,
                page.read_text(encoding="utf-8"),
            )

    averify = asynchronous(verify)
