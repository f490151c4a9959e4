"""2cVM from Python.

Organisations compute together on each other's data although they trust neither each other nor the machine's owner. This
package is thin: every step is one of the `2cvm` programs, which hold the keys, seal, appraise and verify. What it adds
is the manner of a notebook: DataFrames in and out, errors as exceptions, `async` forms, progress, and pages.

A builder, `Collaboration`, drafts a `Manifest`, which is explained, checked, rehearsed and signed. `Agent.attest` makes
an `AttestedSession`, and only that has calls that send anything. `Receipt.verify` checks what came of it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from ._convert import convert, describe
    from ._mock import mock
    from .agent import Agent
    from .collaboration import Collaboration
    from .errors import (
        Contraindicated,
        ConversionError,
        Interrupted,
        ProgramsMissing,
        Refused,
        RunFailed,
        TwoCVMError,
        Unavailable,
        Unreadable,
        VersionMismatch,
        WrongUse,
    )
    from .formats import Format, boolean, date, decimal, integer, table, text
    from .identity import Identity
    from .manifest import Checked, Explanation, Manifest
    from .outputs import Gate, Output, Outputs
    from .receipt import Receipt, Verification
    from .rehearsal import Rehearsal
    from .review import Review
    from .session import AttestedSession, Results
    from .simulated import SimulatedAgent
    from .status import Status

_PLACES = {
    "agent": ("Agent",),
    "collaboration": ("Collaboration",),
    "_convert": ("convert", "describe"),
    "errors": (
        "Contraindicated",
        "ConversionError",
        "Interrupted",
        "ProgramsMissing",
        "Refused",
        "RunFailed",
        "TwoCVMError",
        "Unavailable",
        "Unreadable",
        "VersionMismatch",
        "WrongUse",
    ),
    "formats": ("Format", "boolean", "date", "decimal", "integer", "table", "text"),
    "identity": ("Identity",),
    "manifest": ("Checked", "Explanation", "Manifest"),
    "_mock": ("mock",),
    "outputs": ("Gate", "Output", "Outputs"),
    "receipt": ("Receipt", "Verification"),
    "rehearsal": ("Rehearsal",),
    "review": ("Review",),
    "session": ("AttestedSession", "Results"),
    "simulated": ("SimulatedAgent",),
    "status": ("Status",),
}
_MODULES = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "Agent",
    "AttestedSession",
    "Checked",
    "Collaboration",
    "Contraindicated",
    "ConversionError",
    "Explanation",
    "Format",
    "Gate",
    "Identity",
    "Interrupted",
    "Manifest",
    "Output",
    "Outputs",
    "ProgramsMissing",
    "Receipt",
    "Refused",
    "Rehearsal",
    "Results",
    "Review",
    "RunFailed",
    "SimulatedAgent",
    "Status",
    "TwoCVMError",
    "Unavailable",
    "Unreadable",
    "Verification",
    "VersionMismatch",
    "WrongUse",
    "__version__",
    "boolean",
    "convert",
    "date",
    "decimal",
    "describe",
    "integer",
    "mock",
    "table",
    "text",
]


def __getattr__(name: str) -> Any:
    """Imports a part when it is first used: `import twocvm` costs next to nothing."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext twocvm`: the cell magic `%%twocvm`."""
    from .magic import Magics

    shell.register_magics(Magics)
