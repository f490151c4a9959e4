"""A session that was attested: the only thing that has calls which send."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import _process, review
from ._asynchronous import asynchronous
from ._files import write_whole
from .errors import RunFailed, TwoCVMError, WrongUse, visible
from .identity import Identity
from .manifest import Manifest
from .outputs import Output, Outputs
from .receipt import Receipt
from .rehearsal import as_file
from .review import Review
from .status import Status, status_of

if TYPE_CHECKING:
    from .agent import Agent

__all__ = ["AttestedSession", "Results"]

PROOF = object()
"""What `Agent.attest` alone gives."""


class Results(Outputs):
    """Your outputs of one run, verified, with the receipt of what ran on what. `folder` holds all of it."""

    def __init__(self, outputs: Mapping[str, Output], run: int, folder: pathlib.Path, receipt: Receipt) -> None:
        super().__init__(outputs)
        self.run = run
        self.folder = folder
        self.receipt = receipt

    def _title(self) -> str:
        return f"results of run {self.run}, with their receipt in {self.folder.name}"


class AttestedSession:
    """A session whose evidence was affirmed under the manifest. `Agent.attest` alone makes one.

    Every call attests it anew before anything leaves: what was true once need not be true now. Another session than
    this one is refused.
    """

    def __init__(
        self, proof: object, agent: Agent, manifest: Manifest, identity: Identity, appraisal: dict[str, Any]
    ) -> None:
        if proof is not PROOF:
            raise TypeError("a session comes from Agent.attest, and from nowhere else")
        self.agent = agent
        self.manifest = manifest
        self.identity = identity
        self.appraisal = appraisal
        """What was appraised, with every waiver."""
        self.words = str(appraisal.get("sessionWords", ""))
        """Six words for this session, to compare with the others'."""
        # Which question or result a digest was shown for, and which were answered.
        self._shown: dict[str, tuple[int, str]] = {}
        self._answered: set[tuple[int, str]] = set()

    @property
    def is_locked(self) -> bool:
        """Whether it is bound to the manifest. Before that it takes a manifest, and nothing else."""
        return bool(_process.members(self.appraisal.get("session") or {}).get("stage") != "awaitingManifest")

    def lock(self) -> AttestedSession:
        """Seals the manifest that all have signed to the machine; the session that this made, attested.

        Possible once in a machine's life, by any participant.
        """
        self._call("lock", [], "locking")
        return self.agent.attest(self.manifest, self.identity)

    def submit(
        self,
        data: Mapping[str, Any] | None = None,
        /,
        *,
        components: Mapping[str, str | os.PathLike[str]] | None = None,
        salts: Mapping[str, str] | None = None,
        accept_second_session: str | None = None,
        **more: Any,
    ) -> list[str]:
        """Sends what you promised, sealed to this session alone; the names of what was taken.

        Args:
            data: DataFrames, or paths of CSV or Parquet, by their names in the manifest. What a collaboration wrote
                beside its draft need not be named.
            components: the files of components that you provide.
            salts: by which pinned data was committed, where that is not written beside the draft.
            accept_second_session: the words of this session, to submit although the ledger has another one.
            more: data whose name is a word of Python; `_` stands for `-`.

        Raises:
            Refused: the evidence is not affirmed, a file is not what was agreed, or another session had it before.
        """
        return self._send(
            "submit", {**(data or {}), **_names(more)}, components or {}, salts or {}, accept_second_session
        )

    def ask(self, question: str | os.PathLike[str] | Mapping[str, Any]) -> list[str]:
        """Brings a question for the next run: SQL or a script as text, or a path, or data for each run by name."""
        if isinstance(question, Mapping):
            return self._send("ask", question, {}, {}, None)
        name = self.question_name()
        if isinstance(question, os.PathLike):
            return self._send("ask", {name: question}, {}, {}, None)
        with tempfile.TemporaryDirectory(prefix="twocvm-") as folder:
            file = pathlib.Path(folder, "question")
            file.write_text(question if question.endswith("\n") else question + "\n", encoding="utf-8")
            return self._send("ask", {name: file}, {}, {}, None)

    def question_name(self) -> str:
        """The one entry that you bring for each run."""
        asked = [
            entry["name"]
            for entry in self.manifest.document["data"]
            if entry.get("per") == "run" and entry["provider"] == self.identity.name
        ]
        if len(asked) != 1:
            raise WrongUse(
                "usage",
                f"the manifest lets {self.identity.name} bring {len(asked)} things for each run",
                "name them: ask({'query': ...})" if asked else "another participant asks the questions",
            )
        return str(asked[0])

    def reviews(self, *, wait: bool = False) -> list[Review]:
        """What waits for your yes or no: a question before it runs, or results before they leave.

        What you answered in this session is not shown again, while it waits for others' answers.

        Args:
            wait: until there is something.
        """
        words = ["--wait"] if wait else []
        while True:
            with tempfile.TemporaryDirectory(prefix="twocvm-") as folder:
                page = pathlib.Path(folder, "review.html")
                step = "waiting for a review" if wait else "asking for reviews"
                try:
                    done = self._call("review", [*words, "--html", str(page)], step)
                except TwoCVMError as error:
                    if error.code == "review.none" and not wait:
                        return []
                    raise
                found = review.of_value(_process.members(done.value()), page.read_text(encoding="utf-8"))
            moment = (found.run, found.subject)
            # Until everybody has answered, what was answered here is still there.
            if moment not in self._answered:
                self._shown[found.digest] = moment
                if found.is_empty:
                    self._answered.add(moment)
                return [found]
            if not wait:
                return []
            _process.raise_if_cancelled()
            time.sleep(1)

    def approve(self, digest: str) -> Status:
        """Says yes to what a review showed, by the review's digest. The answer is signed, sealed and final."""
        return self._answer("approve", digest)

    def refuse(self, digest: str) -> Status:
        """Says no to what a review showed. The run releases nothing, and its number is used up."""
        return self._answer("refuse", digest)

    def _answer(self, word: str, digest: str) -> Status:
        if not isinstance(digest, str):
            raise WrongUse("usage", f"{word} takes the digest of what was shown", f"session.{word}(review.digest)")
        try:
            done = self._call(word, [], "answering", first=[digest])
        except TwoCVMError as error:
            if error.code == "review.answered":
                self._note(digest)
            raise
        self._note(digest)
        return status_of(done.value())

    def _note(self, digest: str) -> None:
        if digest in self._shown:
            self._answered.add(self._shown[digest])

    def results(
        self, run: int | None = None, *, wait: bool = True, folder: str | os.PathLike[str] | None = None
    ) -> Results:
        """Your outputs of a run, once it has ended, compared with everything; and the receipt.

        They are kept in `folder`, by default `NAME.PARTICIPANT.run-NUMBER` beside the manifest. What is there already
        is verified again, and not fetched.

        Args:
            run: which one; by default the newest that was not fetched, or the next.
            wait: until it has ended.

        Raises:
            RunFailed: the run released nothing. Its `results` have the receipt, which says so.
        """
        if folder is not None and pathlib.Path(folder, "receipt.json").is_file():
            return self._kept(pathlib.Path(folder).absolute())
        place = self.manifest.path.parent
        if folder is None and run is not None and self._folder(run).joinpath("receipt.json").is_file():
            return self._kept(self._folder(run))
        target = pathlib.Path(folder).absolute() if folder is not None else None
        part = pathlib.Path(tempfile.mkdtemp(prefix=".fetching.", dir=target.parent if target else place))
        words = ["--output", str(part / "files"), *(["--run", str(run)] if run else []), *(["--wait"] if wait else [])]
        try:
            done = self._call("fetch", words, "waiting for results" if wait else "fetching", permitting=(0, 4))
            if not done.output.strip():
                done.raise_error()
            value = _process.members(done.value())
            home = target or self._folder(value["run"])
            if not home.exists():
                os.rename(part / "files", home)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        results = self._of(home, value["run"], [entry["name"] for entry in value["outputs"]])
        if done.status:
            error = _process.error_of(done)
            if isinstance(error, RunFailed):
                error.results = results
            raise error
        return results

    def withdraw(self) -> Status:
        """Ends the session before it executes. There is no way back."""
        return status_of(self._call("withdraw", [], "withdrawing").value())

    alock = asynchronous(lock)
    asubmit = asynchronous(submit)
    aask = asynchronous(ask)
    areviews = asynchronous(reviews)
    aapprove = asynchronous(approve)
    arefuse = asynchronous(refuse)
    aresults = asynchronous(results)
    awithdraw = asynchronous(withdraw)

    # --- how ---

    def _folder(self, run: int) -> pathlib.Path:
        return self.manifest.path.parent / f"{self.manifest.name}.{self.identity.name}.run-{run}"

    def _kept(self, folder: pathlib.Path) -> Results:
        receipt = self._receipt(folder)
        verified = receipt.verify()
        names = {entry["name"] for entry in self.manifest.document["outputs"]}
        return self._of(folder, verified.run, sorted(name for name in names if (folder / name).is_file()))

    def _receipt(self, folder: pathlib.Path) -> Receipt:
        root, home = self.agent.simulated_root, self.identity.home
        return Receipt(folder, self.manifest, simulated_root=root, options=self.agent.verifier, home=home)

    def _of(self, folder: pathlib.Path, run: int, names: Sequence[str]) -> Results:
        formats = {entry["name"]: entry.get("format") for entry in self.manifest.document["outputs"]}
        outputs = {name: Output(name, folder / name, formats.get(name)) for name in names}
        return Results(outputs, run, folder, self._receipt(folder))

    def _send(
        self,
        command: str,
        data: Mapping[str, Any],
        components: Mapping[str, str | os.PathLike[str]],
        salts: Mapping[str, str],
        accept: str | None,
    ) -> list[str]:
        entries = {entry["name"]: entry for entry in self.manifest.document["data"]}
        with tempfile.TemporaryDirectory(prefix="twocvm-") as folder:
            words: list[str] = []
            for name, source in data.items():
                if name not in entries:
                    raise WrongUse("usage", f"the manifest has no data named {name}", f"it has {', '.join(entries)}")
                file = as_file(source, pathlib.Path(folder, f"{name}.csv"), name, self.manifest.document)
                words += ["--data", f"{name}={file}"]
            for name, path in components.items():
                words += ["--component", f"{name}={pathlib.Path(path).absolute()}"]
            for name, salt in salts.items():
                words += ["--salt", f"{name}={salt}"]
            if self.manifest.files is not None and command == "submit":
                words += ["--files", str(self._lasting(pathlib.Path(folder, "files.json"), entries))]
            if accept is not None:
                words += ["--accept-second-session", accept]
            done = self._call(command, words, "submitting")
        return [str(value.get("submitted", "")) for value in _lines(done.output)]

    def _lasting(self, path: pathlib.Path, entries: Mapping[str, Mapping[str, Any]]) -> pathlib.Path:
        """What lies beside the draft, without what is brought for each run: `ask` brings that."""
        assert self.manifest.files is not None
        files = _process.members(_process.parse(self.manifest.files.read_bytes()))
        files["data"] = [file for file in files["data"] if entries.get(file["name"], {}).get("per") != "run"]
        write_whole(path, json.dumps(files))
        return path

    def _call(
        self,
        command: str,
        words: Sequence[str],
        step: str,
        *,
        first: Sequence[str] = (),
        permitting: Sequence[int] = (0,),
    ) -> _process.Done:
        start: list[_process.Word] = [command, "--json", "--manifest", self.manifest.path, "--as", self.identity.name]
        # Whoever compared this session's words is not given another session.
        own = ["--session", self.words]
        options = [*self.identity.options(), *self.agent.root_options(), *own, *words]
        line: list[_process.Word] = [*start, *options, "--", *first, self.agent.url]
        return _process.call(line, step=step, home=self.identity.home, permitting=permitting)

    def __repr__(self) -> str:
        state = "bound to" if self.is_locked else "waiting for"
        simulated = ", SIMULATED" if _process.members(self.appraisal.get("report") or {}).get("simulated") else ""
        return f"<AttestedSession {self.words}, {state} {visible(self.manifest.name)}{simulated}>"


def _names(more: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("_", "-"): value for name, value in more.items()}


def _lines(output: bytes) -> Iterator[dict[str, Any]]:
    for line in output.splitlines():
        if line.strip():
            yield _process.members(_process.parse(line))
