"""Where the programs are: in this wheel, or installed. Another version than this package's is refused."""

from __future__ import annotations

import functools
import os
import pathlib
import shutil
import subprocess

from ._version import __version__
from .errors import ProgramsMissing, Unavailable, VersionMismatch

INSIDE = pathlib.Path(__file__).parent / "programs" / "bin"
VARIABLE = "TWOCVM_PROGRAMS"


def folder() -> pathlib.Path:
    """The folder with `2cvm` and its neighbours.

    It is the one that `TWOCVM_PROGRAMS` names, else the wheel's own, else that of the first `2cvm` in `PATH`.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not (pathlib.Path(named) / "2cvm").is_file():
            raise ProgramsMissing(
                "programs.missing", f"there is no 2cvm in {named}", f"{VARIABLE} names the folder that holds 2cvm"
            )
        return pathlib.Path(named).absolute()
    if (INSIDE / "2cvm").is_file():
        return INSIDE
    found = shutil.which("2cvm")
    if found is None:
        raise ProgramsMissing(
            "programs.missing",
            "there is no 2cvm on this machine",
            f"install the wheel for manylinux, which holds it, or name its folder: {VARIABLE}=/path/to/bin",
        )
    return pathlib.Path(found).absolute().parent


def program(name: str = "2cvm") -> pathlib.Path:
    """The path of a program, whose version was compared.

    Raises:
        ProgramsMissing: there is none.
        VersionMismatch: it is of another release than this package.
    """
    path = folder() / name
    if not path.is_file():
        raise ProgramsMissing("programs.missing", f"there is no {name} beside 2cvm", "install 2cvm whole")
    require_version(folder() / "2cvm")
    return path


def sql_runtime() -> pathlib.Path | None:
    """The component that runs SQL: beside the programs, or built in their checkout."""
    place = folder()
    built = pathlib.Path("runtimes/sql.wasm")
    for path in (place.parent / "share/2cvm" / built, place.parent / built, place.parent.parent / built):
        if path.is_file():
            return path
    return None


def require_version(path: pathlib.Path) -> None:
    """Refuses a `2cvm` of another version. Asked once of each file."""
    about = path.stat()
    _compare(str(path), about.st_ino, about.st_size, about.st_mtime_ns)


@functools.lru_cache(maxsize=16)
def _compare(path: str, *_identity: int) -> None:
    try:
        done = subprocess.run(
            [path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(
            "programs.start", f"{path} does not run here: {error}", "install 2cvm for this machine"
        ) from None
    first = done.stdout[:4096].decode(errors="replace").split("\n", 1)[0].strip()
    if first != f"2cvm {__version__}":
        raise VersionMismatch(
            "programs.version",
            f"{path} says {first[:80]!r}, and this package needs 2cvm {__version__}",
            f"install both of one release: pip install twocvm=={first[5:40]}"
            if first.startswith("2cvm ")
            else f"install 2cvm {__version__}",
        )
