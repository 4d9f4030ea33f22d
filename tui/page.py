"""What all screens share: the line of tabs above, the line of hints below, and their widths."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Static

from forensics.errors import ForensicsError, UsageProblem
from forensics.index.database import Connection
from forensics.report.text import printable
from tui.asking import Superseded
from tui.scanning import ScanLine
from tui.tabs import Tabs

if TYPE_CHECKING:
    from tui.app import ForensicsApp
    from tui.opened import Opened
    from tui.scans import Scans

__all__ = ["COLUMNS", "LINES", "Page", "hinted", "retried"]

Answer = TypeVar("Answer")

COLUMNS, LINES = 80, 24
"""What is needed at least."""
_MOST_LINES = 4
"""Of what is said in place of the hints."""
_PATIENCE = 0.5
"""Seconds for which nothing is said of waiting."""
_NOT_WRITTEN = "not written yet: it is much, or somebody else writes the index…"
_TOO_SMALL = f"At least {COLUMNS} columns and {LINES} lines are needed."
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


def _breakpoint(size: int, breakpoints: Sequence[tuple[int, str]] | None) -> str:
    """The class of a screen of that size."""
    return max((least, name) for least, name in breakpoints or [(0, "")] if size >= least)[1]


def retried(error: ForensicsError, key: str = "F5", between: str = "; ") -> str:
    """What went wrong, and what to do: what the error says of that, or the key that tries again."""
    if error.hint or isinstance(error, UsageProblem):
        return str(error)
    return f"{error}{between}{key} tries again"


class Page(Screen[None]):
    """One of the five screens. Under 100 columns it has the class `-narrow`, from 140 on `-wide`,
    between them `-middle`; from 40 lines on `-tall`. Where it is too small, a notice stands in its
    place."""

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
    Page > #body { height: 1fr; }
    Page > #warning { height: auto; color: $warning; padding: 0 1; display: none; }
    Page > #status { height: auto; background: $panel; padding: 0 0 0 1; }
    Page > #too-small { display: none; }
    Page.-slim > #body, Page.-low > #body, Page.-slim > #status, Page.-low > #status,
    Page.-slim > #warning, Page.-low > #warning { display: none; }
    Page.-slim > #too-small, Page.-low > #too-small {
        display: block; height: 1fr; content-align: center middle;
    }
    """

    def compose(self) -> ComposeResult:
        """Tabs, body, notice, hints; laid out at once for the size that the terminal has, which
        Textual does only after it has drawn them."""
        width, height = self.app.size
        self.add_class(
            _breakpoint(width, self.app.HORIZONTAL_BREAKPOINTS),
            _breakpoint(height, self.app.VERTICAL_BREAKPOINTS),
        )
        yield Tabs(self.mode)
        yield Static(id="warning", markup=False)
        with Container(id="body"):
            yield from self.compose_body()
        yield Static(_TOO_SMALL, id="too-small", markup=False)
        yield ScanLine()
        yield Static(id="status", markup=False)

    def compose_body(self) -> ComposeResult:
        """What is between the lines."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Draw the tabs once the width is known."""
        app: ForensicsApp = self.app  # type: ignore[assignment]
        self._generation = app.generation
        self.count(self._count)  # a screen's own handler has run before this one
        self.say(self._said, lasts=self._lasts)

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

        self.tell_of_scan()

    async def drawn(self) -> None:
        """Wait until everything that has changed is drawn: what is asked for next would hold that
        up."""
        event = asyncio.Event()
        self.call_after_refresh(event.set)
        await event.wait()

    _generation = 0

    # While a scan runs

    _arrived = ""
    """Says what the scan has found since this was read."""
    _found = 0
    """What scans had found when this was read."""

    @property
    def _scans(self) -> Scans:
        app: ForensicsApp = self.app  # type: ignore[assignment]
        return app.scans

    @property
    def scan_runs(self) -> bool:
        """Whether there may soon be more to read."""
        return self._scans.at_work

    def counting(self) -> None:
        """Everything is being read: all that a scan has found until now is in it."""
        self._found, self._arrived = self._scans.found, ""
        self.count("counting…")

    def tell_of_scan(self) -> None:
        """Say how far the scan is, and what it has found since this was read."""
        app: ForensicsApp = self.app  # type: ignore[assignment]
        self.query_one(ScanLine).tell(app.scan_line(self.size.width - 2))
        new = self._scans.found - self._found
        if new > 0 and self.scan_runs and self.counts_secrets:
            if self.at_rest:
                self._found = self._scans.found
                self.read_more()
            else:
                self._arrived = f"+{new:,} new, F5  "
                self.count(self._count)

    @property
    def no_secret(self) -> str:
        """What to say where no secret is known, and not because there is none."""
        if self.scan_runs:
            return "No secret yet: the scan goes on."
        return "No secret is known: S scans here."

    counts_secrets: ClassVar[bool] = True
    """Whether this shows what a scan finds before that is placed in history."""

    @property
    def at_rest(self) -> bool:
        """Whether nothing would be lost if what is new came by itself."""
        return True

    def read_more(self) -> None:
        """Show what the scan has found by now."""
        self.read_anew()

    def on_resize(self) -> None:
        """The figure at the right edge moves."""
        self.count(self._count)
        self.say(self._said, lasts=self._lasts)

    _count = ""
    stale = ""
    """Says how much others have changed since this was read."""

    def count(self, text: str) -> None:
        """Say at the right edge how much is shown, such as `12,408 of 40,000`."""
        self._count = text
        self.query_one(Tabs).tell(
            f"{printable(self.opened.name)}  {self._arrived}{self.stale}{text} "
        )
        self.warn()

    def say(self, text: str, *, lasts: bool = False) -> None:
        """Say something in the last line, in place of the hints; in more lines where it is long.

        Args:
            text: what happened, or how things are.
            lasts: whether it holds until something else is said, and not just until another key
                is pressed.
        """
        self._said, self._lasts = printable(text), lasts
        width = max(self.size.width, COLUMNS) - 1
        line = Text(self._said, overflow="fold") if self._said else hinted(self._hints)
        line.truncate(width * (_MOST_LINES if self._said else 1), overflow="ellipsis")
        if line != self._last_line:  # each time, the whole screen is laid out
            self._last_line = line
            self.query_one("#status", Static).update(line)

    _said, _lasts = "", False
    _last_line = Text()
    """What stands in the last line."""

    def goes_on(self) -> None:
        """A key is pressed: what happened before it has been told."""
        if self._said and not self._lasts:
            self.say("")

    @property
    def _hints(self) -> str:
        return (self.opened.read_only and self.read_only_hints) or self.hints

    async def asks(
        self,
        topic: str,
        question: Callable[[Connection], Answer],
        failed: Callable[[str], object] | None = None,
    ) -> Answer | None:
        """What the index answers; None where nobody waits for that any more, or where it is said
        why there is no answer: in the last line, or by `failed`."""
        try:
            return await self.opened.asking.ask(topic, question)
        except Superseded:
            return None
        except ForensicsError as error:
            if failed is None:
                self.say(retried(error), lasts=True)
            else:
                failed(retried(error))
            return None

    async def writes(self, change: Callable[[], Answer]) -> Answer:
        """What a change of the index gives, made in a thread; says so where that takes a while."""
        waiting = self.set_timer(
            _PATIENCE,
            lambda: self.say(_NOT_WRITTEN, lasts=True),
        )
        try:
            return await asyncio.to_thread(change)
        finally:
            waiting.stop()

    def warn(self) -> None:
        """Say below the tabs what holds for all that is shown."""
        said = "\n".join(f"! {one}" for one in self.opened.warnings())
        if said != self._warned:
            self._warned = said
            line = self.query_one("#warning", Static)
            line.display = bool(said)
            line.update(said)

    _warned = ""

    @property
    def opened(self) -> Opened:
        """The index."""
        app: ForensicsApp = self.app  # type: ignore[assignment]
        return app.opened
