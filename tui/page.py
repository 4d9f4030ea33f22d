"""What all screens share: the line of tabs above, the line of hints below, and their widths."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Static

from forensics.report.text import printable
from forensics.settings.interface import SCREENS

if TYPE_CHECKING:
    from tui.app import ForensicsApp
    from tui.opened import Opened

__all__ = ["TABS", "Page", "hinted"]

TABS = dict(zip(SCREENS, ("Over", "Triage", "Rotate", "Drift", "Audit"), strict=True))
"""Titles by mode, in the order of their keys."""

_TOO_SMALL = "At least 80 columns and 24 lines are needed."
_NAMED_KEYS = frozenset(("Enter", "Tab", "Esc", "Space", "F5"))


def hinted(hints: str) -> Text:
    """Hints such as `j k line  Enter opens`, with keys brighter than what they do."""
    line = Text(no_wrap=True, overflow="ellipsis")
    for hint in hints.split("  "):
        words = hint.split(" ")
        keys = 0
        while keys < len(words) - 1 and (len(words[keys]) == 1 or words[keys] in _NAMED_KEYS):
            keys += 1
        line.append("  " if line else "")
        line.append(" ".join(words[:keys]), "bold")
        line.append(" " if keys else "")
        line.append(" ".join(words[keys:]), "dim")
    return line


class Page(Screen[None]):
    """One of the five screens. Under 100 columns it has the class `-narrow`, from 140 on `-wide`,
    between them `-middle`; from 40 lines on `-tall`. Where it is too small, a notice stands in its
    place."""

    mode: ClassVar[str]
    signs: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Signs that stand in its rows, and what they mean, for whoever asks for the keys."""
    hints: ClassVar[str] = ""
    """Keys that are of use here, for the last line."""
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  as Textual has it
        (0, "-slim"), (80, "-narrow"), (100, "-middle"), (140, "-wide"),
    ]  # fmt: skip
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high"), (40, "-tall")]  # noqa: RUF012
    DEFAULT_CSS = """
    Page { layout: vertical; }
    Page > #tabs { height: 1; background: $panel; }
    Page > #body { height: 1fr; }
    Page > #status { height: 1; background: $panel; padding: 0 0 0 1; text-wrap: nowrap; }
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
        yield Static(hinted(self.hints), id="status", markup=False)

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

    def restyle(self) -> None:
        """Show where they stand what this session decided about secrets, here or elsewhere."""

    def on_screen_resume(self) -> None:
        """Read anew what changed while another screen was in front."""
        app: ForensicsApp = self.app  # type: ignore[assignment]
        if self._generation != app.generation:
            self._generation = app.generation
            self.read_anew()
        else:
            self.restyle()

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
        line.append(" " * max(self.size.width - line.cell_len - cell_len(right), 1))
        line.append(right)
        self.query_one("#tabs", Static).update(line)

    def say(self, text: str) -> None:
        """Say something in the last line, in place of the hints."""
        line = Text(printable(text), no_wrap=True, overflow="ellipsis")
        self.query_one("#status", Static).update(line if text else hinted(self.hints))

    @property
    def opened(self) -> Opened:
        """The index."""
        app: ForensicsApp = self.app  # type: ignore[assignment]
        return app.opened
