"""What the wheel's `2cvm` in a folder of commands does: it becomes the program inside the package."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from ._programs import INSIDE

__all__ = ["main"]


def main(name: str) -> NoReturn:
    """Runs a program of this wheel in the place of this one."""
    path = INSIDE / name
    try:
        os.execv(path, [str(path), *sys.argv[1:]])
    except OSError as error:
        sys.exit(f"{name}: error: {path} does not start: {error.strerror}; install the wheel for this machine again")
