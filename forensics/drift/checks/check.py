"""What all kinds of drift are followed by."""

from __future__ import annotations

from abc import ABC, abstractmethod

from forensics.drift.ledger import Ledger
from forensics.drift.walk import Turn

__all__ = ["Check"]


class Check(ABC):
    """Follows one kind of drift through history."""

    def __init__(self, ledger: Ledger) -> None:
        """Begin before the first commit; what is found is entered into `ledger`."""
        self._ledger = ledger
        self._order = ledger.order

    @abstractmethod
    def see(self, turn: Turn) -> None:
        """Enter into the ledger what a commit opens, changes or closes."""

    def moved(self, before: str, after: str) -> None:  # noqa: B027  # most remember nothing
        """A set goes on under another name, and so does what is remembered of it."""

    def finish(self, now: int) -> None:  # noqa: B027  # most have nothing to do
        """The line has ended, at `now`."""
