"""Work for a worker that begins only once the worker runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import ParamSpec

__all__ = ["later"]

Given = ParamSpec("Given")


def later(
    work: Callable[Given, Awaitable[None]], *given: Given.args, **named: Given.kwargs
) -> Callable[[], Awaitable[None]]:
    """What `run_worker` is to call: a coroutine made before would be left over, which Python warns
    of, where all ends before the worker runs."""
    return partial(work, *given, **named)
