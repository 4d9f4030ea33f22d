"""Rows of a long list, of which only some pages are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

__all__ = ["PAGE", "Pages"]

PAGE = 64
"""Rows that are asked for at once."""
_KEPT = 64
"""Pages; more than any screen shows."""

Row = TypeVar("Row")


class Pages(Generic[Row]):
    """The rows of one answer to one query, as far as they are here.

    Args:
        kept: how many pages; those not looked at for longest go first.
    """

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept = kept
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._asked: set[int] = set()

    def row(self, index: int) -> Row | None:
        """A row, from 0; None while its page is not here."""
        page = self._pages.get(index // PAGE)
        if page is None:
            return None
        self._pages.move_to_end(index // PAGE)
        place = index % PAGE
        return page[place] if place < len(page) else None

    def lacking(self, first: int, last: int) -> list[int]:
        """The pages of rows `first` to `last` that are neither here nor asked for. They count as
        asked for from now on."""
        wanted = range(max(first, 0) // PAGE, max(last, 0) // PAGE + 1)
        new = [page for page in wanted if page not in self._pages and page not in self._asked]
        self._asked.update(new)
        return new

    def put(self, page: int, rows: Sequence[Row]) -> None:
        """Keep a page."""
        self._asked.discard(page)
        self._pages[page] = rows
        self._pages.move_to_end(page)
        while len(self._pages) > self._kept:
            self._pages.popitem(last=False)

    def give_up(self, page: int) -> None:
        """A page could not be had; it will be asked for again."""
        self._asked.discard(page)

    def replace(self, index: int, row: Row) -> None:
        """Show another row at a place that is here, until it is read anew."""
        page = self._pages.get(index // PAGE)
        if page is not None and index % PAGE < len(page):
            rows = [*page]
            rows[index % PAGE] = row
            self._pages[index // PAGE] = rows

    def here(self) -> Iterator[Row]:
        """Every row that is here."""
        for rows in self._pages.values():
            yield from (row for row in rows if row is not None)

    def change(self, change: Callable[[Row], Row]) -> None:
        """Show other rows in place of all that are here."""
        for page, rows in self._pages.items():
            self._pages[page] = [row if row is None else change(row) for row in rows]

    def clear(self) -> None:
        """Forget everything: the answer is another one."""
        self._pages.clear()
        self._asked.clear()
