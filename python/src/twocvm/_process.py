"""Child processes: started, read within bounds, and ended whole when the caller no longer wants them."""

from __future__ import annotations

import contextvars
import functools
import json
import os
import pathlib
import re
import selectors
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, NoReturn, TypeAlias

from . import _programs, progress
from ._hints import HINTS
from .errors import RunFailed, TwoCVMError, Unavailable, Unreadable, of_status

Word: TypeAlias = "str | os.PathLike[str]"

MAXIMUM_OUTPUT = 256 << 20
"""More than any command prints: its largest answers are reviews, in base64."""
MAXIMUM_ERRORS = 4 << 20
PATIENCE = 5.0
"""Seconds that a child has to clean up after an interrupt."""


class Cancelled(BaseException):
    """The caller of another thread no longer waits."""


class Cancellation:
    """Lets one thread end what another one waits for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_cancelled = False
        self._child: subprocess.Popen[bytes] | None = None

    def cancel(self) -> None:
        """Ends the child, if there is one, and refuses the next."""
        with self._lock:
            self._is_cancelled = True
            if self._child is not None:
                _signal(self._child, signal.SIGINT)

    def raise_if_cancelled(self) -> None:
        if self._is_cancelled:
            raise Cancelled

    @contextmanager
    def watching(self, child: subprocess.Popen[bytes]) -> Iterator[None]:
        with self._lock:
            self._child = child
            if self._is_cancelled:
                _signal(child, signal.SIGINT)
        try:
            yield
        finally:
            with self._lock:
                self._child = None


CURRENT: contextvars.ContextVar[Cancellation | None] = contextvars.ContextVar("twocvm_cancellation", default=None)


def raise_if_cancelled() -> None:
    """Between two pieces of work that no child does."""
    cancellation = CURRENT.get()
    if cancellation is not None:
        cancellation.raise_if_cancelled()


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it printed."""

    status: int
    output: bytes
    errors: bytes

    def value(self) -> Any:
        """The one JSON value on standard output."""
        return parse(self.output)

    def raise_error(self) -> NoReturn:
        """Raises what standard error says."""
        raise error_of(self)


def parse(data: bytes) -> Any:
    """JSON from a program."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise Unreadable(
            "programs.answer", "2cvm printed something that is not JSON", "install 2cvm again; this is a fault of ours"
        ) from None


def members(value: Any) -> dict[str, Any]:
    """A JSON object, and nothing else."""
    if not isinstance(value, dict):
        raise Unreadable("programs.answer", "2cvm printed JSON of another form", "this is a fault of ours")
    return value


def error_of(done: Done) -> TwoCVMError:
    """What a command that failed says."""
    for line in reversed(done.errors.split(b"\n")):
        if not line.strip().startswith(b"{"):
            continue
        try:
            fault = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(fault, dict) and isinstance(fault.get("code"), str) and isinstance(fault.get("message"), str):
            hint, place = fault.get("hint"), fault.get("place")
            error = of_status(
                done.status,
                fault["code"],
                fault["message"],
                HINTS.get(fault["code"], hint if isinstance(hint, str) else None),
                place if isinstance(place, str) else None,
            )
            if isinstance(error, RunFailed):
                error.logs = printed(done.errors)
            return error
    if done.status < 0:
        name = signal.Signals(-done.status).name if -done.status in set(signal.Signals) else str(-done.status)
        return Unavailable("programs.signal", f"2cvm was ended by {name}", "try it again; is there enough memory?")
    return of_status(done.status, "programs.answer", f"2cvm ended with status {done.status} and without a reason")


_PRINTED = re.compile(r"^2cvm: (\S+) printed to \w+:\n((?:  \| .*\n)+)", re.MULTILINE)


def printed(errors: bytes) -> tuple[tuple[str, str], ...]:
    """What components printed while a command ran them: names and texts."""
    text = errors.decode(errors="replace")
    return tuple((name, re.sub(r"(?m)^  \| ", "", lines)) for name, lines in _PRINTED.findall(text))


def environment(home: pathlib.Path | None) -> dict[str, str]:
    """This process's own, with a home where one is named."""
    return {**os.environ, "TWOCVM_HOME": str(home)} if home is not None else dict(os.environ)


