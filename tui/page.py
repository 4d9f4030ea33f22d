"""What all screens share: the line of tabs above, the line of hints below, and their widths."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

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

TABS = {
    "overview": "Over", "triage": "Triage", "rotation": "Rotate", "drift": "Drift",
    "audit": "Audit",
}  # fmt: skip
"""Titles by mode, in the order of their keys."""

COLUMNS, LINES = 80, 24
"""What is needed at least."""
_TOO_SMALL = f"At least {COLUMNS} columns and {LINES} lines are needed."


class Page(Screen[None]):
    """One of the five screens. Under 100 columns it has the class `-narrow`, from 140 on `-wide`,
    between them `-middle`; where it is too small, a notice stands in its place."""

    mode: ClassVar[str]
    signs: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Signs that stand in its rows, and what they mean, for whoever asks for the keys."""
    hints: ClassVar[str] = ""
    """Keys that are of use here, for the last line."""
    DEFAULT_CSS = """
    Page { layout: vertical; }
    Page > #tabs { height: 1; background: $panel; }
    Page > #body { height: 1fr; }
    Page > #status { height: 1; background: $panel; color: $text-muted; }
    Page > #too-small { display: none; }
    Page.-slim > #body, Page.-low > #body { display: none; }
    Page.-slim > #too-small, Page.-low > #too-small {
        display: block; height: 1fr; content-align: center middle;
    }
    """

    def compose(self) -> ComposeResult:
        """Tabs, body, notice, hints."""
        yield Static(id="tabs")
        with Container(id="body"):
            yield from self.compose_body()
        yield Static(_TOO_SMALL, id="too-small", markup=False)
        yield Static(self.hints, id="status", markup=False)

    def compose_body(self) -> ComposeResult:
        """What is between the lines."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Draw the tabs once the width is known."""
        app: ForensicsApp = self.app  # type: ignore[assignment]
        self._generation = app.generation
        self.count(self._count)  # a screen's own handler has run before this one

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

    def say(self, text: str) -> None:
        """Say something in the last line, in place of the hints."""
        line = Text(printable(text) or self.hints, no_wrap=True, overflow="ellipsis")
        self.query_one("#status", Static).update(line)

    @property
    def opened(self) -> Opened:
        """The index."""
        app: ForensicsApp = self.app  # type: ignore[assignment]
        return app.opened
