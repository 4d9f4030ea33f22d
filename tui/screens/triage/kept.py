"""What the triage screen keeps between runs."""

from __future__ import annotations

from forensics.index.browse.order import ORDERS, Order
from tui.visit import Visit

__all__ = ["Kept"]

_REVERSED = "-"


class Kept:
    """The last query and order, saved queries, and the last visit, as far as they are kept.

    Args:
        visit: keeps them.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._saved: list[str] | None = None

    def query(self) -> str:
        """The last query."""
        return self._text("triage-query")

    def order(self) -> Order:
        """The last order."""
        text = self._text("triage-order")
        by = text.removeprefix(_REVERSED)
        return Order(by, text.startswith(_REVERSED)) if by in ORDERS else Order()

    def keep(self, query: str, order: Order) -> None:
        """Keep query and order."""
        by = f"{_REVERSED if order.reverse else ''}{order.by}"
        self._visit.remembered.keep(**{"triage-query": query, "triage-order": by})

    def saved(self) -> list[str]:
        """Saved queries."""
        if self._saved is None:
            self._saved = [*self._visit.remembered.texts("triage-saved")]
        return self._saved

    def save(self, queries: list[str]) -> None:
        """Keep these queries and no others."""
        self._saved = queries
        self._visit.remembered.keep(**{"triage-saved": queries})

    def points(self) -> dict[str, list[str]]:
        """By field, what the index does not know: since when something is new."""
        before = self._visit.before
        return {"new": [f"#{before.journal}"] if before is not None else []}

    def _text(self, name: str) -> str:
        return self._visit.remembered.text(name)
