"""What screens with a query ask the index, each with the connection of the thread that asks."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from threading import local
from typing import NamedTuple, cast

from forensics.index.browse.browser import Browser
from forensics.index.browse.facets import FACETS, Facet
from forensics.index.browse.names import Kept, Known
from forensics.index.browse.order import Order
from forensics.index.browse.rows import SecretRow
from forensics.index.database import Connection
from forensics.index.overview import scanned_to_end
from forensics.query.complete import Completion, complete
from forensics.query.tree import Query

__all__ = ["Browsers", "First", "State"]

_FACET_VALUES = 8
_COMPLETIONS = 200


class First(NamedTuple):
    """The first rows of an answer."""

    ids: tuple[int, ...]
    rows: list[SecretRow]


class State(NamedTuple):
    """Where the index stands."""

    journal: int
    """The last row of the journal."""
    finished: bool
    """Whether there was a scan, and the last ones came to their end."""


class Browsers:
    """A browser for each connection that questions come with.

    Args:
        clock: seconds since 1970.
        known: tells what queries need beyond the index, once somebody asks.
    """

    def __init__(self, clock: Callable[[], float], known: Callable[[], Known]) -> None:
        self._clock, self._known_of = clock, known
        self._shared = Kept()
        self._own = local()
        self._known: dict[str, list[str]] = {}

    def of(self, connection: Connection) -> Browser:
        """The browser of the calling thread's connection, the last one of which is kept."""
        kept: tuple[Connection, Browser] | None = getattr(self._own, "kept", None)
        if kept is None or kept[0] is not connection:
            browser = Browser(connection, self._known_of(), clock=self._clock, kept=self._shared)
            kept = self._own.kept = connection, browser
        return kept[1]

    def first(self, connection: Connection, query: Query, order: Order, size: int) -> First:
        """The first rows, as soon as they can be had."""
        browser = self.of(connection)
        ids = browser.first(query, order, size)
        return First(ids, self.rows(connection, ids))

    def vector(self, connection: Connection, query: Query, order: Order) -> array[int]:
        """All that fit, in order."""
        return self.of(connection).vector(query, order)

    def rows(self, connection: Connection, ids: Sequence[int]) -> list[SecretRow]:
        """Rows in that order; None, which the table draws as not here yet, for what is gone."""
        found = self.of(connection).rows(ids)
        return cast("list[SecretRow]", [found.get(one) for one in ids])

    def total(self, connection: Connection) -> int:
        """How many secrets there are."""
        return self.of(connection).total()

    def state(self, connection: Connection) -> State:
        """Where the index stands."""
        browser = self.of(connection)
        return State(browser.journal_end(), scanned_to_end(connection))

    def facet(self, connection: Connection, query: Query, field: str) -> Facet:
        """The most frequent values of a field."""
        return self.of(connection).facet(query, field, most=_FACET_VALUES)

    def completions(self, connection: Connection, text: str, cursor: int) -> list[Completion]:
        """What could be typed next.

        Args:
            connection: of the index.
            text: of the query.
            cursor: the number of characters before the cursor.
        """

        def values(field: str) -> list[str]:
            if field == "new":
                return ["visit"]
            if field not in FACETS:
                return []
            if field not in self._known:
                found = self.of(connection).facet(Query(), field, most=_COMPLETIONS)
                self._known[field] = [one.label for one in found.values]
            return self._known[field]

        return complete(text, cursor, values, most=8)

    def forget(self) -> None:
        """Names may have changed."""
        self._known.clear()
