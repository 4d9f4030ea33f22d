"""How figures of waiting are told: median, 95th percentile and worst, against a budget."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

__all__ = ["as_installed", "line", "pauses", "timed", "until"]

_LONGEST = 60.0
_LOOK = 0.001


def as_installed(folder: Path) -> None:
    """Have processes that are started keep compiled modules there, as an installation has them: the
    first one compiles, and is not to be measured."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = f"{folder}/compiled"


def line(label: str, took: Sequence[float], budget: float | None = None) -> None:
    """Print a line of milliseconds, or of whatever was measured."""
    ordered = sorted(took)
    at_95 = ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
    late = "" if budget is None or at_95 <= budget else f"  over {budget:.0f}"
    print(
        f"{label:50} {statistics.median(ordered):8.1f} {at_95:8.1f} {ordered[-1]:8.1f}{late}",
        flush=True,
    )


def timed(ask: Callable[[], object]) -> float:
    """Milliseconds that it takes."""
    started = time.perf_counter()
    ask()
    return (time.perf_counter() - started) * 1000


async def until(true: Callable[[], bool]) -> float:
    """Milliseconds until something holds.

    Raises:
        TimeoutError: it never did.
    """
    started = time.perf_counter()
    while not true():
        if time.perf_counter() - started > _LONGEST:
            raise TimeoutError(true)
        await asyncio.sleep(0.0005)
    return (time.perf_counter() - started) * 1000


@asynccontextmanager
async def pauses() -> AsyncIterator[list[float]]:
    """For how many milliseconds at a time the event loop did nothing else meanwhile."""
    found: list[float] = []

    async def look() -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(_LOOK)
            now = time.perf_counter()
            found.append((now - last - _LOOK) * 1000)
            last = now

    looking = asyncio.create_task(look())
    try:
        yield found
    finally:
        looking.cancel()
