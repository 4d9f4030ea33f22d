"""What is open, as it is kept of each step: differences that did not change are kept once."""

from __future__ import annotations

from typing import NamedTuple

from forensics.drift.ledger import Entry
from forensics.drift.model import DriftEvent
from forensics.drift.survey import Following

__all__ = ["Noted", "Notes"]


class Noted(NamedTuple):
    """An open difference."""

    event: DriftEvent
    ends: int | None
    """When it is over though nothing happens; None if never."""


class Notes:
    """Takes down what is open."""

    def __init__(self, following: Following) -> None:
        self._following = following
        self._last: dict[int, tuple[tuple[object, ...], Entry, Noted]] = {}
        """By the entry that it is of."""

    def of(self, name: str) -> tuple[Noted, ...]:
        """What is open of a set now, by when it opened."""
        found = [self._noted(entry) for entry in self._following.ledger.about(name)]
        found.sort(key=lambda one: (one.event.opened.time, one.event.set, one.event.key))
        return tuple(found)

    def _noted(self, entry: Entry) -> Noted:
        ends = self._following.ends(entry)
        facts = (
            entry.kind, entry.set_name, entry.key, entry.severity, entry.certain, entry.expected,
            frozenset(entry.present), frozenset(entry.missing), frozenset(entry.having),
            frozenset(entry.lacking), len(entry.paths), len(entry.notes), ends,
        )  # fmt: skip
        known = self._last.get(id(entry))
        if known is not None and known[0] == facts and known[1] is entry:
            return known[2]
        noted = Noted(entry.event(entry.opened.time, self._following.ledger.order), ends)
        self._last[id(entry)] = facts, entry, noted
        return noted
