"""A simulated machine on this computer: every step is the real one, and no processor protects it."""

from __future__ import annotations

import os
import pathlib
import selectors
import subprocess
import time
from collections.abc import Sequence
from types import TracebackType

from . import _process, _programs
from .agent import Agent
from .errors import Unavailable, visible

__all__ = ["SimulatedAgent"]

PATIENCE = 60


class SimulatedAgent:
    """Runs `2cvm-agent-simulated` until it is closed, for tutorials and tests.

        with twocvm.SimulatedAgent() as machine:
            session = machine.agent.attest(manifest, me)

    Args:
        listen: where; by default a port that is free.
        options: more words for the program, such as `--runtimes FOLDER`.
    """

    def __init__(self, listen: str = "127.0.0.1:0", options: Sequence[str] = ()) -> None:
        words = [str(_programs.program("2cvm-agent-simulated")), "--listen", listen, *options]
        self._process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            self.url, self.root = self._started()
        except BaseException:
            self.close()
            raise

    @property
    def agent(self) -> Agent:
        """The agent, with its root named: fit for manifests that say `simulated`, and for nothing else."""
        return Agent(self.url, simulated_root=self.root)

    def _started(self) -> tuple[str, str]:
        """Its address and its root, as it prints them."""
        assert self._process.stdout is not None
        stream = self._process.stdout
        text, root = b"", ""
        deadline = time.monotonic() + PATIENCE
        os.set_blocking(stream.fileno(), False)
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            while time.monotonic() < deadline:
                if not selector.select(0.2):
                    continue
                piece = os.read(stream.fileno(), 65536)
                text += piece
                for line in text.decode(errors="replace").splitlines():
                    if "simulated root " in line:
                        root = line.split()[-1]
                    if "listening on " in line and root:
                        return f"http://{line.split()[-1]}", root
                if not piece:
                    break
        last = visible(text.decode(errors="replace").strip().split("\n")[-1])
        raise Unavailable("agent.start", f"the simulated agent does not start: {last}", "is the port free?")

    def close(self) -> None:
        """Ends the machine, and with it the session."""
        if self._process.poll() is None:
            _process.end(self._process)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> SimulatedAgent:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<SimulatedAgent {self.url}: no processor protects it>"


def folder() -> pathlib.Path:
    """Where the programs lie."""
    return _programs.folder()
