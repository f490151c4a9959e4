"""What a builder was told, as values."""

from __future__ import annotations

import os
import pathlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .formats import Format, FormatOrAny


@dataclass
class Rules:
    """What an output's gate does, and who sees it first."""

    minimum_group: tuple[str, int] | None = None
    round: dict[str, Any] = field(default_factory=dict)
    noise: list[dict[str, str]] = field(default_factory=list)
    approval: list[str] = field(default_factory=list)
    approval_seconds: int = 86400


@dataclass
class Data:
    """One participant's data."""

    name: str
    provider: str
    source: Any
    format: Format | None
    maximum_bytes: int | None
    file: pathlib.Path | None = None
    """Where it lies, once it was converted; its format, where it is not at hand."""
    option: FormatOrAny | None = None
    """The format that was found, where it is at hand."""

    @property
    def path(self) -> pathlib.Path | None:
        """The file that was named, if one was."""
        return pathlib.Path(self.source).absolute() if isinstance(self.source, (str, os.PathLike)) else None

    def identity(self) -> Any:
        """Of a file that stays where it is: which one, and a sum that tells what somebody wrote into it since.

        Nothing is trusted for it: what pins the file is the commitment that `2cvm` makes.
        """
        if self.file is None or self.file != self.path:
            return None
        count, found = 0, 0
        with self.file.open("rb") as file:
            while piece := file.read(1 << 20):
                count, found = count + len(piece), zlib.crc32(piece, found)
        return [str(self.file), count, found]


@dataclass
class Question:
    """What is asked, and in which language."""

    language: str
    text: str | pathlib.Path
    by: str | None

    @property
    def entry(self) -> str:
        """Its name among the data, as a draft has it."""
        return "query" if self.language == "sql" else "script"

    @property
    def ending(self) -> str:
        """How its file ends."""
        return ".sql" if self.language == "sql" else ".py"


@dataclass
class Released:
    """What leaves."""

    name: str
    recipients: list[str]
    format: FormatOrAny | None
    maximum_bytes: int | None
    rules: Rules


@dataclass
class Runs:
    """That each run has a question of its own."""

    count: int
    approval: list[str]
    approval_seconds: int
    maximum_characters: int
    failures: int | None
    keep: int

    @property
    def format(self) -> Format:
        """What a question may be: lines that people can read."""
        return {"kind": "text", "maximumCharacters": self.maximum_characters, "maximumLineCharacters": 200}

    def words(self, question: str) -> list[str]:
        """The options that say it of the question of that name."""
        bound = max(4096, 4 * self.maximum_characters)
        words = ["--per-run", question, *_bound(question, bound)]
        words += ["--runs", str(self.count), "--keep-runs", str(self.keep)]
        words += [] if self.failures is None else ["--failures", str(self.failures)]
        return words + _approval(question, self.approval, self.approval_seconds)


@dataclass
class Steps:
    """All of it."""

    purpose: str | None = None
    participants: list[pathlib.Path] = field(default_factory=list)
    data: list[Data] = field(default_factory=list)
    question: Question | None = None
    output: Released | None = None
    runs: Runs | None = None
    more: list[str] = field(default_factory=list)
    """Options for `2cvm manifest new`, as they are."""

    def words(self, name: str, paths: Sequence[str], formats: Sequence[str]) -> list[str]:
        """The options that say all of it to `2cvm manifest new`."""
        assert self.question is not None and self.output is not None
        words = ["--name", name, "--force", *(["--purpose", self.purpose] if self.purpose else [])]
        words += ["--by", self.question.by] if self.question.by else []
        for participant in self.participants:
            words += ["--participant", str(participant)]
        for data, path in zip(self.data, paths):
            words += ["--data", f"{data.name}={path}:{data.provider}", *_bound(data.name, data.maximum_bytes)]
        for format in formats:
            words += ["--format", format]
        output = self.output
        words += [
            "--output",
            f"{output.name}:{','.join(output.recipients)}",
            *_bound(output.name, output.maximum_bytes),
            *_approval(output.name, output.rules.approval, output.rules.approval_seconds),
        ]
        words += [] if self.runs is None else self.runs.words(self.question.entry)
        return words + [word.replace("{language}", self.question.language) for word in self.more]


def _bound(name: str, count: int | None) -> list[str]:
    return [] if count is None else ["--maximum-bytes", f"{name}={count}"]


def _approval(name: str, by: Sequence[str], seconds: int) -> list[str]:
    return ["--approval", f"{name}={','.join(by)}:{seconds}"] if by else []
