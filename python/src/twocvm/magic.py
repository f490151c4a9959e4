"""`%%twocvm`: a cell of SQL or Python against a collaboration, rehearsed on stand-in data, and then asked."""

from __future__ import annotations

import pathlib
import shlex
import tempfile
from typing import Any

from IPython.core.magic import Magics as IPythonMagics
from IPython.core.magic import cell_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring
from IPython.display import display

from .collaboration import Collaboration
from .errors import WrongUse
from .manifest import Manifest
from .rehearsal import Rehearsal
from .session import AttestedSession, Results

__all__ = ["Magics"]


@magics_class
class Magics(IPythonMagics):  # type: ignore[misc]
    """The magics of this package."""

    @magic_arguments()  # type: ignore[untyped-decorator]
    @argument("target", help="A variable: a session that was attested, a collaboration, or a manifest.")  # type: ignore[untyped-decorator]
    @argument("--rehearse", action="store_true", help="Rehearse it, and ask nothing.")  # type: ignore[untyped-decorator]
    @argument("--wait", action="store_true", help="Wait for the results, and return them.")  # type: ignore[untyped-decorator]
    @argument("--into", metavar="NAME", help="Keep what it returns in this variable.")  # type: ignore[untyped-decorator]
    @argument("--seed", type=int, default=1, help="What stand-in data is drawn from.")  # type: ignore[untyped-decorator]
    @cell_magic  # type: ignore[untyped-decorator]
    def twocvm(self, line: str, cell: str) -> Any:
        """Rehearses the cell on stand-in data. Against an attested session it is then asked.

        A rehearsal that fails says why, and nothing is asked.
        """
        arguments = parse_argstring(self.twocvm, line)
        if not shlex.split(arguments.target) or arguments.target not in self.shell.user_ns:
            raise WrongUse("usage", f"there is no variable {arguments.target}", "%%twocvm session")
        target = self.shell.user_ns[arguments.target]
        rehearsal = rehearsed(target, cell, arguments.seed)
        value: Rehearsal | Results | None = rehearsal
        if isinstance(target, AttestedSession) and not arguments.rehearse:
            display(rehearsal)
            target.ask(cell)
            print(f"asked in session {target.words}")
            value = target.results(wait=True) if arguments.wait else None
        if arguments.into and value is not None:
            self.shell.user_ns[arguments.into] = value
        return value


def rehearsed(target: Any, cell: str, seed: int = 1) -> Rehearsal:
    """The cell on made-up data: nothing of anybody's own data is read."""
    if isinstance(target, Collaboration):
        return _of_manifest(target.asking(cell).draft(), cell, seed)
    if isinstance(target, AttestedSession):
        return _of_manifest(target.manifest, cell, seed)
    if isinstance(target, Manifest):
        return _of_manifest(target, cell, seed)
    raise WrongUse(
        "usage", f"a {type(target).__name__} takes no question", "name a session, a collaboration or a manifest"
    )


def _of_manifest(manifest: Manifest, cell: str, seed: int) -> Rehearsal:
    document = manifest.document
    code = {mount["mount"] for mount in document["channels"] if mount.get("path", "").startswith("/code/")}
    if len(code) != 1:
        raise WrongUse("usage", f"the manifest has {len(code)} questions", "rehearse it with manifest.rehearse({...})")
    (question,) = code
    others = [entry["name"] for entry in document["data"] if entry["name"] != question]
    with tempfile.TemporaryDirectory(prefix="twocvm-") as folder:
        file = pathlib.Path(folder, "question")
        file.write_text(cell if cell.endswith("\n") else cell + "\n", encoding="utf-8")
        return manifest.rehearse({question: file}, stand_ins=others, seed=seed)
