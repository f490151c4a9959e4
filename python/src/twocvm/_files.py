"""Files of one's own."""

from __future__ import annotations

import os
import pathlib

from .errors import Unavailable, Unreadable


def write_whole(path: pathlib.Path, text: str) -> None:
    """Whole or not at all, for one's own eyes."""
    part = path.with_name(f".{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(part, path)


def read_text(path: pathlib.Path) -> str:
    """A whole file of text."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Unavailable("file.open", f"{path} cannot be read: {error.strerror}", "is the path right?") from None
    except UnicodeDecodeError:
        raise Unreadable("file.text", f"{path} is not text in UTF-8", "write it again as UTF-8") from None