def call(
    words: Sequence[Word],
    *,
    step: str,
    home: pathlib.Path | None = None,
    folder: pathlib.Path | None = None,
    permitting: Iterable[int] = (0,),
    on_line: Callable[[bytes], None] | None = None,
) -> Done:
    """Runs one `2cvm` command to its end.

    Args:
        words: the command's words.
        step: what a person is told meanwhile.
        home: where keys that are trusted, and the ledger, are kept; `2cvm`'s own default without one.
        folder: the command's current folder.
        permitting: statuses that are no error here.
        on_line: takes each whole line of standard output as it comes.

    Raises:
        TwoCVMError: what the command says of any other status.
    """
    raise_if_cancelled()
    path = _programs.program()
    with progress.step(step) as meter:
        done = run([str(path), *(os.fspath(w) for w in words)], environment(home), folder, meter.tick, on_line)
    if done.status not in tuple(permitting):
        done.raise_error()
    return done


def run(
    words: Sequence[str],
    variables: Mapping[str, str],
    folder: pathlib.Path | None,
    tick: Callable[[], None],
    on_line: Callable[[bytes], None] | None = None,
) -> Done:
    """A child in a group of its own, which ends with this call however the call ends."""
    for word in words:
        if "\0" in word:
            raise of_status(64, "usage", "a name or a path holds a zero byte")
    try:
        child = subprocess.Popen(
            [*_ending_with_its_caller(), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(variables),
            cwd=folder,
            start_new_session=True,
        )
    except OSError as error:
        raise Unavailable(
            "programs.start", f"2cvm does not start: {error.strerror}", "is the folder still there?"
        ) from None
    cancellation = CURRENT.get() or Cancellation()
    try:
        with cancellation.watching(child):
            output, errors = _read(child, tick, on_line, cancellation)
            status = _wait(child, tick)
    except BaseException:
        end(child)
        raise
    finally:
        for stream in (child.stdout, child.stderr):
            if stream is not None:
                stream.close()
    cancellation.raise_if_cancelled()
    return Done(status, output, errors)


@functools.cache
def _ending_with_its_caller() -> tuple[str, ...]:
    """What interrupts a command when this process is killed: a kernel has no time to clean up then.

    The kernel of the system watches the thread that started it, which is the one that waits for it.
    """
    program = shutil.which("setpriv")
    return (program, "--pdeathsig", "INT", "--") if program else ()


def _read(
    child: subprocess.Popen[bytes],
    tick: Callable[[], None],
    on_line: Callable[[bytes], None] | None,
    cancellation: Cancellation,
) -> tuple[bytes, bytes]:
    """Both streams to their ends."""
    assert child.stdout is not None and child.stderr is not None
    streams: dict[IO[bytes], bytearray] = {child.stdout: bytearray(), child.stderr: bytearray()}
    bounds = {child.stdout: MAXIMUM_OUTPUT, child.stderr: MAXIMUM_ERRORS}
    deadline: float | None = None
    told = 0
    with selectors.DefaultSelector() as selector:
        for stream in streams:
            os.set_blocking(stream.fileno(), False)
            selector.register(stream, selectors.EVENT_READ, stream)
        while selector.get_map():
            for key, _ in selector.select(0.2):
                stream = key.data
                piece = os.read(stream.fileno(), 1 << 18)
                if not piece:
                    selector.unregister(stream)
                streams[stream] += piece
                if len(streams[stream]) > bounds[stream]:
                    raise Unreadable(
                        "programs.answer", "2cvm printed more than it ever should", "this is a fault of ours"
                    )
            if on_line is not None:
                output = streams[child.stdout]
                while (newline := output.find(b"\n", told)) >= 0:
                    on_line(bytes(output[told:newline]))
                    told = newline + 1
            tick()
            try:
                cancellation.raise_if_cancelled()
            except Cancelled:
                # It was told; it may still be cleaning up.
                deadline = deadline or time.monotonic() + PATIENCE
                if time.monotonic() > deadline:
                    raise
    return bytes(streams[child.stdout]), bytes(streams[child.stderr])


def _wait(child: subprocess.Popen[bytes], tick: Callable[[], None]) -> int:
    while True:
        try:
            return child.wait(0.2)
        except subprocess.TimeoutExpired:
            tick()


def end(child: subprocess.Popen[bytes]) -> None:
    """Asks a child to end, and after a while ends it, with everything in its group."""
    try:
        _signal(child, signal.SIGINT)
        deadline = time.monotonic() + PATIENCE
        # Not reaped yet, so that its number stays its own until the group has been signalled.
        while not _has_ended(child) and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        _signal(child, signal.SIGKILL)
        child.wait()


def _has_ended(child: subprocess.Popen[bytes]) -> bool:
    if child.returncode is not None:
        return True
    try:
        return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None
    except ChildProcessError:
        return True


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if child.returncode is None:
        try:
            os.killpg(child.pid, number)
        except (ProcessLookupError, PermissionError):
            pass
