"""A draft from the steps of a builder: `2cvm manifest new` writes it, and this adds what that has no option for.

`2cvm manifest check` holds the result against every rule of the format.
"""

from __future__ import annotations

import dataclasses
import fcntl
import filecmp
import json
import os
import pathlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from . import _process, _programs, _runtime
from ._convert import convert
from ._files import read_text, write_whole
from ._steps import Rules, Steps
from ._tables import is_parquet
from ._version import __version__
from .errors import Refused, Unavailable, WrongUse
from .manifest import Manifest


class Drafter:
    """Writes the draft of one collaboration into its folder."""

    def __init__(self, name: str, folder: pathlib.Path, steps: Steps) -> None:
        if not name or os.sep in name or name.startswith((".", "-")):
            raise WrongUse("usage", f"{name!r} is no name", "a name has 1 to 40 of a-z, 0-9 and -, begun by a letter")
        self.name = name
        self.folder = folder
        self.steps = steps

    def draft(self) -> Manifest:
        """The draft that is there, if nothing differs; else another one."""
        steps = self.steps
        if steps.question is None or steps.output is None:
            missing = "a question: .sql(...) or .python(...)" if steps.question is None else "an output: .output(...)"
            raise WrongUse("draft.incomplete", f"the collaboration {self.name} lacks {missing}", "add that step")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(
                "file.open", f"{self.folder} cannot be made: {error.strerror}", "is the path right?"
            ) from None
        question = steps.question.text
        text = question if isinstance(question, str) else read_text(question)
        with self._alone():
            pending = self._convert()
            try:
                return self._settled(text if text.endswith("\n") else text + "\n", pending)
            finally:
                for part in pending:
                    part.unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One kernel at a time writes a draft."""
        with open(self.folder / ".lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _settled(self, text: str, pending: dict[pathlib.Path, pathlib.Path]) -> Manifest:
        draft, files, inputs = (self.folder / f"{self.name}.{end}" for end in ("json", "files.json", "inputs.json"))
        described = json.dumps(self._described(text), sort_keys=True)
        is_known = inputs.is_file() and inputs.read_text(encoding="utf-8") == described
        is_same = all(new.is_file() and filecmp.cmp(part, new, shallow=False) for part, new in pending.items())
        if is_known and is_same and draft.is_file() and files.is_file():
            return Manifest(draft, files)
        self._require_unsigned()
        inputs.unlink(missing_ok=True)
        for part, new in pending.items():
            os.replace(part, new)
        self._write(text, draft)
        write_whole(inputs, described)
        return Manifest(draft, files)

    def _convert(self) -> dict[pathlib.Path, pathlib.Path]:
        """Converts what is at hand: new files, and which ones they would replace."""
        pending: dict[pathlib.Path, pathlib.Path] = {}
        total = 0
        for data in self.steps.data:
            if data.source is None:
                total += data.maximum_bytes or 0
                _runtime.require_room(data.name, total)
                data.file, data.option = self.folder / f"{data.name}.format.json", None
                part = self.folder / f".{data.name}.format.new"
                write_whole(part, json.dumps(data.format))
                pending[part] = data.file
                continue
            if data.path is not None and not is_parquet(data.path):
                data.file, data.option = data.path, data.format
                total += data.path.stat().st_size
            else:
                data.file = self.folder / f"{data.name}.csv"
                part = self.folder / f".{data.name}.csv.new"
                try:
                    data.option = convert(data.source, part, data.format, maximum_bytes=_runtime.BYTES)
                except Refused as error:
                    if error.code == "data.size":
                        _runtime.require_room(data.name, _runtime.BYTES + 1)
                    raise
                pending[part] = data.file
                total += part.stat().st_size
            _runtime.require_room(data.name, total)
        return pending

    def _described(self, text: str) -> dict[str, Any]:
        """The steps as data: what differs in it makes another draft."""
        steps = self.steps
        assert steps.output is not None and steps.question is not None
        return {
            "package": [__version__, str(_programs.folder())],
            "participants": [read_text(path) for path in steps.participants],
            "data": [
                [data.name, data.provider, data.option, data.format, data.maximum_bytes, data.identity()]
                for data in steps.data
            ],
            "question": [steps.question.language, text, steps.question.by],
            "output": dataclasses.asdict(steps.output),
            "runs": None if steps.runs is None else dataclasses.asdict(steps.runs),
            "more": [steps.purpose, steps.more],
        }

    def _require_unsigned(self) -> None:
        own = {f"{self.name}.files.json", f"{self.name}.inputs.json"}
        others = [path for path in sorted(self.folder.glob(f"{self.name}.*.json")) if path.name not in own]
        signed = [path.name for path in others if b'"payload"' in path.read_bytes()]
        if signed:
            raise Refused(
                "draft.signed",
                f"the steps or the data are not those of the draft that {', '.join(signed)} signs",
                "go on with that manifest: twocvm.Manifest(path, files); or give the new draft another name",
            )

    def _write(self, text: str, draft: pathlib.Path) -> None:
        steps = self.steps
        assert steps.output is not None and steps.question is not None
        source = self.folder / f"{self.name}{steps.question.ending}"
        write_whole(source, text)
        formats = [self._format(data.name, data.option) for data in steps.data if data.option is not None]
        if steps.output.format is not None:
            formats.append(self._format(steps.output.name, steps.output.format))
        if steps.runs is not None:
            formats.append(self._format(steps.question.entry, steps.runs.format))
        words = steps.words(self.name, [str(data.file) for data in steps.data], formats)
        start = ["manifest", "new", "--json", f"--{steps.question.language}", str(source)]
        _process.call([*start, *words], step="drafting", folder=self.folder)
        document = _process.members(_process.parse(draft.read_bytes()))
        before = json.dumps(document)
        ruled(document, steps.output.name, steps.output.rules)
        if json.dumps(document) != before:
            write_whole(draft, json.dumps(document, indent=2))
            _process.call(["manifest", "check", "--json", "--", draft], step="checking the manifest")

    def _format(self, name: str, format: Any) -> str:
        """The option that says what something is."""
        if isinstance(format, str):
            return f"{name}={format}"
        path = self.folder / f"{name}.format.json"
        write_whole(path, json.dumps(format))
        return f"{name}={path}"


def ruled(document: dict[str, Any], name: str, rules: Rules) -> None:
    """Writes an output's rules into the manifest: `2cvm manifest new` has no options for them."""
    entry = next(entry for entry in document["outputs"] if entry["name"] == name)
    if rules.minimum_group is not None:
        column, least = rules.minimum_group
        entry["minimumGroup"] = {"column": column, "atLeast": least}
    if rules.round:
        entry["round"] = [{"column": column, "to": step} for column, step in rules.round.items()]
    if rules.noise:
        entry["noise"] = rules.noise
