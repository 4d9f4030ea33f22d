"""Scans that run in the background, one at a time, each in a process of its own."""

from __future__ import annotations

import asyncio
import shlex
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from forensics.errors import ForensicsError
from forensics.index.overview import newest_secret, secrets_after
from forensics.own_process import running
from tui.asking import Superseded
from tui.opened import Opened
from tui.scan_process import ScanProcess
from tui.scan_run import ScanRun

__all__ = ["Scans", "options_problem"]

_PROGRAM = "from forensics.cli.main import run; run()"
_SECOND = 1.0


def options_problem(text: str) -> str:
    """Why these are no options of a scan of this repository into this index, if they are not."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        return str(error)
    if words and not words[0].startswith("-"):
        return f"{words[0]} is no option: options begin with --"
    ours = ("--", "--index", "--dir", "--progress")
    found = next((one for one in words if one.split("=")[0] in ours), None)
    return f"{found} cannot be given here" if found else ""


class Scans:
    """What scans, and what it has found.

    Args:
        opened: where it writes, and what it reads.
        told: called a few times a second while one runs, and once when it has ended.
        arrived: called when the index has more secrets than before.
        changed: called when all of the index is to be read anew.
    """

    def __init__(
        self,
        opened: Opened,
        told: Callable[[], None],
        arrived: Callable[[], None],
        changed: Callable[[], None],
    ) -> None:
        self._opened, self._told = opened, told
        self._arrived, self._changed = arrived, changed
        self._process: ScanProcess | None = None
        self._there = opened.index.exists()
        self._newest = 0
        self._before = 0
        self.last: ScanRun | None = None
        """The one that runs, or ran last."""
        self.at_work = False
        self._ended = 0.0

    @property
    def seconds_since_end(self) -> float:
        """Of the last one."""
        return time.monotonic() - self._ended

    @property
    def found(self) -> int:
        """New secrets that scans of this session have found by now."""
        return self._before + (self.last.found if self.last else 0)

    def command(self, options: Sequence[str]) -> list[str]:
        """What runs."""
        return running(
            _PROGRAM, "scan", *options, "--progress", "lines",
            "--index", self._opened.index, "--", self._opened.repository or Path(),
        )  # fmt: skip

    async def scan(self, options: Sequence[str] = ()) -> None:
        """Scan the repository, to the end of that; stopped when this is cancelled."""
        if self.at_work:
            return
        self._before = self.found
        self.at_work, run = True, ScanRun()
        self.last = run
        try:
            await self._begin()
            counting = asyncio.create_task(self._count())
            try:
                run.code = await self._follow(run, options)
            finally:
                counting.cancel()
            await self._count_once()
        finally:
            self.at_work, self._ended = False, time.monotonic()
        self._changed()
        self._told()

    async def _begin(self) -> None:
        self._told()
        self._newest = 0
        if self._there:
            with suppress(Superseded, ForensicsError):
                self._newest = await self._opened.asking.ask("scan", newest_secret)

    async def _follow(self, run: ScanRun, options: Sequence[str]) -> int:
        if run.stopped:
            return -1
        try:
            process = self._process = ScanProcess(self.command(options))
        except OSError as error:
            run.notes.append(f"it did not start: {error.strerror}")
            return 2
        try:
            async for line in process.lines():
                run.take(line)
            return await process.ended()
        finally:
            process.end()
            self._process = None

    async def _count(self) -> None:
        while True:
            await asyncio.sleep(_SECOND)
            await self._count_once()
            self._told()

    async def _count_once(self) -> None:
        """See how many secrets the index has by now that it did not have before."""
        run = self.last
        if run is None or not self._opened.index.exists():
            return
        with suppress(Superseded, ForensicsError):
            if not self._there:
                await asyncio.to_thread(self._open)  # it may be about to be made
                self._there = True
                self._changed()
            found = await self._opened.asking.ask(
                "scan", lambda index: secrets_after(index, self._newest)
            )
            if found != run.found:
                run.found = found
                self._arrived()

    def _open(self) -> None:
        self._opened.connect().close()

    async def stop(self) -> None:
        """End what runs; the index is right, and the next scan goes on."""
        if self.at_work and self.last is not None:
            self.last.stopped = True
            if self._process is not None:
                await self._process.stop()
