"""What a running scan has said of itself so far, in words and figures."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from forensics.report.text import printable, size

__all__ = ["ScanRun"]

_DONE = (0, 1)
_INCOMPLETE = 3
_NOTES = 4
_LONGEST_NOTE = 500
_BAR = 40
_KEY = "S shows more"


class ScanRun:
    """One run of `forensics scan --progress lines`.

    Args:
        clock: seconds of whatever beginning.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began: float | None = None
        """When it told of the first object."""
        self._facts: dict[str, Any] = {"phase": "starting"}
        self.notes: deque[str] = deque(maxlen=_NOTES)
        self.found = 0
        """Secrets that the index did not have before."""
        self.stopped = False
        """Whether the user stopped it."""
        self.code: int | None = None
        """Its exit code, once it has ended."""

    def take(self, line: bytes) -> None:
        """A line that it wrote."""
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            told = {"note": line.decode("utf-8", "replace").strip()}
        if isinstance(told, dict) and "note" in told:
            self.notes.append(printable(str(told["note"])[:_LONGEST_NOTE]))
        elif isinstance(told, dict):
            self._facts |= told
            if self._began is None and self._figure("done"):
                self._began = self._clock()
                self._before = self._figure("done"), self._figure("bytes")

    _before = (0, 0)
    """What was done and read when the clock began."""

    def _figure(self, name: str) -> int:
        found = self._facts.get(name)
        return found if isinstance(found, int) else 0

    @property
    def _share(self) -> float:
        total = self._figure("total")
        return min(self._figure("done") / total, 1.0) if total else 0.0

    def _speed(self) -> list[str]:
        """Throughput and time left, while it reads objects and both can be told."""
        passed = self._clock() - self._began if self._began is not None else 0.0
        done, read = self._figure("done") - self._before[0], self._figure("bytes") - self._before[1]
        left = self._figure("total") - self._figure("done")
        if passed < 1 or done <= 0 or left <= 0:
            return []
        seconds = round(left * passed / done)
        rate = [f"{size(read / passed)}/s"] if read > 0 else []
        return [*rate, f"{seconds // 60}:{seconds % 60:02} left"]

    def line(self, width: int) -> str:
        """How far it is, in one line: as much of it as fits."""
        if self.code is not None:
            return self.ending()
        phase = printable(str(self._facts.get("phase", "")))[:40]
        parts = [f"scan: {phase}", *([f"{self._share:.0%}"] if 0 < self._share < 1 else [])]
        parts += [f"{self.found:,} new", *self._speed()]
        if self._figure("objects"):
            parts.append(self._objects)
        while len("  ".join([*parts, _KEY])) > width and len(parts) > 1:
            parts.pop()
        return "  ".join([*parts, _KEY])

    @property
    def _objects(self) -> str:
        count = self._figure("objects")
        return f"{count:,} object{'s' * (count != 1)}"

    def lines(self) -> list[str]:
        """The same, with a bar."""
        full = round(self._share * _BAR)
        bar = f"[{'#' * full}{'.' * (_BAR - full)}] {self._share:4.0%} of the work"
        figures = [self._objects, f"{size(self._figure('bytes'))} read"]
        if self._share and not self._figure("objects"):
            figures = ["history until now, no object yet"]
        return [
            printable(str(self._facts.get("phase", "")))[:60] if self.code is None
            else self.ending(),
            bar if self._figure("total") else "nothing new to read yet",
            ", ".join([*figures, *(self._speed() if self.code is None else [])]),
            f"{self.found:,} new secrets in the index",
        ]  # fmt: skip

    @property
    def ended_well(self) -> bool:
        """Whether it came to its end."""
        return self.code in (*_DONE, _INCOMPLETE)

    def ending(self) -> str:
        """How it ended."""
        found = f"{self.found:,} new secret{'s' * (self.found != 1)}"
        if self.ended_well:
            more = "; something could not be read" if self.code == _INCOMPLETE else ""
            return f"The scan is done: {found}{more}"
        if self.stopped:
            return f"The scan was stopped: {found}; what it read is kept, the next one goes on"
        if self.code is not None and self.code > 0 and self.notes:
            return f"The scan did not end: {self.notes[-1]}"
        return "The scan did not end: what it read is kept, the next one goes on"
