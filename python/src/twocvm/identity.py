"""Who you are: a name and the file of your keys. And whose keys you know."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterable
from typing import Any

from . import _process
from .errors import Unavailable

__all__ = ["Identity"]


class Identity:
    """A participant who acts from here.

    The keys stay in `NAME.key`, which `2cvm` alone reads. `home` is where it keeps the keys that you trust, and the
    ledger of what you submitted; without one it is `TWOCVM_HOME`, else `~/.config/2cvm`.
    """

    def __init__(
        self,
        name: str,
        folder: str | os.PathLike[str] = ".",
        *,
        home: str | os.PathLike[str] | None = None,
        passphrase_file: str | os.PathLike[str] | None = None,
    ) -> None:
        self.name = name
        self.key = pathlib.Path(folder).absolute() / f"{name}.key"
        self.public = pathlib.Path(folder).absolute() / f"{name}.pub"
        self.home = None if home is None else pathlib.Path(home).absolute()
        self.passphrase_file = None if passphrase_file is None else pathlib.Path(passphrase_file).absolute()
        for file in (self.key, self.public):
            if not file.is_file():
                raise Unavailable(
                    "key.missing",
                    f"there is no {file.name} in {file.parent}",
                    f"twocvm.Identity.create({name!r}, folder)",
                )

    @classmethod
    def create(
        cls,
        name: str,
        folder: str | os.PathLike[str] = ".",
        *,
        home: str | os.PathLike[str] | None = None,
        passphrase_file: str | os.PathLike[str] | None = None,
        exist_ok: bool = False,
    ) -> Identity:
        """Makes keys. With `exist_ok` keys that are there already are taken, as a cell that runs again needs it."""
        place = pathlib.Path(folder).absolute()
        if not (exist_ok and (place / f"{name}.key").is_file()):
            place.mkdir(parents=True, exist_ok=True)
            words: list[_process.Word] = ["key", "new", "--json", "--directory", place]
            _process.call([*words, *_passphrase(passphrase_file), "--", name], step="making keys")
        return cls(name, place, home=home, passphrase_file=passphrase_file)

    def trust(self, name: str, key: str | os.PathLike[str]) -> str:
        """Remembers a participant's key, which is a `NAME.pub` or a `did:key:…`; returns its fingerprint.

        Compare the fingerprint with its owner first, over the telephone for instance. `manifest.sign` refuses while
        another participant's key is not known.
        """
        done = self._call(["key", "trust", "--json", "--", name, os.fspath(key)], "trusting a key")
        return str(_process.members(done.value()).get("fingerprint", ""))

    @property
    def fingerprint(self) -> str:
        """What the others compare with what you read to them."""
        done = self._call(["key", "show", "--json", "--", self.public], "reading a key")
        return str(_process.members(done.value()).get("fingerprint", ""))

    def known(self) -> list[dict[str, Any]]:
        """The keys that you trust."""
        value = self._call(["key", "list", "--json"], "reading keys").value()
        return [_process.members(entry) for entry in (value if isinstance(value, list) else [])]

    def options(self) -> list[str | os.PathLike[str]]:
        """The words that say who acts."""
        return ["--key", self.key, *_passphrase(self.passphrase_file)]

    def _call(self, words: Iterable[str | os.PathLike[str]], step: str) -> _process.Done:
        return _process.call([*words], step=step, home=self.home)

    def __repr__(self) -> str:
        return f"Identity({self.name!r}, {str(self.key.parent)!r})"


def _passphrase(file: str | os.PathLike[str] | None) -> list[str | os.PathLike[str]]:
    return [] if file is None else ["--passphrase-file", pathlib.Path(file).absolute()]
