"""What all screens share: the line of tabs above, the line of hints below, and their widths."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, TypeVar

from rich.cells import cell_len, chop_cells
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Static

from forensics.report.text import printable

if TYPE_CHECKING:
    from tui.app import ForensicsApp
    from tui.opened import Opened

__all__ = ["COLUMNS", "LINES", "TABS", "Page"]

Answer = TypeVar("Answer")

TABS = {
    "overview": "Over", "triage": "Triage", "rotation": "Rotate", "drift": "Drift",
    "audit": "Audit",
}  # fmt: skip
"""Titles by mode, in the order of their keys."""

COLUMNS, LINES = 80, 24
"""What is needed at least."""
_MOST_LINES = 4
"""Of what is said in place of the hints."""
_PATIENCE = 0.5
"""Seconds for which nothing is said of waiting."""
_TOO_SMALL = f"At least {COLUMNS} columns and {LINES} lines are needed."


class Page(Screen[None]):
    """One of the five screens. Under 100 columns it has the class `-narrow`, from 140 on `-wide`,
    between them `-middle`; where it is too small, a notice stands in its place."""

    AUTO_FOCUS = ""  # each says itself what has it: a line to write in would take typed-ahead keys
    mode: ClassVar[str]
    signs: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Signs that stand in its rows, and what they mean, for whoever asks for the keys."""
    hints: ClassVar[str] = ""
    """Keys that are of use here, for the last line."""
    read_only_hints: ClassVar[str] = ""
    """The same where nothing may be decided or revealed, if these are others."""
    DEFAULT_CSS = """
    Page { layout: vertical; }
    Page > #tabs { height: 1; background: $panel; }
    Page > #body { height: 1fr; }
    Page > #warning { height: auto; color: $warning; padding: 0 1; display: none; }
    Page > #status { height: auto; background: $panel; color: $text-muted; }
    Page > #too-small { display: none; }
    Page.-slim > #body, Page.-low > #body, Page.-slim > #status, Page.-low > #status,
    Page.-slim > #warning, Page.-low > #warning { display: none; }
    Page.-slim > #too-small, Page.-low > #too-small {
        display: block; height: 1fr; content-align: center middle;
    }
    """

    def compose(self) -> ComposeResult:
        """Tabs, body, notice, hints."""
        yield Static(id="tabs")
        yield Static(id="warning", markup=False)
        with Container(id="body"):
            yield from self.compose_body()
        yield Static(_TOO_SMALL, id="too-small", markup=False)
        yield Static(id="status", markup=False)

    def compose_body(self) -> ComposeResult:
        """What is between the lines."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Draw the tabs once the width is known."""
        app: ForensicsApp = self.app  # type: ignore[assignment]
        self._generation = app.generation
        self.count(self._count)  # a screen's own handler has run before this one
        self.say(self._said)

    def enter(self, query: str) -> None:
        """Somebody comes from another screen to look at what `query` says."""

    def read_anew(self) -> None:
        """The index has changed a lot: read everything again."""

    def on_screen_resume(self) -> None:
        """Read anew what changed while another screen was in front."""
        app: ForensicsApp = self.app  # type: ignore[assignment]
        if self._generation != app.generation:
            self._generation = app.generation
            self.read_anew()

    _generation = 0

    def on_resize(self) -> None:
        """The figure at the right edge moves."""
        self.count(self._count)
        self.say(self._said)

    _count = ""

    def count(self, text: str) -> None:
        """Say at the right edge how much is shown, such as `12,408 of 40,000`."""
        self._count = text
        line = Text(" ", no_wrap=True, overflow="crop")
        for number, (mode, title) in enumerate(TABS.items(), 1):
            here = mode == self.mode
            line.append(f"{number}", "bold" if here else "")
            line.append(f"[{title.upper()}] " if here else f"{title} ", "bold" if here else "")
        right = f"{printable(self.opened.name)}  {text} "
        line.append(" " * max(self.size.width - line.cell_len - len(right), 1))
        line.append(right)
        self.query_one("#tabs", Static).update(line)
        self.warn()

    def say(self, text: str) -> None:
        """Say something in the last line, in place of the hints; in more lines where it is long."""
        self._said = printable(text)
        width = max(self.size.width, COLUMNS)
        shown, room = self._said or self._hints, width * (_MOST_LINES if self._said else 1)
        if cell_len(shown) > room:
            shown = f"{chop_cells(shown, room - 1)[0]}…"
        self.query_one("#status", Static).update(Text(shown, overflow="fold"))

    _said = ""

    @property
    def _hints(self) -> str:
        return (self.opened.read_only and self.read_only_hints) or self.hints

    async def writes(self, change: Callable[[], Answer]) -> Answer:
        """What a change of the index gives, made in a thread; says so where it has to wait."""
        waiting = self.set_timer(
            _PATIENCE, lambda: self.say("waiting for whoever else writes the index…")
        )
        try:
            return await asyncio.to_thread(change)
        finally:
            waiting.stop()

    def warn(self) -> None:
        """Say below the tabs what holds for all that is shown."""
        said = self.opened.warnings()
        line = self.query_one("#warning", Static)
        line.display = bool(said)
        line.update("\n".join(f"! {one}" for one in said))

    @property
    def opened(self) -> Opened:
        """The index."""
        app: ForensicsApp = self.app  # type: ignore[assignment]
        return app.opened
