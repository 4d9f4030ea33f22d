"""Driving the interface in tests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen
from textual.worker import WorkerCancelled

from forensics.index.database import open_for_reading
from forensics.key import load_key
from tui.app import ForensicsApp
from tui.opened import Opened

__all__ = ["NOW", "comes", "drive", "grid", "said", "settled", "until"]

NOW = 1_735_689_600.0
"""The clock of the interface in tests: 2025-01-01."""

_SECONDS = 60.0

Told = Callable[[Pilot[Any]], Awaitable[None]]


def drive(
    index: Path,
    mode: str,
    told: Told,
    *,
    size: tuple[int, int] = (80, 24),
    theme: str = "forensics-dark",
    settle: bool = True,
    **options: Any,
) -> None:
    """Open an index at one of the screens, and do with it what a test tells."""
    key = load_key(create=False)
    connect = options.pop("connect", lambda: open_for_reading(index, key))
    opened = Opened(index, key, connect, now=lambda: NOW, **options)

    async def run() -> None:
        async with ForensicsApp(opened, theme=theme, mode=mode).run_test(size=size) as pilot:
            if settle:
                await settled(pilot)
            await told(pilot)

    asyncio.run(run())


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until every question is answered and drawn; a scan may go on."""
    for _ in range(5):
        with suppress(WorkerCancelled):  # another one does its work
            answering = [one for one in pilot.app.workers if one.group != "scan"]
            if answering:  # none would mean all
                await pilot.app.workers.wait_for_complete(answering)
        await pilot.pause()


async def comes(pilot: Pilot[Any], kind: type[Screen[Any]]) -> Any:
    """Wait until a dialog is in front."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind), f"a {kind.__name__}")
    await pilot.pause()
    return pilot.app.screen


async def until(pilot: Pilot[Any], true: Callable[[], bool], what: str = "it") -> None:
    """Wait until something holds, however busy the machine is."""
    end = time.monotonic() + _SECONDS
    while not true():
        if time.monotonic() > end:
            raise AssertionError("\n".join([f"{what} never came", *grid(pilot)]))
        await pilot.pause(0.02)


def said(pilot: Pilot[Any]) -> str:
    """What the last lines say, which a long message has more than one of."""
    return " ".join(" ".join(grid(pilot)[-4:]).split())


def grid(pilot: Pilot[Any]) -> list[str]:
    """The lines of the screen, as text without spaces at their ends."""
    strips = pilot.app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]
