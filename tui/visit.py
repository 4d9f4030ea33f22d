"""The visit going on: what was there when it began, and what the last one saw."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import cached_property

from forensics.errors import ForensicsError
from forensics.index.browse.names import Known
from forensics.index.overview import Point, point_of
from forensics.report.known import known
from forensics.settings.remembered import Remembered
from tui.asking import Superseded
from tui.opened import Opened

__all__ = ["Visit"]


class Visit:
    """One run of the interface.

    Args:
        opened: the index.
    """

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self.before: Point | None = None
        """Up to where the last visit saw the index; None where this is the first one."""
        self._now: Point | None = None
        self._beginning: asyncio.Task[None] | None = None
        self.remembered = Remembered("")
        """What is kept between runs."""

    @cached_property
    def known(self) -> Known:
        """What queries need to know of it, once it has begun."""
        return known(self.before)

    def set_out(self) -> None:
        """Begin before anybody waits for it; who does is told if it failed."""
        self._beginning = asyncio.create_task(self._begin())
        self._beginning.add_done_callback(lambda one: one.cancelled() or one.exception())

    async def begin(self) -> None:
        """See where the index stands, and what was kept of it; once, for all who wait for it.

        Raises:
            ForensicsError: the index cannot be read; asked again, it is tried again.
        """
        if self._beginning is None:
            self._beginning = asyncio.create_task(self._begin())
        try:
            await asyncio.shield(self._beginning)
        except (Superseded, ForensicsError):
            self._beginning = None
            raise

    async def _begin(self) -> None:
        self._now = await self._opened.asking.ask("visit", point_of)
        self.remembered = Remembered(self._now.index_id)
        self.before = self.remembered.last_visit()

    async def goes_on(self) -> None:
        """Everything was read anew: that much has been seen now."""
        with suppress(Superseded, ForensicsError):
            now = await self._opened.asking.ask("visit again", point_of)
            if self._now is None or now.index_id != self._now.index_id:
                self.remembered = Remembered(now.index_id)
            self._now = now

    def saw(self, journal: int) -> None:
        """A list was read when that was the last row of the journal."""
        if self._now is not None and journal > self._now.journal:
            self._now = self._now._replace(journal=journal)

    def end(self) -> None:
        """Keep up to where it was seen, with what was done in it."""
        if self._now is not None and self._opened.index.exists():
            seen = self._opened.own.from_there(self._now.journal)
            self.remembered.visited(self._now._replace(journal=seen))
