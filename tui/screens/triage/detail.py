"""The selected secret: context, timeline, refs, people, events."""

from __future__ import annotations

import asyncio
from textwrap import wrap
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events, work
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from forensics.report.text import printable
from tui.screens.triage.detail_lines import DetailLine, Highlighted, Target, detail_lines
from tui.screens.triage.reading import SecretFacts

__all__ = ["Detail"]

_COMPACT = 16
"""Lines under which the most telling come first and blank ones are left out."""
_HERE = "<"
"""At the right edge of the current line, so that not only its colour tells it."""
_USUAL = 78
"""Columns, before it is known how many there are."""


class Detail(ScrollView, can_focus=True):
    """Lines of which some can be opened."""

    DEFAULT_CSS = """
    Detail {
        background: $background; overflow-x: hidden; padding: 0 1; scrollbar-gutter: stable;
    }
    Detail:focus { background: $surface; }
    Detail > .detail--cursor { background: $primary 35%; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"detail--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "step(1)", "Down", show=False, id="detail.down"),
        Binding("k,up", "step(-1)", "Up", show=False, id="detail.up"),
        Binding("g,home", "jump(0)", "Top", show=False, id="detail.first"),
        Binding("G,end", "jump(-1)", "End", show=False, id="detail.last"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="detail.page-down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="detail.page-up"),
        Binding("enter", "open", "Open the commit or file", id="detail.open"),
    ]

    class Opened(Message):
        """Somebody wants to see what a line tells of."""

        def __init__(self, target: Target) -> None:
            super().__init__()
            self.target = target

    def __init__(self) -> None:
        super().__init__(id="detail")
        self.lines: list[DetailLine] = []
        self.cursor = 0
        self._facts: SecretFacts | None = None
        self._excerpt: Highlighted | None = None
        self._now = 0.0
        self._base = Style.null()

    def say(self, text: str) -> None:
        """Show a few words instead of a secret."""
        self._facts = self._excerpt = None
        width = self.scrollable_content_region.width or _USUAL
        lines = (wrap(line, width) or [""] for line in map(printable, text.splitlines()))
        self._put([DetailLine(Text(part)) for line in lines for part in line])

    def tell(self, facts: SecretFacts, now: float) -> None:
        """Show a secret."""
        same = self._facts is not None and self._facts.case.life.secret == facts.case.life.secret
        self._facts, self._now = facts, now
        if not same:
            self._excerpt, self.cursor = None, 0
            self.scroll_to(y=0, animate=False, immediate=True)
        self._build()

    def show_context(self, excerpt: Highlighted) -> None:
        """Show what stands around it too."""
        self._excerpt = excerpt
        self._build()

    @property
    def secret(self) -> str:
        """The fingerprint of what is shown; empty where nothing is."""
        return self._facts.case.life.secret if self._facts else ""

    @property
    def facts(self) -> SecretFacts | None:
        """What is shown."""
        return self._facts

    def on_resize(self) -> None:
        """Lines are broken elsewhere."""
        self._build()

    def _build(self) -> None:
        if self._facts is None:
            return
        width = self.scrollable_content_region.width
        if width <= 0:
            return
        self._lay_out(self._facts, self._excerpt, width, self.size.height < _COMPACT)

    @work(group="detail-lines", exclusive=True, description="detail")  # else it is all of facts
    async def _lay_out(
        self, facts: SecretFacts, excerpt: Highlighted | None, width: int, compact: bool
    ) -> None:
        """Break lines in a thread: there can be many, and long ones."""
        lines = await asyncio.to_thread(
            detail_lines, facts, excerpt, width, self._now, compact=compact
        )
        if self._facts is facts and self._excerpt is excerpt:
            self._put([one for one in lines if one.text.plain or not compact])

    def _put(self, lines: list[DetailLine]) -> None:
        self.lines = lines
        self.cursor = min(self.cursor, max(len(lines) - 1, 0))
        self.virtual_size = Size(0, len(lines))
        self.refresh()

    def action_step(self, by: int) -> None:
        self._go(self.cursor + by)

    def action_jump(self, to: int) -> None:
        self._go(to if to >= 0 else len(self.lines) - 1)

    def action_page(self, by: int) -> None:
        self._go(self.cursor + by * max(self.size.height - 1, 1))

    def _go(self, line: int) -> None:
        self.cursor = max(min(line, len(self.lines) - 1), 0)
        top, height = self.scroll_offset.y, max(self.scrollable_content_region.height, 1)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, immediate=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)
        self.refresh()

    def action_open(self) -> None:
        """Open what the line tells of."""
        if self.lines and (target := self.lines[self.cursor].target) is not None:
            self.post_message(self.Opened(target))

    def on_click(self, event: events.Click) -> None:
        """A line becomes the current one; twice opens it."""
        offset = event.get_content_offset(self)
        if offset is not None and self.scroll_offset.y + offset.y < len(self.lines):
            self._go(self.scroll_offset.y + offset.y)
            if event.chain == 2:
                self.action_open()

    def on_focus(self) -> None:
        """The cursor shows."""
        self.refresh()

    def on_blur(self) -> None:
        """It does not."""
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Several lines of the screen."""
        self._base = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.scrollable_content_region.width
        at = self.scroll_offset.y + y
        if at >= len(self.lines):
            return Strip.blank(width, self._base)
        strip = Strip(self.lines[at].text.render(self.app.console)).crop(0, width)
        strip = strip.adjust_cell_length(width, self._base)
        if at == self.cursor and self.has_focus:
            over = self.get_component_rich_style("detail--cursor", partial=True)
            segments = [*strip.crop(0, width - 1), Segment(_HERE)]
            strip = Strip([one._replace(style=(one.style or over) + over) for one in segments])
        return strip.apply_style(self._base)
