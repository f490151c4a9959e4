"""A builder: who takes part, who brings what, what is asked, and what may leave."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from ._asynchronous import asynchronous
from ._drafting import Drafter
from ._steps import Data, Question, Released, Rules, Runs, Steps
from ._tables import Source
from .errors import WrongUse
from .formats import Format, FormatOrAny
from .identity import Identity
from .manifest import Checked, Explanation, Manifest
from .rehearsal import Rehearsal

__all__ = ["Collaboration"]


class Collaboration:
    """What some participants agree to compute. Each step returns the builder, so that steps can follow each other.

        ages = (
            twocvm.Collaboration("ages", purpose="How old are patients, by region?")
            .participant(me)
            .data("patients", frame, provider="hospital")
            .sql("select region, count(*) as patients, avg(age) as age from patients group by region")
            .output("ages", recipients=["hospital"])
        )

    Everything is written to `folder`, by default one that bears the name: the draft `NAME.json`, your files, and in
    `NAME.files.json` the salts that pin them. A builder with the same steps and the same data finds its draft there
    again, so a notebook can be run from its first cell after a restart. Where something differs, a draft that nobody
    signed is replaced, and one that somebody signed is not.
    """

    def __init__(self, name: str, *, purpose: str | None = None, folder: str | os.PathLike[str] | None = None) -> None:
        self.name = name
        self.folder = pathlib.Path(folder if folder is not None else name).absolute()
        self._steps = Steps(purpose)
        self._manifest: Manifest | None = None

    # --- the steps ---

    def participant(self, *who: Identity | str | os.PathLike[str]) -> Collaboration:
        """Who takes part: your identity, or the `NAME.pub` that somebody sent you."""
        for one in who:
            self._steps.participants.append(one.public if isinstance(one, Identity) else pathlib.Path(one).absolute())
        return self._changed()

    def data(
        self,
        name: str,
        source: Source | None = None,
        *,
        provider: str,
        format: Format | None = None,
        maximum_bytes: int | None = None,
    ) -> Collaboration:
        """A table, and who brings it.

        Args:
            name: its name in the manifest; a query finds it as a table, with `_` for each `-`.
            source: yours, at hand: a DataFrame, an Arrow table, or the path of a CSV, Parquet or SQLite file. It is
                pinned. Without one the provider submits whatever is of the format.
            provider: the participant's name.
            format: names and types of the columns, with what may be told of their values. Drafted from `source` if you
                give none: names and types alone.
            maximum_bytes: how long it may be; by default what fits.
        """
        if source is None and format is None:
            raise WrongUse(
                "data.source", f"neither {name} itself nor its format is here", "give format=twocvm.table(...)"
            )
        self._steps.data.append(Data(name, provider, source, format, maximum_bytes))
        return self._changed()

    def sql(self, query: str | os.PathLike[str], *, by: str | None = None) -> Collaboration:
        """The question, as one statement of SQL: its text, or the path of a file that ends in `.sql`.

        Args:
            by: who brings it; by default the first recipient.
        """
        self._steps.question = Question("sql", _text_or_path(query, ".sql"), by)
        return self._changed()

    def python(self, script: str | os.PathLike[str], *, by: str | None = None) -> Collaboration:
        """The question, as a script with pandas. It reads `/data/NAME.csv`, and writes `/output/OUTPUT.csv`.

        Args:
            by: who brings it; by default the first recipient.
        """
        self._steps.question = Question("python", _text_or_path(script, ".py"), by)
        return self._changed()

    def asking(self, question: str) -> Collaboration:
        """The same language, another question, as a cell of `%%twocvm` has it."""
        before = self._steps.question
        if before is None:
            return self.sql(question)
        self._steps.question = Question(before.language, question, before.by)
        return self._changed()

    def output(
        self,
        name: str,
        *,
        recipients: Sequence[str],
        format: FormatOrAny | None = None,
        maximum_bytes: int | None = None,
        minimum_group: tuple[str, int] | None = None,
        round: Mapping[str, int | str] | None = None,
        noise: Sequence[Mapping[str, str]] = (),
        approval: Sequence[str] = (),
        approval_seconds: int = 86400,
    ) -> Collaboration:
        """What leaves, to whom, in which form, and by which rules of the gate.

        Args:
            format: by default what the question's result shows, which needs all data at hand.
            minimum_group: a column of counts, and the least: rows with less are dropped.
            round: by column, of what its numbers become multiples.
            noise: `{"column", "mechanism", "scale", "sensitivity"}` each, as docs/FORMATS.md has it.
            approval: who must see the result first, and agree.
            approval_seconds: within how long.
        """
        rules = Rules(minimum_group, dict(round or {}), [dict(n) for n in noise], list(approval), approval_seconds)
        self._steps.output = Released(name, list(recipients), format, maximum_bytes, rules)
        return self._changed()

    def questions(
        self,
        runs: int,
        *,
        approval: Sequence[str] = (),
        approval_seconds: int = 86400,
        maximum_characters: int = 4000,
        failures: int | None = None,
        keep: int | None = None,
    ) -> Collaboration:
        """Lets the question be another one in each run. The one that is given here is what is rehearsed.

        Args:
            runs: how many there can be.
            approval: who reads each question before it runs, and decides.
            approval_seconds: within how long.
            maximum_characters: of a question.
            failures: how many runs may release nothing.
            keep: how many runs' outputs are kept at once; all by default.
        """
        kept = runs if keep is None else keep
        self._steps.runs = Runs(runs, list(approval), approval_seconds, maximum_characters, failures, kept)
        return self._changed()

    def limits(
        self,
        *,
        memory_mib: int | None = None,
        wall_time_seconds: int | None = None,
        compile_seconds: int | None = None,
        admission_seconds: int | None = None,
        retention_seconds: int | None = None,
    ) -> Collaboration:
        """Bounds other than those that fit the files."""
        for option, value in (
            ("--wall-time-seconds", wall_time_seconds),
            ("--compile-seconds", compile_seconds),
            ("--admission-seconds", admission_seconds),
            ("--retention-seconds", retention_seconds),
        ):
            if value is not None:
                self._steps.more += [option, str(value)]
        if memory_mib is not None:
            self._steps.more += ["--memory", f"{{language}}={memory_mib}"]
        return self._changed()

    def platform(
        self, platform: str | os.PathLike[str], *, binding: str | None = None, chip: str | None = None
    ) -> Collaboration:
        """The real machine that it needs: a file with a manifest's `platform`. Without it the platform is simulated."""
        self._steps.more += ["--platform", os.fspath(pathlib.Path(platform).absolute())]
        for option, value in (("--binding", binding), ("--chip", chip)):
            if value is not None:
                self._steps.more += [option, value]
        return self._changed()

    # --- the draft ---

    def draft(self) -> Manifest:
        """Writes the draft, or finds the one that these steps wrote before."""
        if self._manifest is None:
            self._manifest = Drafter(self.name, self.folder, self._steps).draft()
        return self._manifest

    @property
    def manifest(self) -> Manifest:
        """The draft, as `draft` gives it."""
        return self.draft()

    def explain(self, own: str | Identity | None = None) -> Explanation:
        """What it agrees to, in plain words: `Manifest.explain`."""
        return self.draft().explain(own)

    def check(self, maximum_bits: int | None = None) -> Checked:
        """Holds it against every rule: `Manifest.check`."""
        return self.draft().check(maximum_bits)

    def rehearse(self, data: Mapping[str, Any] | None = None, /, **options: Any) -> Rehearsal:
        """Runs it here, on your data and on stand-ins for the others': `Manifest.rehearse`."""
        return self.draft().rehearse(data, **options)

    def sign(self, identity: Identity) -> Manifest:
        """Signs it: `Manifest.sign`."""
        return self.draft().sign(identity)

    adraft = asynchronous(draft)
    aexplain = asynchronous(explain)
    acheck = asynchronous(check)
    arehearse = asynchronous(rehearse)
    asign = asynchronous(sign)

    def __repr__(self) -> str:
        return f"<Collaboration {self.name} in {self.folder}>"

    def _changed(self) -> Collaboration:
        self._manifest = None
        return self


def _text_or_path(question: str | os.PathLike[str], ending: str) -> str | pathlib.Path:
    if isinstance(question, os.PathLike) or ("\n" not in question and question.endswith(ending)):
        return pathlib.Path(question).absolute()
    return question
