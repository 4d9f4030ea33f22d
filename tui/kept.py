"""What a screen with a query keeps between runs."""

from __future__ import annotations

from forensics.index.browse.order import ORDERS, Order
from forensics.settings.saved_queries import SavedQueries
from tui.visit import Visit

__all__ = ["Kept"]

_REVERSED = "-"


class Kept:
    """The last query and order of a screen, as far as they are kept.

    Args:
        visit: keeps them.
        mode: of the screen.
    """

    def __init__(self, visit: Visit, mode: str) -> None:
        self._visit, self._mode = visit, mode

    @property
    def saved(self) -> SavedQueries:
        """Saved queries, of all screens and of the command line."""
        return SavedQueries(self._visit.remembered)

    def query(self) -> str:
        """The last query."""
        return self._visit.remembered.text(f"{self._mode}-query")

    def keep_query(self, text: str) -> None:
        """Keep the query."""
        self._visit.remembered.keep(**{f"{self._mode}-query": text})

    def order(self) -> Order:
        """The last order."""
        text = self._visit.remembered.text(f"{self._mode}-order")
        by = text.removeprefix(_REVERSED)
        return Order(by, text.startswith(_REVERSED)) if by in ORDERS else Order()

    def keep_order(self, order: Order) -> None:
        """Keep the order."""
        by = f"{_REVERSED if order.reverse else ''}{order.by}"
        self._visit.remembered.keep(**{f"{self._mode}-order": by})
