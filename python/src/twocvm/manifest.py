"""A manifest that is there as a file: read it, rehearse it, sign it."""

from __future__ import annotations

import base64
import json
import os
import pathlib
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from . import _html, _process
from ._asynchronous import asynchronous
from .errors import Unreadable, visible
from .identity import Identity
from .rehearsal import Rehearsal, rehearse

__all__ = ["Checked", "Explanation", "Manifest"]


@dataclass(frozen=True)
class Checked:
    """A manifest that breaks no rule. Says nothing about trust."""

    name: str
    digest: str
    maximum_bits: int
    """The most of anything that can reach the other participants."""
    signers: tuple[str, ...]
    missing_signers: tuple[str, ...]


class Explanation:
    """What a manifest agrees to, in plain words. A terminal shows text, a notebook the page, in a frame without rights.

    `value` is all of it as data.
    """

    def __init__(self, text: str, page: str, value: dict[str, Any]) -> None:
        self.text = text
        self.page = page
        self.value = value

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return _html.frame(self.page, "What the manifest agrees to", height=640)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the page: one file, for a browser or for paper."""
        pathlib.Path(path).write_text(self.page, encoding="utf-8")


class Manifest:
    """A draft, or an envelope with signatures.

    Args:
        path: the file.
        files: what you bring to it and by which salts, as a `Collaboration` writes it beside its draft.
    """

    def __init__(self, path: str | os.PathLike[str], files: str | os.PathLike[str] | None = None) -> None:
        self.path = pathlib.Path(path).absolute()
        self.files = None if files is None else pathlib.Path(files).absolute()
        self._checked = self.check()

    @property
    def name(self) -> str:
        """The manifest's own name."""
        return self._checked.name

    @property
    def digest(self) -> str:
        """What evidence of a machine must name."""
        return self._checked.digest

    @property
    def document(self) -> dict[str, Any]:
        """The manifest as JSON, without its signatures. `2cvm` held it against every rule when this was made."""
        try:
            value = json.loads(self.path.read_bytes())
            if isinstance(value, dict) and "payload" in value:
                value = json.loads(base64.b64decode(value["payload"], validate=True))
        except (OSError, ValueError, TypeError, RecursionError):
            raise Unreadable("manifest.json", f"{self.path} is no manifest", "was it changed meanwhile?") from None
        return _process.members(value)

    def check(self, maximum_bits: int | None = None) -> Checked:
        """Holds it against every rule of the format.

        Args:
            maximum_bits: refuse if more of anybody's data can reach the others.
        """
        bound = [] if maximum_bits is None else ["--maximum-bits", str(maximum_bits)]
        done = _process.call(["manifest", "check", "--json", *bound, "--", self.path], step="checking the manifest")
        value = _process.members(done.value())
        self._checked = Checked(
            value["name"],
            value["digest"],
            value["maximumBits"],
            tuple(value["signers"]),
            tuple(value["missingSigners"]),
        )
        return self._checked

    def explain(self, own: str | Identity | None = None) -> Explanation:
        """Says what it agrees to, first who can learn what.

        Args:
            own: your name in it, or your identity: you are spoken to.
        """
        words = [] if own is None else ["--as", own.name if isinstance(own, Identity) else own]
        home = own.home if isinstance(own, Identity) else None
        start: list[str | os.PathLike[str]] = ["manifest", "explain", *words]
        text = _process.call([*start, "--", self.path], step="explaining", home=home).output.decode(errors="replace")
        value = _process.call([*start, "--json", "--", self.path], step="explaining", home=home).value()
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder, "page.html")
            _process.call([*start, "--html", page, "--", self.path], step="explaining", home=home)
            return Explanation(text, page.read_text(encoding="utf-8"), _process.members(value))

    def rehearse(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        stand_ins: Iterable[str] | Literal["missing"] = "missing",
        seed: int = 1,
        folder: str | os.PathLike[str] | None = None,
        salts: Mapping[str, str] | None = None,
        components: Mapping[str, str | os.PathLike[str]] | None = None,
    ) -> Rehearsal:
        """Runs it on this machine: the same composition, walls and gates, and no attestation.

        Args:
            data: other data than what you bring: DataFrames or paths by name. An entry that the manifest pins takes
                other data as a stand-in.
            stand_ins: entries for which data is made up by their formats; by default all that are not at hand.
            seed: what made-up data is drawn from.
            folder: where to write the outputs, instead of a temporary folder.
            salts: by which pinned data was committed, where `files` does not say it.
            components: the files of components, where `files` does not say it.

        Raises:
            RunFailed: it says why, with what the code printed.
        """
        return rehearse(self, data or {}, stand_ins, seed, folder, salts or {}, components or {})

    def sign(self, identity: Identity, output: str | os.PathLike[str] | None = None) -> Manifest:
        """Signs it, and writes the envelope beside it: `NAME.PARTICIPANT.json`, or where `output` says.

        Refuses while another participant's key is not one that you trust.
        """
        target = pathlib.Path(output) if output else self.path.with_name(f"{self.name}.{identity.name}.json")
        words: list[_process.Word] = ["manifest", "sign", "--json", "--force", "--output", target.absolute()]
        _process.call([*words, *identity.options(), "--", self.path], step="signing", home=identity.home)
        return Manifest(target, self.files)

    def join(
        self, *others: Manifest | str | os.PathLike[str], output: str | os.PathLike[str] | None = None
    ) -> Manifest:
        """Merges the signatures of envelopes of the same manifest into `NAME.signed.json`, or where `output` says."""
        target = pathlib.Path(output) if output else self.path.with_name(f"{self.name}.signed.json")
        paths = [self.path, *(o.path if isinstance(o, Manifest) else pathlib.Path(o).absolute() for o in others)]
        words: list[_process.Word] = ["manifest", "join", "--json", "--force", "--output", target.absolute(), "--"]
        _process.call([*words, *paths], step="joining signatures")
        return Manifest(target, self.files)

    @property
    def signers(self) -> tuple[str, ...]:
        """Whose signatures it has."""
        return self._checked.signers

    @property
    def missing_signers(self) -> tuple[str, ...]:
        """Whose signatures it lacks. With none of them missing, a machine can be locked to it."""
        return self._checked.missing_signers

    acheck = asynchronous(check)
    aexplain = asynchronous(explain)
    arehearse = asynchronous(rehearse)
    asign = asynchronous(sign)

    def entry(self, kind: Literal["data", "outputs", "components"], name: str) -> dict[str, Any]:
        """What it says of one thing."""
        for entry in self.document[kind]:
            if entry.get("name") == name:
                return _process.members(entry)
        raise KeyError(name)

    def __repr__(self) -> str:
        missing = ", ".join(self.missing_signers)
        state = f"not signed by {missing}" if missing else "signed by all"
        return f"<Manifest {visible(self.name)}, {self.digest[:19]}…, {state}>"
