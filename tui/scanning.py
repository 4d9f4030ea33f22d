"""A scan in a process of its own, told while it runs."""

from __future__ import annotations

import json
import shlex
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from forensics.errors import ForensicsError
from forensics.index.overview import secrets_known
from forensics.own_process import running
from forensics.report.text import printable, size
from tui.asking import Superseded
from tui.opened import Opened
from tui.scan_process import ScanProcess

__all__ = ["Scanning", "options_problem"]

_PROGRAM = "from forensics.cli.main import run; run()"
_ENDS = {0: "nothing was found", 1: "done", 3: "done, but something could not be read"}
_NOTES = 4
_BAR = 40


def options_problem(text: str) -> str:
    """Why these are no options, if they are not."""
    try:
        shlex.split(text)
    except ValueError as error:
        return str(error)
    return ""


class Scanning(ModalScreen[bool]):
    """Runs `forensics scan` and shows how far it is; True once it has ended by itself.

    Stopping it leaves the index right: what was read so far is kept, and the next scan goes on.

    Args:
        opened: where it writes, and what it reads.
        options: of the command.
    """

    DEFAULT_CSS = """
    Scanning { align: center middle; }
    Scanning > Vertical {
        width: 72; max-width: 95%; height: auto; border: round $primary; background: $surface;
        padding: 0 1;
    }
    Scanning Static { height: auto; }
    Scanning #keys { color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Stop, or back", id="scan.leave")
    ]

    def __init__(self, opened: Opened, options: Sequence[str] = ()) -> None:
        super().__init__()
        self._opened, self._options = opened, options
        self._process: ScanProcess | None = None
        self._notes: deque[str] = deque(maxlen=_NOTES)
        self._facts: dict[str, Any] = {"phase": "starting"}
        self._found = ""
        self._ended = False
        self._there = opened.index.exists()

    def compose(self) -> ComposeResult:
        """What it does, notes, keys."""
        with Vertical():
            yield Static(id="progress", markup=False)
            yield Static(id="notes", markup=False)
            yield Static("Esc stops it: what was read is kept", id="keys", markup=False)

    def on_mount(self) -> None:
        """Begin."""
        self._draw()
        self._run_scan()
        self._count = self.set_interval(0.5, self._count_secrets)

    async def on_unmount(self) -> None:
        """Leave no process behind."""
        await self._stopped()

    async def _stopped(self) -> None:
        if self._process is not None:
            await self._process.stop()

    def command(self) -> list[str]:
        """What runs."""
        return running(
            _PROGRAM, "scan", *self._options, "--progress", "lines",
            "--index", self._opened.index, "--", self._opened.repository or Path(),
        )  # fmt: skip

    @work(group="scan", exclusive=True)
    async def _run_scan(self) -> None:
        self._process = ScanProcess(self.command())
        async for line in self._process.lines():
            self._take(line)
        code = await self._process.ended()
        self._count.stop()
        await self._count_secrets()
        self._ended = code in _ENDS
        self._facts["phase"] = _ENDS.get(code, "it did not come to an end")
        self._show("keys", "Esc back")
        self._draw()

    def _take(self, line: bytes) -> None:
        """A line that the scan wrote."""
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            told = {"note": line.decode("utf-8", "replace").strip()}
        if isinstance(told, dict) and "note" in told:
            self._notes.append(str(told["note"])[:500])
        elif isinstance(told, dict):
            self._facts |= told
        self._draw()

    def _draw(self) -> None:
        facts = self._facts
        figures = (facts.get(name) for name in ("done", "total", "objects", "bytes"))
        done, total, objects, read = (one if isinstance(one, int) else 0 for one in figures)
        share = min(done / total, 1.0) if total else 0.0
        full = round(share * _BAR)
        lines = [
            f"{printable(str(facts.get('phase', '')))[:60]}",
            f"[{'#' * full}{'.' * (_BAR - full)}] {share:4.0%}"
            if total
            else "nothing new to read yet",
            f"{objects:,} objects, {size(read)} read, {self._found or 'counting…'}",
        ]
        self._show("progress", "\n".join(lines))
        self._show("notes", "\n".join(printable(one) for one in self._notes))

    def _show(self, name: str, text: str) -> None:
        for line in self.query(f"#{name}").results(Static):  # none once this has been left
            line.update(Text(text))

    async def _count_secrets(self) -> None:
        """How many secrets the index has by now."""
        if not self._opened.index.exists():
            return
        if not self._there:
            self._there = True
            self._opened.asking.renew()
        with suppress(Superseded, ForensicsError):
            found = await self._opened.asking.ask("scan", secrets_known)
            self._found = f"{found:,} secrets in the index"
            self._draw()

    @work(group="scan-leave", exclusive=True)
    async def action_leave(self) -> None:
        """Stop it if it runs, and go back."""
        self._show("keys", "stopping…")
        await self._stopped()
        self.dismiss(self._ended)
