"""A process with others of its own, all of which end with it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

__all__ = ["ScanProcess"]

_PATIENCE = 5.0
"""Seconds that it gets to end by itself."""
_LINE = 1 << 16


class ScanProcess:
    """Runs a command in a session of its own, and reads what it says on standard error.

    Its number stays taken until all that it started has been ended, so that no signal ever meets
    a process of somebody else.

    Args:
        command: what runs.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip
        self._pipe: asyncio.ReadTransport | None = None
        self._ended = asyncio.create_task(asyncio.to_thread(self._wait))

    @property
    def number(self) -> int:
        """Of the process, and of the group of all that it starts."""
        return self._process.pid

    def _wait(self) -> None:
        """Wait for its end, and leave it to `ended` to take note of that."""
        with suppress(ChildProcessError):
            os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)

    async def lines(self) -> AsyncIterator[bytes]:
        """What it says, line by line; nothing of lines that are longer than any of ours."""
        reader = asyncio.StreamReader(limit=_LINE)
        self._pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), self._process.stderr
        )
        while True:
            try:
                line = await reader.readline()
            except ValueError:
                continue
            if not line:
                return
            yield line

    async def ended(self) -> int:
        """Its exit code, once it and all that it started has ended."""
        await asyncio.shield(self._ended)
        self._signal(signal.SIGKILL)  # workers that did not see it end
        if self._pipe is not None:
            self._pipe.close()
        return self._process.wait()

    async def stop(self) -> None:
        """End it and those that it started."""
        if self._process.returncode is None:
            self._signal(signal.SIGTERM)
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._ended), _PATIENCE)
            self._signal(signal.SIGKILL)
            await self.ended()

    def end(self) -> None:
        """The same without awaiting anything, for when whoever began it is ended itself."""
        if self._process.returncode is None:
            self._signal(signal.SIGTERM)
            late = time.monotonic() + _PATIENCE
            flags = os.WEXITED | os.WNOWAIT | os.WNOHANG
            while not os.waitid(os.P_PID, self.number, flags) and time.monotonic() < late:
                time.sleep(0.02)
            self._signal(signal.SIGKILL)
            self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.number, number)
