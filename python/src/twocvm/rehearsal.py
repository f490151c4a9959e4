"""A rehearsal on this machine: what it is given, and what came of it."""

from __future__ import annotations

import os
import pathlib
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from . import _process, _programs, _runtime
from ._convert import convert
from ._tables import is_parquet
from .errors import Refused, RunFailed, WrongUse
from .outputs import Gate, Output, Outputs

if TYPE_CHECKING:
    from .manifest import Manifest

__all__ = ["Rehearsal"]


class Scratch:
    """A folder for one's own eyes, which is removed with this object."""

    def __init__(self) -> None:
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="twocvm-"))
        weakref.finalize(self, shutil.rmtree, self.path, True)


class Rehearsal(Outputs):
    """What a rehearsal released: a DataFrame for each table, and each gate's verdict. Nothing of it was attested."""

    def __init__(self, outputs: Mapping[str, Output], value: dict[str, Any], folder: Any) -> None:
        super().__init__(outputs)
        self.value = value
        # Removed with this object, where it is a temporary folder.
        self._folder = folder

    @property
    def gates(self) -> dict[str, Gate]:
        """What each output's gate did."""
        return {name: output.gate for name, output in self.outputs.items() if output.gate is not None}

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """For which entries data was made up, or other data taken than the manifest pins."""
        return tuple(self.value.get("standIns", ()))

    def _title(self) -> str:
        return "a rehearsal: nothing was attested"

    def _notes(self) -> list[str]:
        return [f"on stand-ins for {', '.join(self.stand_ins)}"] if self.stand_ins else []


def rehearse(
    manifest: Manifest,
    data: Mapping[str, Any],
    stand_ins: Iterable[str] | Literal["missing"],
    seed: int,
    folder: str | os.PathLike[str] | None,
    salts: Mapping[str, str],
    components: Mapping[str, str | os.PathLike[str]],
) -> Rehearsal:
    """As `Manifest.rehearse`."""
    document = manifest.document
    entries = {entry["name"]: entry for entry in document["data"]}
    for name in data:
        if name not in entries:
            raise WrongUse("usage", f"the manifest has no data named {name}", f"it has {', '.join(entries)}")
    brought = brought_files(manifest)
    work = Scratch()
    place = work.path
    words: list[str | os.PathLike[str]] = ["run", "--json", "--seed", str(seed)]
    if manifest.files is not None:
        words += ["--files", manifest.files]
    for name, source in data.items():
        path = as_file(source, place / f"{name}.csv", name, document)
        is_other = entries[name]["commitment"] != "any" and name not in salts
        words += ["--stand-in" if is_other else "--data", f"{name}={path}"]
    for name, salt in salts.items():
        words += ["--salt", f"{name}={salt}"]
    for name, file in {**runtime_files(manifest, document), **components}.items():
        words += ["--component", f"{name}={pathlib.Path(file).absolute()}"]
    if stand_ins == "missing":
        stand_ins = [name for name in entries if name not in data and name not in brought]
    for name in stand_ins:
        words += ["--stand-in", name]
    target = pathlib.Path(folder).absolute() if folder is not None else place / "outputs"
    done = _process.call([*words, "--output", target, "--", manifest.path], step="rehearsing", permitting=(0, 4))
    if done.status == 4:
        raise _failure(done)
    value = _process.members(done.value())
    formats = {entry["name"]: entry.get("format") for entry in document["outputs"]}
    outputs = {}
    for entry in value["outputs"]:
        name = entry["name"]
        outputs[name] = Output(name, target / name, formats.get(name), _gate(entry.get("gate")))
    return Rehearsal(outputs, value, work)


def as_file(source: Any, path: pathlib.Path, name: str, document: Mapping[str, Any]) -> pathlib.Path:
    """The path of what a component reads: a table is converted to `path`, any other file is taken as it is.

    Args:
        source: the table or the file.
        path: where to write.
        name: of the data, whose format and bound the manifest has.
        document: the manifest.
    """
    entry = next(entry for entry in document["data"] if entry["name"] == name)
    is_for_runtime = _runtime.is_read_by_runtime(document, name)
    if isinstance(source, (str, os.PathLike)):
        given = pathlib.Path(source).absolute()
        if not is_parquet(given):
            if is_for_runtime:
                _runtime.require_room(name, given.stat().st_size)
            return given
        source = given
    format = entry.get("format")
    bound: int = entry["maximumBytes"]
    if is_for_runtime:
        bound = min(bound, _runtime.BYTES)
    try:
        convert(source, path, format if isinstance(format, Mapping) else None, maximum_bytes=bound)
    except Refused as error:
        if error.code == "data.size" and bound < entry["maximumBytes"]:
            _runtime.require_room(name, bound + 1)
        raise
    return path


def runtime_files(manifest: Manifest, document: dict[str, Any]) -> dict[str, pathlib.Path]:
    """The runtime of SQL that is here, for a manifest of others that has one. `2cvm` compares its digest."""
    runtime = _programs.sql_runtime()
    is_wanted = any(component["name"] == "sql" for component in document["components"])
    return {"sql": runtime} if runtime is not None and is_wanted and manifest.files is None else {}


def brought_files(manifest: Manifest) -> set[str]:
    """The names of the data that is at hand."""
    if manifest.files is None:
        return set()
    value = _process.members(_process.parse(manifest.files.read_bytes()))
    return {entry["name"] for entry in value.get("data", ())}


def _gate(value: Any) -> Gate | None:
    if not isinstance(value, dict):
        return None
    return Gate(
        value.get("rows"), value.get("noisedCells", 0), value.get("droppedRows", 0), value.get("roundedCells", 0)
    )


def _failure(done: _process.Done) -> BaseException:
    error = _process.error_of(done)
    if isinstance(error, RunFailed) and done.output.strip():
        value = _process.members(done.value())
        error.reason = value.get("reason")
        error.logs = tuple((log.get("component", ""), log.get("text", "")) for log in value.get("logs", ()))
    return error
