"""How much others have changed since a screen was read: each looks for that now and then."""

from __future__ import annotations

from typing import ClassVar

from textual import work

from forensics.errors import ForensicsError
from forensics.index.database import Connection
from forensics.index.journal_pages import journal_ids
from forensics.index.overview import point_of
from tui.asking import Superseded
from tui.page import Page
from tui.visit import Visit

__all__ = ["Polled"]

_SECONDS = 2.0
_BY_PEOPLE = "kind:triaged,undone,imported"
"""What is no work of a scan."""


class Polled(Page):
    """A screen that shows what was there at some moment."""

    own_is_news: ClassVar[bool] = False
    """Whether what this session writes is not shown where it stands."""
    _read_to: int | None = None
    """The last row of the journal when this was read; None before that."""

    @property
    def visit(self) -> Visit:
        """The visit going on."""
        visit: Visit = self.app.visit  # type: ignore[attr-defined]
        return visit

    def on_mount(self) -> None:
        """Look again and again."""
        self.set_interval(_SECONDS, self.poll)

    def is_of(self, journal: int) -> None:
        """This was read when that was the last row of the journal."""
        self._read_to, self.stale = journal, ""
        self.visit.saw(journal)

    @work(group="poll", exclusive=True)
    async def poll(self) -> None:
        """Say whether the index was changed since."""
        if not self.is_current:
            return
        before = self._read_to
        news = await self.news(f"{self.mode} poll")
        if news is not None and before == self._read_to:
            stale = f"stale +{news:,}  " if news > 0 else ""
            if stale != self.stale:
                self.stale = stale
                self.count(self._count)

    async def news(self, topic: str) -> int | None:
        """How many changes there are since this was read; None where that cannot be told."""
        before, scanning = self._read_to, self.scan_runs
        if before is None:
            return None
        try:
            return await self.opened.asking.ask(
                topic, lambda index: self._news(index, before, scanning)
            )
        except (Superseded, ForensicsError):
            return None

    def _news(self, index: Connection, before: int, scanning: bool) -> int:
        """How many rows the journal has beyond one; while a scan of this session writes there, only
        of what people do."""
        own = self.opened.own
        if scanning:
            rows = journal_ids(index, f"{_BY_PEOPLE} after:{before}")
            return sum(self.own_is_news or not own.between(row - 1, row) for row in rows)
        now = point_of(index).journal
        return now - before - (0 if self.own_is_news else own.between(before, now))
