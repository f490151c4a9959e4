"""Where a machine listens, and how it becomes a session that is believed."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Callable, Sequence

from . import _process
from ._asynchronous import asynchronous
from .errors import Contraindicated
from .identity import Identity
from .manifest import Manifest
from .session import PROOF, AttestedSession
from .status import Status, status_of

__all__ = ["Agent"]


class Agent:
    """Where a machine listens. Nothing is believed of it before it was attested.

    Args:
        url: `http://HOST:PORT`. What travels is sealed to the attested session, so there is no second lock.
        simulated_root: of a simulated machine, as its agent prints it. It counts where the manifest says `simulated`.
        policies: your own policy files, which can only narrow what the manifest demands.
        options: more words for the verifier, such as `--crl FILE` or `--revocation-not-before DATE`.
    """

    def __init__(
        self,
        url: str,
        *,
        simulated_root: str | None = None,
        policies: Sequence[str | os.PathLike[str]] = (),
        options: Sequence[str] = (),
    ) -> None:
        self.url = url
        self.simulated_root = simulated_root
        self.verifier: list[str] = [*options]
        for policy in policies:
            self.verifier += ["--policy", str(pathlib.Path(policy).absolute())]

    def attest(self, manifest: Manifest, identity: Identity) -> AttestedSession:
        """Draws a nonce, asks for evidence, and appraises every row of it against the manifest.

        Compare the session's `words` with the other participants: whoever sees other words is shown another machine.

        Raises:
            Contraindicated: with every reason against the session.
        """
        words: list[_process.Word] = [
            "attest",
            "--json",
            "--manifest",
            manifest.path,
            *self.root_options(),
            "--",
            self.url,
        ]
        done = _process.call(words, step="attesting", home=identity.home, permitting=(0, 1))
        if done.status and not done.output.strip():
            done.raise_error()
        value = _process.members(done.value())
        if done.status or value.get("verdict") != "affirmed":
            findings = value.get("findings")
            raise Contraindicated(findings if isinstance(findings, list) else [])
        return AttestedSession(PROOF, self, manifest, identity, value)

    def root_options(self) -> list[str]:
        """The words that say what a verifier takes."""
        root = [] if self.simulated_root is None else ["--simulated-root", self.simulated_root]
        return [*self.verifier, *root]

    def status(self) -> Status:
        """Where the session stands, by the agent's word."""
        return status_of(_process.call(["status", "--json", "--", self.url], step="asking").value())

    def follow(self, on_status: Callable[[Status], None]) -> Status:
        """Waits until the session has finished, and tells each change.

        Raises:
            Refused: it has ended, and there is nothing to fetch.
        """
        last: list[Status] = []

        def take(line: bytes) -> None:
            last.append(status_of(_process.parse(line)))
            del last[:-1]
            on_status(last[0])

        words = ["status", "--follow", "--json", "--", self.url]
        _process.call(words, step="waiting for the session", on_line=take)
        return last[0] if last else self.status()

    aattest = asynchronous(attest)
    astatus = asynchronous(status)
    afollow = asynchronous(follow)

    def __repr__(self) -> str:
        return f"Agent({self.url!r})"
