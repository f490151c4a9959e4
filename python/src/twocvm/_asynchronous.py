"""The same calls for `async` code: each runs in a thread of its own, and cancelling the task ends its child."""

from __future__ import annotations

import contextvars
import functools
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

from ._process import CURRENT, Cancellation, Cancelled

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")


async def in_thread(work: Callable[[], R]) -> R:
    """What `work` returns or raises. A cancelled task waits until the thread has cleaned up."""
    # Whoever waits has imported it; everybody else would wait for it.
    import asyncio

    loop = asyncio.get_running_loop()
    future: asyncio.Future[R] = loop.create_future()
    cancellation = Cancellation()

    def deliver(value: R | None, error: BaseException | None) -> None:
        if future.cancelled():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)  # type: ignore[arg-type]

    def perform() -> None:
        CURRENT.set(cancellation)
        value: R | None = None
        error: BaseException | None = None
        try:
            value = work()
        except Cancelled:
            error = asyncio.CancelledError()
        except BaseException as caught:  # It is raised again by whoever waits.
            error = caught
        try:
            loop.call_soon_threadsafe(deliver, value, error)
        except RuntimeError:
            pass  # The loop is closed; nobody waits.

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(perform,), name="twocvm", daemon=True).start()
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        cancellation.cancel()
        while not future.done():
            try:
                await asyncio.wait([future])
            except asyncio.CancelledError:
                continue
        if not future.cancelled():
            future.exception()  # It was looked at.
        raise


def asynchronous(
    method: Callable[Concatenate[S, P], R],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, R]]:
    """The `async` form of a method. Cancelling it ends the child process and everything in its group."""

    @functools.wraps(method)
    async def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await in_thread(functools.partial(method, self, *args, **kwargs))

    run.__doc__ = f"As `{method.__name__}`, for `async` code. Cancelling it ends the child process and its group."
    return run
